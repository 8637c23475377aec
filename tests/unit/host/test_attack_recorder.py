# SPDX-License-Identifier: Apache-2.0
"""A recorder that was enrolled and has turned hostile: it may ruin its own evidence and nobody else's."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from line_double import LineDouble, Media
from recorder_double import RecorderDouble
from stations import StationBureau, make_builder, make_home, record_story
from tests.chainbuilder import ChainBuilder

from sealdock import enrol
from sealdock.archive import media, sessions
from sealdock.chain import ChainError
from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.package.archived import gather
from sealdock.station import Station
from sealdock.sync import branches, run_sync
from sealdock.sync.branches import Refused
from sealdock.sync.dock import Dock, Gone, Status
from sealdock.sync.line import LineDock
from sealproto import channel
from sealproto import records as rec
from sealproto.channel import media_head


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path)


@pytest.fixture
def victim(home: Home) -> ChainBuilder:
    made = make_builder(home)
    record_story(made)
    return made


@pytest.fixture
def station(home: Home, victim: ChainBuilder) -> Iterator[Station]:
    with Station.open(home, write=True) as opened:
        run_sync(opened, RecorderDouble(victim))
        yield opened


def session_of(builder: ChainBuilder) -> bytes:
    opened = next(record for record in map(rec.Record, builder.records) if record.type == rec.SESSION_OPEN)
    assert opened.fields
    session: bytes = opened.fields["session"]
    return session


def hostile(home: Home) -> ChainBuilder:
    made = make_builder(home)
    made.boot()
    return made


def test_another_recorders_session_id_changes_nothing_of_that_session(home: Home, victim: ChainBuilder, station: Station) -> None:
    session = session_of(victim)
    before = sessions.find(station.archive, session.hex())
    with_media = len(gather(station, before, victim.utc).media)
    station.close()
    thief = hostile(home)
    thief.session, thief.part, thief.number, thief.frames, thief.samples = session, 40, 0, 0, 0
    thief.record(rec.SESSION_OPEN, activity=1, order=1, **thief._common())
    thief.segment(b"not of that session" * 1000)
    thief.record(rec.SESSION_CLOSE, session=session, parts=1, segments=1, frames=1, samples=1, fact=11, cause=16)
    with Station.open(home, write=True) as again:
        run_sync(again, RecorderDouble(thief))
        assert sessions.find(again.archive, session.hex()) == before
        assert len(gather(again, before, victim.utc).media) == with_media
        assert all(s.chain == victim.chain for s in media.segments(again.archive, chain=victim.chain, session=session))
        told = again.archive.db.execute("SELECT code FROM alarm WHERE chain = ?", (thief.chain,)).fetchall()
        assert [row["code"] for row in told] == ["session-taken"]
        assert list(again.archive.records(thief.chain)) == thief.records


def test_a_recorder_speaks_of_its_own_chain_only(home: Home, victim: ChainBuilder, station: Station) -> None:
    """Else it could show another one's old head, and have that one refused as rolled back."""
    station.close()
    thief = hostile(home)
    with LineDouble(thief) as line, Station.open(home, write=True) as again:
        line.recorder.claims = victim.chain
        with enrol.dock(again, line.url) as client, pytest.raises(SealdockError, match="another one's chain"):
            run_sync(again, LineDock(client))
        known = again.archive.recorder(victim.chain)
        assert known is not None and known.alarm is None


@pytest.mark.parametrize("what", ["boot", "segment", "activity"])
def test_numbers_beyond_63_bits_are_refused_in_one_line(home: Home, what: str) -> None:
    thief = hostile(home)
    if what == "boot":
        thief.boot_number = 2**64 - 1
        thief.mark_outside()
    else:
        thief.open_session(activity=2**64 - 1 if what == "activity" else 1)
        thief.segment(b"x" * 100, number=2**63)
    with Station.open(home, write=True) as station, pytest.raises((ChainError, Refused), match="no recorder counts up to"):
        run_sync(station, RecorderDouble(thief))


