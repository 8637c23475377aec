# SPDX-License-Identifier: Apache-2.0
"""A sync that is broken off: the cable, the recorder's power, the station's process. The next run goes on where it broke."""

import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sealproto import records as rec

from .dockside import Dockside, Done, archived, seal, unfinished
from .strange import Bridge

RATE = 300_000  # bytes a second of the line, so that there is time to break it
# Bytes from the recorder after which a sync is broken off: in the handshake, in the first batch of records, in the second, in media.
IN_HANDSHAKE, IN_RECORDS, IN_MORE_RECORDS, IN_MEDIA = 300, 12_000, 38_000, 400_000
AGAIN = 40_000  # bytes that a next run repeats: its handshake, a batch of records or leaves that were under way, acknowledgements
SEGMENT = 190_000  # bytes of one on the line


@pytest.fixture
def table(docked: Path, tmp_path: Path) -> Iterator[Dockside]:
    shutil.copytree(docked, tmp_path / "table")
    with Dockside(tmp_path / "table") as made:
        made.recorder.line.up.rate = RATE
        yield made


@pytest.fixture(scope="module")
def whole(docked: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, bytes]]:
    """What a sync in one go takes: bytes from the recorder, and the archive behind it."""
    folder = tmp_path_factory.mktemp("whole") / "table"
    shutil.copytree(docked, folder)
    with Dockside(folder) as table:
        assert table.sync()["receipt"] == 1
        return table.recorder.line.up.passed, archived(table.home)


class Broken:
    """A sync that something happens to when so many bytes came. How it ended, and the bytes that came in all."""

    def __init__(self, table: Dockside, at: int, happens: Callable[[subprocess.Popen[str]], object], url: str = "") -> None:
        way = table.recorder.line.up
        before = way.passed
        with table.started("sync", "--port", url or table.url) as process:
            until = time.monotonic() + 20
            while way.passed - before < at:
                assert process.poll() is None and time.monotonic() < until
                time.sleep(0.002)
            happens(process)
            begun = time.monotonic()
            out, err = process.communicate(timeout=20)
            self.done = Done(process.returncode, out, err, time.monotonic() - begun)
        self.bytes = way.passed - before


def assert_lost(done: Done) -> None:
    assert done.code == 4 and len(done.errors) == 1 and "was lost; running this again carries on" in done.err, done
    assert done.seconds < 8


def assert_same(table: Dockside, whole: dict[str, bytes]) -> None:
    """As after one sync in one go, but for what docks themselves put on the chain."""
    found = archived(table.home)
    media = [name for name in whole if name.endswith(".seg")]
    assert len(media) >= 8 and all(found[name] == whole[name] for name in media)
    closed = max(name for name, raw in whole.items() if name.startswith("record") and rec.Record(raw).type == rec.SESSION_CLOSE)
    assert all(found[name] == raw for name, raw in whole.items() if name.startswith("record") and name <= closed)
    assert [rec.Record(raw).type for name, raw in found.items() if name.startswith("record")].count(rec.RECEIPT) == 1
    assert unfinished(table.home) == []


def test_cable_pulled_in_every_phase(table: Dockside, whole: tuple[int, dict[str, bytes]]) -> None:
    come = 0
    for at in (IN_HANDSHAKE, IN_MORE_RECORDS, IN_MEDIA):
        broken = Broken(table, at, lambda _: table.recorder.unplug())
        assert_lost(broken.done)
        table.recorder.plug()
        come += broken.bytes
    table.recorder.line.up.rate = None
    before = table.recorder.line.up.passed
    assert table.sync()["receipt"] == 1
    assert come + table.recorder.line.up.passed - before < whole[0] + 3 * AGAIN
    assert_same(table, whole[1])


def test_adapter_pulled_out_of_the_station(table: Dockside, whole: tuple[int, dict[str, bytes]]) -> None:
    """The serial device itself goes away: that is seen at once."""
    bridge = Bridge(table.url)
    bridge.__enter__()
    broken = Broken(table, IN_MEDIA, lambda _: bridge.__exit__(), bridge.path)
    assert_lost(broken.done)
    assert broken.done.seconds < 3
    table.recorder.line.up.rate = None
    before = table.recorder.line.up.passed
    table.sync()
    assert broken.bytes + table.recorder.line.up.passed - before < whole[0] + 2 * AGAIN
    assert_same(table, whole[1])


@pytest.mark.parametrize("at", [IN_MORE_RECORDS, IN_MEDIA])
def test_recorder_loses_its_power(table: Dockside, whole: tuple[int, dict[str, bytes]], at: int) -> None:
    """Nothing that was given is lost, and nothing is given twice."""
    broken = Broken(table, at, lambda _: table.recorder.power_cut())
    assert_lost(broken.done)
    table.recorder.start()
    table.recorder.run_for(1500)
    table.recorder.line.up.rate = None
    before = table.recorder.line.up.passed
    table.sync()
    assert broken.bytes + table.recorder.line.up.passed - before < whole[0] + 2 * AGAIN
    assert_same(table, whole[1])


@pytest.mark.parametrize("at", [IN_RECORDS, IN_MEDIA])
def test_station_killed(table: Dockside, whole: tuple[int, dict[str, bytes]], at: int) -> None:
    """No process that is killed can write what it holds: the leaves of one segment come again, at most."""
    broken = Broken(table, at, lambda process: process.send_signal(signal.SIGKILL))
    assert broken.done.code == -signal.SIGKILL
    table.recorder.line.up.rate = None
    before = table.recorder.line.up.passed
    table.sync()
    assert broken.bytes + table.recorder.line.up.passed - before < whole[0] + AGAIN + SEGMENT
    assert_same(table, whole[1])


def test_station_interrupted_by_its_user(table: Dockside, whole: tuple[int, dict[str, bytes]]) -> None:
    broken = Broken(table, IN_MEDIA, lambda process: process.send_signal(signal.SIGINT))
    assert broken.done.errors == ["sealdock: aborted"] and broken.done.code == 1
    table.recorder.line.up.rate = None
    assert table.sync()["receipt"] == 1
    assert_same(table, whole[1])


def test_two_syncs_at_once(table: Dockside) -> None:
    """The second is told so; the first is not disturbed."""
    with table.started("sync", "--port", table.url) as process:
        while table.recorder.line.up.passed < IN_MEDIA:
            time.sleep(0.01)
        second = seal("--home", table.home, "sync", "--port", table.url)
        assert (second.code, second.errors) == (1, [f"sealdock: another sealdock process is at work in {table.home}"])
        assert process.wait(20) == 0
