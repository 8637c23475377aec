# SPDX-License-Identifier: Apache-2.0
"""A rack's slot numbers, and what it does about plugs that come, fail and go. Many real recorders: tests/faults/campaign_rack.py."""

import threading
import time
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from stations import make_home

from sealdock import text
from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.link import LinkLost
from sealdock.rack import watch
from sealdock.rack.board import Board, Slot
from sealdock.rack.places import Place, clear, slot_of
from sealdock.rack.watch import Rack
from sealdock.station import Station
from sealdock.sync import Result


@pytest.fixture
def hubs(tmp_path: Path) -> Path:
    """A sixteen-port rack on port 1: a hub of four ports with a hub of four on each; and a hub of seven on port 2."""
    for name, count in (("1-1", 4), ("1-1.1", 4), ("1-1.4", 4), ("1-2", 7)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "maxchild").write_text(f"{count}\n")
    return tmp_path


@pytest.mark.parametrize(
    ("location", "slot"),
    [
        ("1-1.1.1:1.0", "1"),
        ("1-1.1.4:1.0", "4"),
        ("1-1.4.2:1.0", "14"),
        ("1-1.4.4", "16"),
        ("1-2.7", "7"),
        ("1-3", "3"),
        ("1-1.3.2:1.0", "3.2"),  # a hub that says nothing of itself
        ("1-1.1.9:1.0", "1.9"),  # more than it says
        ("", ""),
        ("PCI0", ""),
    ],
)
def test_slot_numbers_follow_from_the_hub(hubs: Path, location: str, slot: str) -> None:
    assert slot_of(location, hubs) == slot


def test_two_racks_are_told_apart() -> None:
    found = [Place("/dev/a", "7", "1-1.7"), Place("/dev/b", "7", "1-2.7"), Place("/dev/c", "8", "1-2.8")]
    assert [place.slot for place in clear(found)] == ["1-1.7", "1-2.7", "8"]


class Lines:
    """A printer that keeps what it is told."""

    json = True

    def __init__(self) -> None:
        self.console = Console()
        self.values: list[dict[str, Any]] = []

    def print(self, line: str, value: Any) -> None:
        self.values.append({**value, "line": line})

    def events(self, port: str) -> list[str]:
        return [value["event"] for value in self.values if value["port"] == port]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path)


def test_plugs_come_fail_and_go(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken link is tried again, a strange device is named once, a replugged recorder is taken anew; all at once."""
    for name, seconds in (("LOOK_S", 0.01), ("LOST_S", 0.02), ("FAILED_S", 0.02), ("AGAIN_S", 60.0)):
        monkeypatch.setattr(watch, name, seconds)
    text.use("zh")
    together = threading.Barrier(2, timeout=5)
    tries: dict[str, int] = {}
    here = [Place(url, str(n), "") for n, url in enumerate(("good", "other", "flaky", "gps"), 1)]

    def sync(station: Station, url: str, slot: Slot) -> Result:
        tries[url] = tries.get(url, 0) + 1
        if url in ("good", "other") and tries[url] == 1:
            together.wait()  # neither ends before both have begun
        if url == "gps":
            raise SealdockError("not a recorder")
        if url == "flaky" and tries[url] < 3:
            raise LinkLost("broke")
        slot.begin("media", 10)
        slot.advance("media", 10)
        slot.end("media")
        return Result(b"c" * 32, receipt=1, problems=[])

    lines = Lines()
    taken = {"records": 1, "segments": 1, "bytes": 1, "counter": 1}
    rack = Rack(home, Board(lines), lambda: here, sync, lambda station, slot, result: slot.note("synced", **taken))
    thread = threading.Thread(target=rack.run)
    thread.start()
    try:
        wait(lambda: tries.get("gps", 0) > 3 and "synced" in lines.events("flaky") and "synced" in lines.events("other"))
        with pytest.raises(SealdockError, match="另一个"):
            Station.open(home, write=True)  # one process writes
        here[:] = here[1:]
        wait(lambda: lines.events("good")[-1] == "unplugged")
        here.append(Place("good", "1", ""))
        wait(lambda: lines.events("good").count("synced") == 2)
    finally:
        rack.stopping.set()
        thread.join(5)
        text.use("en")
    assert lines.events("flaky") == ["plugged", "lost", "lost", "media", "synced"]
    assert lines.events("gps") == ["plugged", "error"]
    assert tries["good"] == 2 and tries["other"] == 1
    Station.open(home, write=True).close()


def wait(until: Any) -> None:
    end = time.monotonic() + 10
    while not until():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_many_threads_share_one_log(home: Home) -> None:
    """Entries of all are there, each once, and every state that was stated is one of the log."""
    stated: list[tuple[int, bytes]] = []

    def work(station: Station, number: int) -> None:
        for turn in range(20):
            with station.log.lock:
                station.log.append(99, number, turn)
                stated.append((station.log.size, station.log.root))

    with Station.open(home, write=True) as station:
        before = station.log.size
        threads = [threading.Thread(target=work, args=(station, number)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert station.log.size == before + 160
        found = [station.log.entry(index)[1:] for index in range(before, station.log.size)]
    assert sorted(found) == [[number, turn] for number in range(8) for turn in range(20)]
    with Station.open(home) as again:
        assert again.log.size == before + 160
        assert dict(stated)[again.log.size] == again.log.root


def test_rule_and_unit_come_with_it() -> None:
    folder = resources.files("sealdock.rack")
    unit = (folder / "sealdock-rack.service").read_text(encoding="utf-8")
    rule = (folder / "70-sealdock-recorder.rules").read_text(encoding="utf-8")
    assert "sync --watch" in unit and 'SYSTEMD_WANTS}+="sealdock-rack.service"' in rule
    assert "ID_MM_DEVICE_IGNORE" in rule
