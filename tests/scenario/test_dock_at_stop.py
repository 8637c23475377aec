# SPDX-License-Identifier: Apache-2.0
"""A stop beside the dock: whenever the cable comes in, the station finds the session closed; nobody has to answer a menu first."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sealdock import enrol
from sealdock.home import Home
from sealdock.station import Station
from sealdock.sync import run_sync
from sealdock.sync.line import LineDock
from sealproto import codes
from sealproto import records as rec
from sealsim.recorder import RECORD
from tests.scenario.dockside import Dockside


@pytest.fixture
def table(tmp_path: Path, micropython: Path) -> Iterator[Dockside]:
    with Dockside.create(tmp_path) as made:
        made.enrol()
        begin(made)
        yield made


def begin(table: Dockside) -> None:
    table.recorder.press(RECORD, 300)
    table.recorder.run_for(6000)


def ends(table: Dockside) -> list[rec.Record]:
    """What the archive holds of the sessions' ends."""
    with Station.open(Home(table.home)) as station:
        (row,) = station.archive.recorders()
        found = [rec.Record(raw) for raw in station.archive.records(row.chain)]
    return [record for record in found if record.type in (rec.INTERRUPT, rec.REASON_NOTE, rec.SESSION_CLOSE, rec.RESUME)]


def closed_unanswered(found: list[rec.Record]) -> bool:
    told = [(record.type, (record.fields or {})["cause"]) for record in found]
    return told == [(kind, codes.CAUSE_NOT_STATED) for kind in (rec.INTERRUPT, rec.REASON_NOTE, rec.SESSION_CLOSE)]


def test_a_cable_soon_after_the_stop(table: Dockside) -> None:
    for number, after_ms in enumerate((0, 20, 300, 5000)):
        if number:
            begin(table)
        table.recorder.press(RECORD, 300)
        table.recorder.run_for(after_ms)
        table.sync()
        found = ends(table)
        assert len(found) == 3 * (number + 1), after_ms
        assert closed_unanswered(found[-3:]), after_ms


def test_a_stop_while_the_cable_is_in(table: Dockside) -> None:
    recorder = table.recorder
    since = len(recorder.events)
    with table.real_time(), Station.open(Home(table.home), write=True) as station, enrol.dock(station, table.url) as client:
        for _ in range(2):  # a station arrives; then it is docked
            here = recorder.wait_for("trace", 5, since, what="event", details=["docked", "recording", "recording"])
            since = recorder.events.index(here) + 1
        recorder.press(RECORD, 300)
        recorder.wait_for("trace", 5, since, what="event", details=["docked", "interrupted", "idle"])
        assert run_sync(station, LineDock(client)).problems == []
    assert closed_unanswered(ends(table))


def test_a_sync_that_came_too_early_is_told_so_and_works_after_the_stop(table: Dockside) -> None:
    done = table.seal("sync", "--port", table.url)
    assert (done.code, done.errors) == (1, ["sealdock: the recorder is recording or busy; stop it and run this again"])
    table.recorder.press(RECORD, 300)
    table.sync()
    assert closed_unanswered(ends(table))
