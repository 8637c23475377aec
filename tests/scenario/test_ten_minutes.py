# SPDX-License-Identifier: Apache-2.0
"""Ten minutes without a break: nothing is missing between segments, and slots are given back only under a receipt."""

import pytest

from sealdock import clock
from sealdock.archive import sessions
from sealdock.cli.base import Env
from sealdock.home import Home
from sealdock.station import Station
from sealproto import codes, records
from sealsim import reel
from sealsim.demo.narrator import Narrator
from sealsim.demo.story import Story
from sealsim.recorder import RECORD

MINUTES = 10


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory, micropython: object) -> list[records.Record]:
    """All records of a recorder that was enrolled, recorded for ten minutes, and docked."""
    try:
        with Story(tmp_path_factory.mktemp("ten"), reel.default(), Narrator(Env())) as story:
            story.set_up_station()
            story.enrol()
            story.check_out()
            story.recorder.press(RECORD, 200)
            story.recorder.run_for(MINUTES * 60_000)
            story.stop_and_dock()
            with Station.open(Home(story.home), write=False) as station:
                session = sessions.sessions(station.archive)[0]
                return sessions.records(station.archive, session)
    finally:
        clock.use(None)


def test_no_gap_between_segments(chain: list[records.Record]) -> None:
    segments = [r.fields for r in chain if r.type == records.SEGMENT]
    frames = samples = 0
    for number, fields in enumerate(segments):
        assert (fields["number"], fields["first_frame"], fields["first_sample"]) == (number, frames, samples)
        assert (fields["lost_frames"], fields["lost_samples"]) == (0, 0)
        frames += fields["frames"]
        samples += fields["samples"]
    assert len(segments) >= MINUTES * 12
    assert abs(samples / 16000 - MINUTES * 60) < 1
    assert abs(frames / 15 - MINUTES * 60) < 1


def test_no_interruption_and_the_key_changed_in_time(chain: list[records.Record]) -> None:
    names = [r.name for r in chain]
    stops = [r.fields["fact"] for r in chain if r.type == records.INTERRUPT and r.fields]
    assert stops == [codes.FACT_STOP_PRESSED] and "fault" not in names
    opened = next(r for r in chain if r.type == records.SESSION_OPEN)
    closed = next(r for r in chain if r.type == records.SESSION_CLOSE)
    rotations = [r for r in chain if r.type == records.ROTATE_KEY and opened.seq < r.seq <= closed.seq + 1]
    assert rotations, "a key may serve ten minutes"
    assert closed.fields["segments"] == sum(1 for r in chain if r.type == records.SEGMENT)
