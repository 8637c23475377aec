# SPDX-License-Identifier: Apache-2.0
"""Packages as folders and zip files: read strictly, written whole, and anything else refused in one clear line."""

import os
import struct
import zipfile
from pathlib import Path

import pytest
from tests.packages import Made

from sealdock.errors import SealdockError
from sealdock.package import canonical_zip
from sealdock.package.write import refuse_overwriting, write_package, write_zip
from sealdock.report import render
from sealdock.verify import Verdict, verify
from sealdock.verify.container import Folder


def lay_out(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def made() -> Made:
    return Made().story()


@pytest.fixture
def package(made: Made, tmp_path: Path) -> Path:
    return lay_out(tmp_path / "案件 package", made.files())


@pytest.fixture
def zipped(made: Made, package: Path, tmp_path: Path) -> Path:
    out = tmp_path / "package.zip"
    write_zip(package, out)
    return out


def test_folder_and_zip_give_the_same_verdict(made: Made, package: Path, zipped: Path) -> None:
    folder, archive = verify(package, made.root), verify(zipped, made.root.hex(":"))
    assert folder.total == archive.total == "authentic-with-explained-gaps"
    assert folder.findings == archive.findings


def test_ordinary_tools_open_the_zip(zipped: Path, package: Path) -> None:
    with zipfile.ZipFile(zipped) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == dict(Folder(package).items())


def test_two_zips_of_a_package_are_equal(package: Path, tmp_path: Path) -> None:
    write_zip(package, tmp_path / "a.zip")
    write_zip(package, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_any_byte_of_the_zip(made: Made, zipped: Path, tmp_path: Path) -> None:
    """Also those that no checksum of a member covers: times, attributes, the directory at the end."""
    data = zipped.read_bytes()
    directory = len(data) - 1500
    spots = [*range(0, 60), *range(60, directory, len(data) // 40), *range(directory, len(data), 9), len(data) - 1]
    for at in spots:
        changed = bytearray(data)
        changed[at] ^= 1 << at % 8
        path = tmp_path / "changed.zip"
        path.write_bytes(bytes(changed))
        assert not verify(path, made.root).good, at


@pytest.mark.parametrize("edit", ["appended", "prepended", "cut", "compressed", "commented", "doubled"])
def test_other_zips_of_the_same_files(made: Made, zipped: Path, tmp_path: Path, edit: str) -> None:
    data = zipped.read_bytes()
    path = tmp_path / "other.zip"
    if edit in ("appended", "prepended", "cut"):
        path.write_bytes({"appended": data + b"\0", "prepended": b"\0" + data, "cut": data[:-1]}[edit])
    else:
        kind = zipfile.ZIP_DEFLATED if edit == "compressed" else zipfile.ZIP_STORED
        with zipfile.ZipFile(path, "w", kind) as archive:
            for name, content in made.files().items():
                archive.writestr(name, content)
            if edit == "commented":
                archive.comment = b"hello"
            if edit == "doubled":
                with pytest.warns(UserWarning):
                    archive.writestr("report.html", b"second")
    assert not verify(path, made.root).good


@pytest.mark.parametrize("offset", [-1000, 2**31, 2**63 + 5])
def test_a_directory_that_points_outside_of_the_zip(made: Made, zipped: Path, offset: int) -> None:
    """At what no seek accepts, which `zipfile` would tell only to whoever reads."""
    zipped.write_bytes(pointing(zipped.read_bytes(), offset))
    verdict = verify(zipped, made.root)
    assert (verdict.good, [finding.code for finding in verdict.findings]) == (False, ["not-a-package"])


def pointing(data: bytes, offset: int) -> bytes:
    """The zip with another place for its first member (ZIP64 where 32 bits are too few), or for all where it is before the file."""
    *about, size, at, comment = struct.unpack("<4s4H2IH", data[-22:])
    if offset < 0:
        return data[:-22] + struct.pack("<4s4H2IH", *about, size, at - offset, comment)
    entry = bytearray(data[at:-22])
    entry[42:46] = struct.pack("<I", min(offset, 0xFFFFFFFF))
    if offset > 0xFFFFFFFF:
        name = 46 + int.from_bytes(entry[28:30], "little")
        entry[30:32] = struct.pack("<H", 12)
        entry[name:name] = struct.pack("<HHQ", 1, 8, offset)
    return data[:at] + bytes(entry) + struct.pack("<4s4H2IH", *about, len(entry), at, comment)


def test_first_difference_is_named(zipped: Path, package: Path) -> None:
    assert canonical_zip.first_difference(zipped, Folder(package)) is None
    data = bytearray(zipped.read_bytes())
    data[10] ^= 1  # a time in the first member's header
    zipped.write_bytes(bytes(data))
    assert canonical_zip.first_difference(zipped, Folder(package)) == (0, canonical_zip.local_size("certificates.cbor"))


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + bytes(100), b"PK\x05\x06" + bytes(18), os.urandom(5000)])
def test_file_that_is_no_package(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "thing"
    path.write_bytes(content)
    verdict = verify(path, bytes(32))
    assert verdict.total == "unreadable" and not verdict.good
    assert [f.code for f in verdict.findings] == ["not-a-package"]
    assert "\n" not in verdict.findings[0].text


def test_folder_that_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "some.txt").write_text("x")
    assert verify(tmp_path, bytes(32)).total == "unreadable"


def test_links_are_not_followed(made: Made, package: Path) -> None:
    (package / "report.html").unlink()
    (package / "report.html").symlink_to("manifest.cbor")
    assert verify(package, made.root).total == "unreadable"


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(SealdockError, match="cannot read"):
        verify(tmp_path / "absent", bytes(32))


def test_fingerprint_that_is_none(package: Path) -> None:
    with pytest.raises(SealdockError, match="64 hex digits"):
        verify(package, "12 34")


# Writing


def write(made: Made, out: Path, **changed: object) -> Verdict:
    values: dict = {"render": render, "release": lambda manifest: None, **changed}
    return write_package(made.case(), out, made.bureau.station, made.builder.utc, made.root, **values)


def test_written_package_verifies_and_holds_its_report(made: Made, tmp_path: Path) -> None:
    told: list[bytes] = []
    out = tmp_path / "new" / "package"
    verdict = write(made, out, release=told.append)
    assert verdict.total == verify(out, made.root).total == "authentic-with-explained-gaps"
    assert told == [(out / "manifest.cbor").read_bytes()]
    assert "真实" in (out / "report.html").read_text(encoding="utf-8")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["package"]


def test_package_is_never_written_over_anything(made: Made, tmp_path: Path) -> None:
    out = tmp_path / "package"
    out.mkdir()
    refuse_overwriting(out)  # an empty folder is nothing
    (out / "mine").write_text("x")
    with pytest.raises(SealdockError, match="never written over"):
        write(made, out)
    assert [path.name for path in out.iterdir()] == ["mine"]
    (tmp_path / "file.zip").write_text("x")
    with pytest.raises(SealdockError, match="never written over"):
        write_zip(out, tmp_path / "file.zip")


class Broken(Exception):
    """What goes wrong in the test."""


def fail(*_: object) -> bytes:
    raise Broken


@pytest.mark.parametrize("where", ["render", "release", "progress"])
def test_nothing_half_written_stays(made: Made, tmp_path: Path, where: str) -> None:
    with pytest.raises(Broken):
        write(made, tmp_path / "package", **{where: fail})
    assert list(tmp_path.iterdir()) == []
