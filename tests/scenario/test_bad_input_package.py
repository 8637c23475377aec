# SPDX-License-Identifier: Apache-2.0
"""Packages, folders, fingerprints and profiles that are not what they should be: one line or a verdict, and its exit code."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sealdock.home import Home
from sealdock.station import Station

from .dockside import Dockside, Done, seal, tree

APPROVAL = ("--act", "export", "--by", "enforcement_body_head", "--reason", "case", "--written")


@pytest.fixture(scope="module")
def home(docked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station that took a session."""
    folder = tmp_path_factory.mktemp("package") / "table"
    shutil.copytree(docked, folder)
    with Dockside(folder) as table:
        table.sync()
        return table.home


@pytest.fixture(scope="module")
def session(home: Path) -> str:
    return str(seal("--home", home, "--json", "list").values[0]["session"])


@pytest.fixture(scope="module")
def root(home: Path) -> str:
    with Station.open(Home(home)) as station:
        return station.trust.fingerprint


@pytest.fixture(scope="module")
def refused_before_approval(home: Path, session: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, list[Path]]:
    """An export without an approval, and what it left."""
    folder = tmp_path_factory.mktemp("early")
    return seal("--home", home, "export", session, "--out", folder / "package"), list(folder.iterdir())


@pytest.fixture(scope="module")
def package(home: Path, session: str, refused_before_approval: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert seal("--home", home, "approve", session, *APPROVAL).code == 0
    out = tmp_path_factory.mktemp("case") / "package"
    assert seal("--home", home, "export", session, "--out", out).code == 0
    return out


@pytest.fixture
def copy(package: Path, tmp_path: Path) -> Path:
    shutil.copytree(package, tmp_path / "copy", copy_function=os.link)
    return tmp_path / "copy"


def test_export_without_an_approval(refused_before_approval: tuple[Done, list[Path]]) -> None:
    done, left = refused_before_approval
    assert (done.code, len(done.errors), done.out, left) == (5, 1, "", [])
    assert "first run: sealdock approve" in done.err


def test_export_over_something(home: Path, session: str, package: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for out in (package, tmp_path / "file", tmp_path / "link", tmp_path):
        before = tree(tmp_path), tree(package), tree(home)
        done = seal("--home", home, "export", session, "--out", out)
        assert (done.code, len(done.errors)) == (1, 1) and "never written over anything" in done.err
        assert (tree(tmp_path), tree(package), tree(home)) == before


def test_sessions_that_are_not_there(home: Path, tmp_path: Path) -> None:
    for command in (("show",), ("approve", *APPROVAL), ("export", "--out", tmp_path / "out"), ("verify",)):
        done = seal("--home", home, command[0], "00112233", *command[1:])
        assert (done.code, len(done.errors)) == (1, 1) and "no session begins with" in done.err
    assert list(tmp_path.iterdir()) == []


def lose(copy: Path) -> None:
    (copy / "media" / "000003.mkv").unlink()


def lose_records(copy: Path) -> None:
    (copy / "records.cbor").unlink()


def lose_manifest(copy: Path) -> None:
    (copy / "manifest.cbor").unlink()


def add(copy: Path) -> None:
    (copy / "media" / "000099.mkv").write_bytes((copy / "media" / "000003.mkv").read_bytes())


def add_hidden(copy: Path) -> None:
    (copy / ".note").write_text("x")


def add_folder(copy: Path) -> None:
    (copy / "more").mkdir()
    (copy / "more" / "letter.txt").write_text("x")


def change(copy: Path) -> None:
    path = copy / "media" / "000003.mkv"
    data = bytearray(path.read_bytes())
    data[70_000] ^= 1
    path.unlink()
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lose, "media/000003.mkv"),
        (lose_records, "records.cbor"),
        (lose_manifest, "manifest.cbor"),
        (add, "media/000099.mkv"),
        (add_hidden, ".note"),
        (add_folder, "more/letter.txt"),
        (change, "65536-81920"),
    ],
)
def test_changed_packages(copy: Path, root: str, edit: Callable[[Path], None], says: str) -> None:
    edit(copy)
    done = seal("verify", copy, "--root", root)
    assert done.code == 3 and done.err == "" and done.out.startswith("Not authentic"), done
    assert says in done.out


