# SPDX-License-Identifier: Apache-2.0
"""A real station and a real recorder, each in its own process, on two ends of a line: enrolment, check-out, recording, sync, receipt."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from sealdock import enrol, keys, setup, trust
from sealdock.archive import media
from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.link import LinkLost, RecorderError
from sealdock.station import Station, now_ms, read_sequence
from sealdock.sync import Result, run_sync
from sealdock.sync.line import LineDock
from sealdock.sync.objects import provision
from sealproto import clips, cose, messages, objects
from sealproto import records as rec
from sealsim import reel
from sealsim.hardware import MIB, Hardware
from sealsim.recorder import MENU, RECORD, Recorder

RATE = 16000
CLIPS = [*range(11), clips.ANNOUNCEMENT, clips.RECORDING_STARTED]
CLIP_BYTES = 4000  # half a second


def put_prompts(station: Station) -> None:
    """A small set of silent clips instead of a spoken one: here only the way of the bytes counts."""
    blob = b"".join(bytes([number % 256]) * CLIP_BYTES for number in CLIPS)
    rows = [[n, CLIP_BYTES * 2, CLIP_BYTES, sha256(bytes([n % 256]) * CLIP_BYTES).digest()[:16]] for n in CLIPS]
    signed = objects.make(
        cose.PROMPTS, station.key.kid, station.key.sign, profile=station.profile.id, rate=RATE, clips=rows, blob=sha256(blob).digest()
    )
    station.home.prompts_object.write_bytes(signed)
    station.home.prompts_blob.write_bytes(blob)


class Bench:
    """One station and one recorder on a table."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home")
        setup.init(self.home, "luoping")
        with self.station() as station:
            put_prompts(station)
        hardware = Hardware(card_bytes=64 * MIB, seed=7)
        self.recorder = Recorder.create(folder / "recorder", hardware, reel=reel.quiet())
        self.recorder.start()
        self.recorder.run_for(1000)
        self.url = self.recorder.plug()

    def station(self) -> Station:
        return Station.open(self.home, write=True)

    def digits(self, since: int = 0) -> str:
        heard = [e["details"][0] for e in self.recorder.events[since:] if e.name == "trace" and e["what"] == "digits"]
        return heard[-1]

    def hold_menu(self) -> None:
        self.recorder.press(MENU, 2500)
        self.recorder.run_for(4000)

    def ask(self) -> str:
        """The custodian hears the digits; the officer confirms."""
        self.recorder.wait_for("trace", 5, what="digits")
        self.recorder.press(RECORD, 300)
        return self.digits()

    def enrol(self, ask: Callable[[], str] | None = None) -> None:
        self.hold_menu()
        self.recorder.real()
        try:
            with self.station() as station:
                enrol.enrol(station, self.url, ask or self.ask)
        finally:
            self.recorder.gate()

    def assign(self, released_by: str | None = None) -> None:
        self.recorder.real()
        try:
            with self.station() as station:
                enrol.assign(station, self.url, 12, "officer", released_by)
        finally:
            self.recorder.gate()

    def record(self, ms: int) -> None:
        self.recorder.press(RECORD, 300)
        self.recorder.run_for(ms)
        self.recorder.press(RECORD, 300)
        self.recorder.run_for(3000)

    def sync(self) -> Result:
        self.recorder.real()
        try:
            with self.station() as station, enrol.dock(station, self.url) as client:
                result = run_sync(station, LineDock(client))
                provision(station, client)
                return result
        finally:
            self.recorder.gate()

    def status(self) -> dict:
        self.recorder.real()
        try:
            with self.station() as station, enrol.dock(station, self.url) as client:
                return client.request(messages.STATUS)
        finally:
            self.recorder.gate()

    def records(self) -> list[rec.Record]:
        with self.station() as station:
            (row,) = station.archive.recorders()
            return [rec.Record(raw) for raw in station.archive.records(row.chain)]


