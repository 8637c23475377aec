# SPDX-License-Identifier: Apache-2.0
"""Disks of few bytes, which need no root: a real file system where the machine allows it, and everywhere a quota on the size of files.

>>> with SmallDisk(folder) as disk:
...     disk.grow(20_000)
...     seal("--home", folder, "sync", "--port", url, inside=disk.inside)
"""

import shutil
import subprocess
from pathlib import Path

_MAKE = 'mount -t tmpfs tmpfs "$1" && echo ready && exec sleep infinity'
_UNSHARE = ("unshare", "--user", "--map-root-user", "--mount")


def possible() -> bool:
    """Whether this machine allows such namespaces; some containers do not."""
    try:
        return subprocess.run([*_UNSHARE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


class SmallDisk:
    """A tmpfs in a user and mount namespace of its own, holding a copy of a folder and full.

    It is mounted on the folder for commands that run `inside`; `path` is where others see it.
    """

    exit_code = 4

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._holder = subprocess.Popen([*_UNSHARE, "sh", "-c", _MAKE, "sh", str(folder)], stdout=subprocess.PIPE, text=True)
        assert self._holder.stdout and self._holder.stdout.readline() == "ready\n"
        self.path = Path(f"/proc/{self._holder.pid}/root{folder}")
        self.inside = ("nsenter", "--target", str(self._holder.pid), "--user", "--mount", "--preserve-credentials", "--wd=/")
        shutil.copytree(folder, self.path, dirs_exist_ok=True)
        out = subprocess.run([*self.inside, "df", "--output=used", "-B1", str(folder)], capture_output=True, text=True, check=True)
        self._size = int(out.stdout.split()[-1])

    def __enter__(self) -> "SmallDisk":
        return self

    def __exit__(self, *_: object) -> None:
        self._holder.kill()
        self._holder.communicate()

    def grow(self, more: int) -> None:
        self._size += more
        subprocess.run([*self.inside, "mount", "-o", f"remount,size={self._size}", str(self._folder)], check=True)


class Quota:
    """No file may become longer than this: the system's words and exit code 1, since making room would not help."""

    exit_code = 1

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self._most = 0

    def __enter__(self) -> "Quota":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def inside(self) -> tuple[str, ...]:
        return ("prlimit", f"--fsize={self._most}")

    def grow(self, more: int) -> None:
        self._most += more


def kinds() -> list[type[SmallDisk] | type[Quota]]:
    """What this machine has."""
    return [SmallDisk, Quota] if possible() else [Quota]
