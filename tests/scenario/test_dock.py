# SPDX-License-Identifier: Apache-2.0
"""A real station and a real recorder, each in its own process, on two ends of a line: enrolment, check-out, recording, sync, receipt."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from sealdock import enrol, setup
from sealdock.archive import media
from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.link import RecorderError
from sealdock.station import Station
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
        cose.PROMPTS, station.key.kid, station.key.sign, profile="luoping", rate=RATE, clips=rows, blob=sha256(blob).digest()
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

    def assign(self) -> None:
        self.recorder.real()
        with self.station() as station:
            enrol.assign(station, self.url, 12, "officer")
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