def test_the_package_that_nobody_changed(package: Path, copy: Path, root: str) -> None:
    """The positive control; also from a path with spaces and Chinese characters, with no station anywhere."""
    assert seal("verify", copy, "--root", root).code == 0
    other = copy.with_name("案 件 case")
    copy.rename(other)
    done = seal("--home", other / "none", "--json", "verify", other, "--root", root)
    assert (done.code, done.values[-1]["total"], done.values[-1]["simulated"]) == (0, "authentic", True)


def strange_things(folder: Path) -> Iterator[Path]:
    (folder / "letter.txt").write_text("not a package")
    yield folder / "letter.txt"
    (folder / "empty").mkdir()
    yield folder / "empty"
    (folder / "media").mkdir()
    (folder / "media" / "holiday.mkv").write_bytes(b"x" * 1000)
    yield folder
    os.mkfifo(folder / "pipe")
    yield folder / "pipe"
    yield Path("/dev/null")
    yield Path("/dev/zero")


def test_what_is_no_package(root: str, tmp_path: Path) -> None:
    for target in strange_things(tmp_path):
        done = seal("verify", target, "--root", root, limit=10)
        assert done.code == 3 and done.err == "" and "no case package" in done.out, (target, done)


def test_a_link_in_a_package(copy: Path, root: str) -> None:
    """It might point out of the package: not followed."""
    (copy / "media" / "000003.mkv").rename(copy.parent / "elsewhere.mkv")
    (copy / "media" / "000003.mkv").symlink_to(copy.parent / "elsewhere.mkv")
    done = seal("verify", copy, "--root", root)
    assert done.code == 3 and "media/000003.mkv is a link or device" in done.out


def test_a_package_that_is_not_there(root: str, tmp_path: Path) -> None:
    done = seal("verify", tmp_path / "none", "--root", root)
    assert (done.code, len(done.errors)) == (1, 1) and str(tmp_path / "none") in done.err


def test_wrong_roots(package: Path, root: str) -> None:
    done = seal("--json", "verify", package, "--root", "ab" * 32)
    assert (done.code, done.values[-1]["total"], done.values[-1]["key"]) == (3, "not-authentic", "untrusted")
    done = seal("--json", "verify", package)
    assert (done.code, done.values[-1]["total"]) == (3, "unverified-origin")
    for malformed in ("", "12", "zz" * 32, "ab" * 33, root[:-1]):
        done = seal("verify", package, "--root", malformed)
        assert (done.code, len(done.errors), done.out) == (2, 1, "") and "64 hex digits" in done.err, done


def test_wrong_profiles_and_an_occupied_home(home: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("id = [")
    (tmp_path / "foreign.toml").write_text('title = "something else"\n')
    (tmp_path / "binary.toml").write_bytes(bytes(range(256)))
    for profile in ("atlantis", "../luoping", "", *(tmp_path / f"{name}.toml" for name in ("broken", "foreign", "binary", "absent"))):
        done = seal("--home", tmp_path / "home", "station", "init", "--profile", profile)
        assert (done.code, len(done.errors), done.out) == (1, 1, ""), done
        assert not (tmp_path / "home").exists()
    before = tree(home)
    done = seal("--home", home, "station", "init", "--profile", "luoping")
    assert (done.code, len(done.errors)) == (1, 1) and "already holds a station; nothing was changed" in done.err
    assert tree(home) == before
    before = tree(tmp_path)
    done = seal("--home", tmp_path, "station", "init", "--profile", "luoping")
    assert (done.code, len(done.errors)) == (1, 1) and "is not an empty folder; nothing was changed" in done.err
    assert tree(tmp_path) == before