@pytest.fixture
def bench(tmp_path: Path, micropython: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    made = Bench(tmp_path)
    yield made
    made.recorder.close()


def types(found: list[rec.Record]) -> list[int]:
    return [record.type for record in found]


def test_from_enrolment_to_receipt(bench: Bench) -> None:
    bench.enrol()
    with bench.station() as station:
        (row,) = station.archive.recorders()
        expected = (sha256(station.profile_object).digest(), sha256(station.prompts[0]).digest() if station.prompts else None)
        assert row.simulated
    status = bench.status()
    assert status["enrolled"] and status["chain"] == row.chain and status["slots_used"] == 0
    assert (status["profile"], status["prompts"]) == expected
    assert status["utc"] is not None

    bench.assign()
    bench.record(17_000)
    result = bench.sync()
    assert (result.receipt, result.problems) == (1, [])
    assert result.segments >= 3

    found = bench.records()
    assert types(found)[:3] == [rec.GENESIS, rec.CLOCK_SET, rec.ASSIGN]
    assert found[-1].type == rec.RECEIPT
    opening = next(record for record in found if record.type == rec.SESSION_OPEN)
    assert opening.fields is not None
    assert (opening.fields["profile"], opening.fields["prompts"]) == expected
    assert len(opening.fields["wraps"][1]) == 2
    with bench.station() as station:
        for segment in media.segments(station.archive, chain=row.chain):
            assert segment.receipt == 1
            assert media.playable(station.archive, segment, station.recipient).startswith(b"\x1a\x45\xdf\xa3")
    status = bench.status()
    assert (status["slots_used"], status["receipt"]) == (0, 1)
    assert bench.sync().receipt in (None, 2)


def test_a_clock_that_went_wrong_is_measured_signed_and_set(bench: Bench) -> None:
    """What it showed stays in the chain; a difference that is small is noted and left alone."""
    bench.enrol()
    bench.sync()
    bench.recorder.op("clock", step_ms=400)
    bench.sync()
    assert types(bench.records()).count(rec.CLOCK_SET) == 1, "less than a second is no reason"
    bench.recorder.op("clock", step_ms=7000)
    bench.sync()
    bench.sync()
    first, second = (record for record in bench.records() if record.type == rec.CLOCK_SET)
    assert first.fields and second.fields
    gained = second.fields["before"] - second.fields["after"]
    assert 5000 < gained < 9000, "beside the step, its time stood still between the syncs"
    assert second.fields["uncertainty_ms"] < 1000
    elapsed = second.fields["after"] - first.fields["after"]
    assert abs(second.fields["drift_ppb"] - gained * 10**9 // elapsed) < 0.2 * abs(second.fields["drift_ppb"])
    with bench.station() as station:
        rows = station.archive.db.execute("SELECT * FROM clock ORDER BY utc").fetchall()
        assert second.fields["station"] == station.key.kid
    assert [row["was_set"] for row in rows][-2:] == [1, 0]
    assert abs(rows[-2]["offset"] - gained) <= rows[-2]["uncertainty"] + second.fields["uncertainty_ms"] + 50
    assert all(abs(row["offset"]) < 1000 for row in rows if not row["was_set"])


# What goes wrong


def test_wrong_digits_or_no_confirmation_leave_it_unenrolled(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong() -> str:
        return "000000" if bench.ask() != "000000" else "000001"

    with pytest.raises(SealdockError, match="digits differ"):
        bench.enrol(wrong)
    with pytest.raises(SealdockError, match="refuses this station"):
        bench.status()
    bench.recorder.restart()
    bench.recorder.run_for(1000)
    with pytest.raises(SealdockError, match="refuses this station"):
        bench.sync()
    bench.enrol()
    assert bench.status()["head_seq"] == 1


def test_nobody_enrols_a_recorder_whose_button_was_not_held(bench: Bench) -> None:
    bench.recorder.real()
    with bench.station() as station, pytest.raises(SealdockError, match="refuses this station"):
        enrol.enrol(station, bench.url, bench.ask)
    bench.recorder.gate()


def test_a_station_of_another_root_learns_nothing(bench: Bench, tmp_path: Path) -> None:
    bench.enrol()
    stranger = Home(tmp_path / "stranger")
    setup.init(stranger, "luoping")
    bench.recorder.real()
    with Station.open(stranger, write=True) as station, pytest.raises(SealdockError, match="refuses this station"):
        enrol.dock(station, bench.url)
    bench.recorder.gate()
    assert bench.status()["enrolled"]


def test_an_enrolment_whose_last_answer_was_lost_is_found_at_the_next_dock(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The recorder committed, then the cable was out before the station knew: the next sync makes it known."""

    def lost(*_: object) -> None:
        raise SealdockError("the station's power failed here")

    with monkeypatch.context() as cut:
        cut.setattr(enrol, "note", lost)
        with pytest.raises(SealdockError, match="power failed"):
            bench.enrol()
    with bench.station() as station:
        assert station.archive.recorders() == []
    assert bench.sync().receipt == 1
    assert types(bench.records())[:2] == [rec.GENESIS, rec.CLOCK_SET]
    assert bench.status()["profile"] is not None


def test_while_recording_only_status_time_and_records(bench: Bench) -> None:
    bench.enrol()
    bench.recorder.press(RECORD, 300)
    bench.recorder.run_for(7000)
    bench.recorder.real()
    with bench.station() as station, enrol.dock(station, bench.url) as client:
        status = client.request(messages.STATUS)
        assert status["session_open"] and client.request(messages.TIME)["utc"]
        records = list(client.records(0, status["head_seq"], 4096))
        assert len(records) == status["head_seq"] + 1
        sealed = next(seq for seq, raw in enumerate(records) if rec.Record(raw).type == rec.SEGMENT)
        for request, fields in (
            (messages.SET_CLOCK, {"utc": 0, "uncertainty_ms": 1, "drift_ppb": None}),
            (messages.LEAVES, {"segment": sealed, "first": 0, "count": 1}),
            (messages.PUT, {"kind": messages.PUT_PROFILE, "hash": bytes(32), "total": 9, "offset": 0, "data": b"x"}),
        ):
            with pytest.raises(RecorderError) as refusal:
                client.request(request, **fields)
            assert refusal.value.code == messages.NOT_NOW
    bench.recorder.gate()
    bench.recorder.press(RECORD, 300)
    bench.recorder.run_for(3000)
    assert bench.sync().problems == []


def test_a_cable_pulled_anywhere_and_a_battery_pulled_in_between(bench: Bench) -> None:
    """The transfer goes on at the next dock, also behind a reboot; the unsealed tail of the cut comes too."""
    bench.enrol()
    bench.assign()
    bench.recorder.press(RECORD, 300)
    bench.recorder.run_for(13_000)
    bench.recorder.power_cut()
    bench.recorder.start()
    bench.recorder.run_for(2000)
    bench.recorder.press(RECORD, 300)
    bench.recorder.run_for(8000)
    bench.recorder.press(RECORD, 300)
    bench.recorder.run_for(3000)
    for limit in (30_000, 120_000, 400_000):
        assert _sync_until(bench, limit), "the link broke"
        bench.recorder.power_cut()
        bench.recorder.start()
        bench.recorder.run_for(1000)
    result = bench.sync()
    assert result.problems == [] and result.receipt == 1
    found = bench.records()
    assert rec.TAIL_FOUND in types(found)
    with bench.station() as station:
        segments = media.segments(station.archive, chain=found[0].chain)
        assert all(segment.held and segment.receipt == 1 for segment in segments)
        assert [segment.sealed for segment in segments].count(False) == 1
    assert bench.status()["slots_used"] == 0


def _sync_until(bench: Bench, limit: int) -> bool:
    """A sync whose cable is pulled when the station has taken so many bytes; whether that is how it ended."""
    taken = 0
    bench.recorder.real()
    try:
        with bench.station() as station, enrol.dock(station, bench.url) as client:
            dock = LineDock(client)
            take = client.line.receive

            def receive(most: int, timeout_s: float | None = None, until: float | None = None) -> bytes:
                nonlocal taken
                if taken > limit:
                    bench.recorder.unplug()
                    for _ in range(2000):  # a pulled cable carries nothing more: what waits in the socket is lost
                        take(4096, 1.0)
                    raise AssertionError("the cable is still in")
                taken += most
                return take(most, timeout_s, until)

            client.line.receive = receive  # type: ignore[method-assign]
            run_sync(station, dock)
    except LinkLost:
        return True
    finally:
        bench.recorder.plug()
        bench.recorder.gate()
    return False


def test_a_second_station_of_the_bureau_goes_on_where_the_first_ended(bench: Bench, tmp_path: Path) -> None:
    bench.enrol()
    bench.record(8000)
    assert bench.sync().receipt == 1
    second = Home(tmp_path / "second")
    setup.init(second, "luoping")
    _join(bench.home, second)
    first = bench.home
    bench.record(8000)
    bench.home = second
    result = bench.sync()
    assert result.receipt == 2
    assert bench.status()["slots_used"] == 0
    bench.home = first
    bench.record(8000)
    assert bench.sync().receipt is not None
    assert bench.status()["slots_used"] == 0


def _join(first: Home, second: Home) -> None:
    """The bureau's root certifies a second station, which has the same recipients and profile signer."""
    root = keys.load_signing(first.root_key)
    station = keys.load_signing(second.station_key)
    since = now_ms() - 3_600_000
    own = trust.issue(root, objects.STATION, station.public, serial=99, valid_from=since, until=since + trust.YEAR_MS, name="second")
    old = [raw for raw in read_sequence(first.certificates) if trust.read_certificate(raw).role != objects.STATION]
    second.certificates.write_bytes(b"".join([*old, own]))
    for name in ("revocations", "recipient_key", "profile_object"):
        getattr(second, name).write_bytes(getattr(first, name).read_bytes())
