# SPDX-License-Identifier: Apache-2.0
"""A disk that fills up while a sync writes on it: one line, the right exit code, nothing half-written, and the next run carries on."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sealproto import records as rec

from .dockside import Dockside, archived, seal, tree, unfinished
from .small_disk import Quota, SmallDisk, kinds

KIB = 1024
STEPS = (4 * KIB, 4 * KIB, 24 * KIB, 100 * KIB, *[190 * KIB] * 15)  # by so much the disk grows before each run


@pytest.fixture
def table(docked: Path, tmp_path: Path) -> Iterator[Dockside]:
    shutil.copytree(docked, tmp_path / "table")
    with Dockside(tmp_path / "table") as made:
        yield made


def assert_whole(table: Dockside, home: Path) -> None:
    """The archive holds all records and media of the recorder, one receipt covers them, and nothing else lies about."""
    found = archived(home)
    types = [rec.Record(raw).type for name, raw in found.items() if name.startswith("record")]
    assert types.count(rec.RECEIPT) == 1
    assert sum(name.endswith(".seg") for name in found) == types.count(rec.SEGMENT) >= 8
    assert unfinished(home) == []
    status = table.recorder_status()
    assert (status["slots_used"], status["receipt"], status["head_seq"]) == (0, 1, len(types) - 1)


def assert_nothing_given_back(table: Dockside) -> None:
    status = table.recorder_status()
    assert status["slots_used"] >= 8 and status["receipt"] is None


@pytest.mark.parametrize("kind", kinds())
def test_a_disk_that_is_full_again_and_again(table: Dockside, kind: type[SmallDisk] | type[Quota], tmp_path: Path) -> None:
    """It grows a little after each run, so that the runs end in all phases of a sync."""
    with kind(table.home) as disk:
        full = grow_until_enough(table, disk)
        assert full >= 3
        shutil.copytree(disk.path, tmp_path / "result")
    assert_whole(table, tmp_path / "result")


def grow_until_enough(table: Dockside, disk: SmallDisk | Quota) -> int:
    """How many runs ended because the disk was full."""
    for run, step in enumerate(STEPS):
        disk.grow(step)
        done = table.seal("--json", "sync", "--port", table.url, inside=disk.inside)
        if done.code == 0:
            assert done.values[-1]["problems"] == []
            return run
        assert (done.code, len(done.errors)) == (disk.exit_code, 1), done
        assert ("the disk is full" in done.err) == (disk.exit_code == 4), done
        assert_nothing_given_back(table)
    raise AssertionError("the disk was never big enough")


@pytest.mark.parametrize("kind", kinds())
def test_no_room_for_a_station(kind: type[SmallDisk] | type[Quota], tmp_path: Path) -> None:
    """Nothing of it stays, no key either; without its prompts it is a station, and says what is missing."""
    home = tmp_path / "home"
    for room in (1 * KIB, 4 * KIB, 20 * KIB, 100 * KIB):
        folder = tmp_path / str(room)
        folder.mkdir()
        with kind(folder) as disk:
            disk.grow(room)
            done = seal("--home", folder / "home", "station", "init", "--profile", "luoping", inside=disk.inside)
            assert (done.code, len(done.errors), done.out) == (disk.exit_code, 1, ""), done
            assert list(disk.path.iterdir()) == []
    with kind(tmp_path) as disk:
        disk.grow(500 * KIB)
        done = seal("--home", home, "station", "init", "--profile", "luoping", inside=disk.inside)
        assert (done.code, len(done.errors)) == (4, 1) and "run: sealdock prompts build" in done.err, done
        assert (disk.path / "home" / "station").exists() and unfinished(disk.path / "home") == []
        disk.grow(8 * KIB * KIB)
        assert seal("--home", home, "prompts", "build", inside=disk.inside).code == 0


@pytest.mark.parametrize("kind", kinds())
def test_no_room_for_a_package(table: Dockside, kind: type[SmallDisk] | type[Quota], tmp_path: Path) -> None:
    table.sync()
    session = table.seal("--json", "list").values[0]["session"]
    by = ("--act", "export", "--by", "enforcement_body_head", "--reason", "case", "--written")
    assert table.seal("approve", session, *by).code == 0
    before = tree(table.home)
    folder = tmp_path / "out"
    folder.mkdir()
    with kind(folder) as disk:
        for more in (1 * KIB, 20 * KIB, 150 * KIB):
            disk.grow(more)
            done = table.seal("export", session, "--out", folder / "package", inside=disk.inside)
            assert (done.code, len(done.errors), done.out) == (disk.exit_code, 1, ""), done
            assert list(disk.path.iterdir()) == []
        assert tree(table.home) == before
        disk.grow(8 * KIB * KIB)
        assert table.seal("export", session, "--out", folder / "package", inside=disk.inside).code == 0
