# SPDX-License-Identifier: Apache-2.0
"""Containers that want the verifier's memory or stack instead of its judgement: a few kilobytes on disk, tebibytes by their own word."""

import os
import struct
import zipfile
from pathlib import Path

import pytest
from tests.unit.verify.test_attack_verify import closed, short

from sealdock.package import canonical_zip
from sealdock.verify import container, verify
from sealdock.verify.container import Folder, Zip

NAME = b"records.cbor"


def refusal(path: Path) -> str:
    """Why it is no package; it must be said at once."""
    verdict = verify(path)
    assert verdict.total == "unreadable"
    return verdict.findings[-1].text


def hollow(path: Path, size: int) -> None:
    """A zip file with one member that is a hole of so many bytes."""
    long = struct.pack("<HHQQ", 1, 16, size, size)
    fields = (0, 0, 0, 0x21, 0, 0xFFFFFFFF, 0xFFFFFFFF, len(NAME), len(long))
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, *fields) + NAME + long
    directory = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 45, 45, *fields, 0, 0, 0, 0, 0) + NAME + long
    at = len(local) + size
    end = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 1, 1, len(directory), at)
    end += struct.pack("<IIQI", 0x07064B50, 0, at + len(directory), 1)
    end += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(directory), 0xFFFFFFFF, 0)
    with open(path, "wb") as file:
        file.write(local)
        file.seek(at)
        file.write(directory + end)


@pytest.mark.parametrize("size", [1 << 40, 3 << 30])
def test_a_zip_file_that_is_a_hole(tmp_path: Path, size: int) -> None:
    hollow(tmp_path / "p.zip", size)
    assert "larger than" in refusal(tmp_path / "p.zip")


def test_a_zip_file_whose_directory_is_a_hole(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    size = 3 << 30
    with open(path, "wb") as file:
        file.seek(size)
        file.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, size, 0, 0))
    assert "not a readable zip file" in refusal(path)


def test_a_zip_file_of_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_FILES", 2)
    canonical_zip.write(tmp_path / "p.zip", dict.fromkeys("abc", b""))
    assert "too many files" in refusal(tmp_path / "p.zip")


def test_a_hole_behind_a_good_zip_file_is_named_and_not_read(tmp_path: Path) -> None:
    """An archive's end may stand anywhere in the last 64 KiB, with a comment behind it."""
    made = short()
    path = tmp_path / "p.zip"
    canonical_zip.write(path, closed(made))
    size = path.stat().st_size
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"x" * 60_000
    verdict = verify(path, made.root)
    changed = [finding for finding in verdict.findings if finding.code == "container-changed"]
    assert changed and changed[0].bytes is not None and changed[0].bytes[1] <= size


def test_folders_within_folders(tmp_path: Path) -> None:
    (tmp_path / "manifest.cbor").write_bytes(b"\xa0")
    at = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(1500):
            os.mkdir("a")
            os.chdir("a")
    finally:
        os.chdir(at)
    assert "too deep" in refusal(tmp_path)
    for _ in range(1500):  # pytest's own clearing would fall over it
        deepest = tmp_path / "a"
        rest = deepest / "a"
        if rest.exists():
            os.rename(rest, tmp_path / "b")
            deepest.rmdir()
            os.rename(tmp_path / "b", deepest)


def test_asking_for_a_name_reads_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").write_bytes(b"a")
    canonical_zip.write(tmp_path / "p.zip", {"a": b"a"})
    folder, archive = Folder(tmp_path / "folder"), Zip(tmp_path / "p.zip")

    with pytest.raises(KeyError):
        folder["b"]

    def refuse(_: object, name: str) -> bytes:
        raise AssertionError(name)

    monkeypatch.setattr(Folder, "__getitem__", refuse)
    monkeypatch.setattr(Zip, "__getitem__", refuse)
    for held in (folder, archive):
        assert "a" in held and "b" not in held