@pytest.mark.parametrize("name", ["", "x" * 65, "\x1b[2Jboard", "board\r\nrecorder 1: fine", "\u202eboard"])
def test_a_board_whose_name_steers_a_terminal_is_not_enrolled(home: Home, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = rec.body

    def named(record_type: int, **values: object) -> dict:
        return real(record_type, **({**values, "board": name} if record_type == rec.GENESIS else values))

    monkeypatch.setattr(rec, "body", named)
    builder = ChainBuilder(StationBureau(home))
    with LineDouble(builder, enrolled=False) as line, Station.open(home, write=True) as station:
        with pytest.raises(SealdockError, match="no plain name"):
            enrol.enrol(station, line.url, lambda: line.recorder.heard or "")
        assert station.archive.recorders() == []


def test_a_clock_set_to_no_calendars_time_keeps_no_record_out(home: Home) -> None:
    """A hostile station set it; the next one must still be able to take what was recorded."""
    builder = hostile(home)
    now, builder.utc = builder.utc, 2**64 - 10_000_000
    builder.mark_outside()
    builder.utc = now
    with Station.open(home, write=True) as station:
        run_sync(station, RecorderDouble(builder))
        assert list(station.archive.records(builder.chain)) == builder.records


class Silent(RecorderDouble):
    """Names a head and shows none of the records that lead to it."""

    shows = 0

    def records(self, first: int, last: int) -> Sequence[bytes]:
        if first >= self.shows:
            raise Gone("not held")
        return super().records(first, last)


def alarms(station: Station, chain: bytes) -> list[tuple[str, int]]:
    """Code and bytes of evidence of each alarm about a recorder."""
    rows = station.archive.db.execute("SELECT code, evidence FROM alarm WHERE chain = ?", (chain,)).fetchall()
    return [(row["code"], (station.archive.folder / row["evidence"]).stat().st_size) for row in rows]


def refused(station: Station, dock: Dock, chain: bytes) -> None:
    with pytest.raises(Refused):
        run_sync(station, dock)
    recorder = station.archive.recorder(chain)
    assert recorder is not None and recorder.alarm


@pytest.mark.parametrize("first", [0, 1 << 40])
def test_a_head_that_contradicts_is_an_alarm_though_nothing_more_is_shown(victim: ChainBuilder, station: Station, first: int) -> None:
    victim.records[-1] = victim.records[-2]
    double = Silent(victim)
    double.first = first
    refused(station, double, victim.chain)
    assert alarms(station, victim.chain) == [("altered", 0)]


def test_a_recorder_that_was_rolled_back_is_an_alarm_though_nothing_more_is_shown(victim: ChainBuilder, station: Station) -> None:
    del victim.records[-2:]
    refused(station, Silent(victim), victim.chain)
    assert alarms(station, victim.chain) == [("rolled-back", 0)]


def test_a_record_that_does_not_follow_is_an_alarm_though_those_before_are_not_shown(victim: ChainBuilder, station: Station) -> None:
    class Late(RecorderDouble):
        def records(self, first: int, last: int) -> Sequence[bytes]:
            if first < last:
                raise Gone("not held")
            return self.builder.records[0:1]

    victim.mark_outside()
    refused(station, Late(victim), victim.chain)
    assert [code for code, _ in alarms(station, victim.chain)] == ["altered"]


def test_the_evidence_of_a_fork_has_an_end(victim: ChainBuilder, station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hostile recorder could name a head that no disk holds the way to."""
    monkeypatch.setattr(branches, "_EVIDENCE_BYTES", 4000)

    class Endless(RecorderDouble):
        def status(self) -> Status:
            return Status(victim.chain, 1 << 62, bytes(32))

        def records(self, first: int, last: int) -> Sequence[bytes]:
            return [victim.records[1]] if first else [victim.records[0]]

    refused(station, Endless(victim), victim.chain)
    assert [size < 5000 for _, size in alarms(station, victim.chain)] == [True]
    assert branches._fetch(Endless(victim), 1, 1 << 62) == [victim.records[1]] * -(-4000 // len(victim.records[1]))


def test_a_tail_without_end_breaks_the_link(home: Home) -> None:
    """What the station asked for is all that it keeps in memory."""
    thief = hostile(home)
    thief.open_session()
    thief.tail(b"t" * 40_000)
    thief.reboot(60_000)
    thief.tail_found()
    thief.close()
    with LineDouble(thief) as line, Station.open(home, write=True) as station:
        honest = line.recorder._tail

        def flood(fields: dict, send: Media) -> dict:
            answer = honest(fields, send)
            sector, leaf = thief.tail_leaves[0]
            send(media_head(channel.TAIL, fields["slot"], len(thief.tail_leaves)) + sector + leaf)
            return answer

        line.recorder._tail = flood  # type: ignore[method-assign]
        with enrol.dock(station, line.url) as client, pytest.raises(SealdockError, match="a leaf out of turn"):
            run_sync(station, LineDock(client))
