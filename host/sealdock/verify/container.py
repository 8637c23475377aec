# SPDX-License-Identifier: Apache-2.0
"""Where a package lies: a folder, or a zip file in its one canonical form.

Both give names and bytes, read one file at a time, so that hours of media need no memory.
"""

import io
import os
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from sealdock.errors import SealdockError
from sealdock.package import canonical_zip
from sealdock.text import say

MAX_FILES = 200_000
MAX_FILE_BYTES = 1 << 30  # records of a million events have less; whoever sends more wants memory, not judgement
_MAX_DEPTH = 8  # of folders; a package has one
_DIRECTORY_BYTES = 32 << 20  # of a zip file: that of MAX_FILES files is smaller


class NotAPackage(SealdockError):
    """What was given is there and readable, but holds no package."""


class Folder(Mapping[str, bytes]):
    """The files below a folder by their names with slashes. NotAPackage for links, devices, too many files and too deep folders."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._names = dict.fromkeys(sorted(self._walk()))

    def _walk(self) -> Iterator[str]:
        """Without recursion, which folders within folders could exhaust."""
        count = 0
        todo = [""]
        while todo:
            folder = todo.pop()
            for entry in os.scandir(self.root / folder):
                name = folder + entry.name
                count += 1
                if count > MAX_FILES or folder.count("/") > _MAX_DEPTH:
                    raise NotAPackage(say("package-deep"))
                if entry.is_dir(follow_symlinks=False):
                    todo.append(name + "/")
                elif entry.is_file(follow_symlinks=False):
                    yield name
                else:
                    raise NotAPackage(say("package-link", name=name))

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names:
            raise KeyError(name)
        try:
            with open(self.root / name, "rb") as file:
                data = file.read(MAX_FILE_BYTES + 1) if os.fstat(file.fileno()).st_size <= MAX_FILE_BYTES else None
            if data is None or len(data) > MAX_FILE_BYTES:
                raise NotAPackage(say("package-file-large", name=name))
            return data
        except OSError as error:
            raise SealdockError(say("cannot-read", path=self.root / name, why=error.strerror)) from error

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class _Sparing(io.FileIO):
    """A file of which nobody reads more at once than a package can have: what a zip file says of its own sizes is no reason to."""

    most = _DIRECTORY_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self.most:
            raise zipfile.BadZipFile("larger than any part of a package")
        return super().read(size) or b""


class Zip(Mapping[str, bytes]):
    """The members of a zip file. NotAPackage when it is none; first_difference() tells whether it is the canonical one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.stat().st_size > canonical_zip.MAX_BYTES + _DIRECTORY_BYTES:
            raise NotAPackage(say("package-zip-large"))
        file = _Sparing(path)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            file.close()
            raise NotAPackage(say("package-no-zip")) from None
        file.most = MAX_FILE_BYTES
        self._demand_inside(self._zip.infolist())
        self._demand_plain(self._zip.infolist())
        self._names = dict.fromkeys(sorted(self._zip.namelist()))

    def _demand_inside(self, listed: list[zipfile.ZipInfo]) -> None:
        """Offsets that no seek accepts are left by `zipfile` to whoever reads."""
        size = self.path.stat().st_size
        if any(not 0 <= info.header_offset < size for info in listed):
            raise NotAPackage(say("package-no-zip"))

    @staticmethod
    def _demand_plain(listed: list[zipfile.ZipInfo]) -> None:
        if len(listed) > MAX_FILES:
            raise NotAPackage(say("package-many"))
        if len({info.filename for info in listed}) != len(listed):
            raise NotAPackage(say("package-twice"))
        if any(info.compress_type != zipfile.ZIP_STORED for info in listed):
            raise NotAPackage(say("package-compressed"))
        large = next((info.filename for info in listed if info.file_size > MAX_FILE_BYTES), None)
        if large is not None:
            raise NotAPackage(say("package-file-large", name=large))

    def __getitem__(self, name: str) -> bytes:
        try:
            return self._zip.open(self._zip.getinfo(name)).read()
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
            return self._raw(name)

    def _raw(self, name: str) -> bytes:
        """The member's bytes although its checksum is wrong: the package's own hashes say better what is wrong with them."""
        info = self._zip.getinfo(name)
        with open(self.path, "rb") as file:
            file.seek(info.header_offset + canonical_zip.local_size(name))
            return file.read(min(info.file_size, self.path.stat().st_size))

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def first_difference(self) -> tuple[int, int] | None:
        """The first byte range that differs from the canonical zip of these members; None when there is none."""
        return canonical_zip.first_difference(self.path, self)


def open_container(path: Path) -> Folder | Zip:
    """The container at a path. SealdockError when there is nothing, NotAPackage when it is neither folder nor zip."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise SealdockError(say("cannot-read", path=path, why=error.strerror)) from error
    if stat.S_ISDIR(mode):
        return Folder(path)
    if not stat.S_ISREG(mode):  # a device or a pipe, which may never end
        raise NotAPackage(say("package-neither"))
    return Zip(path)
