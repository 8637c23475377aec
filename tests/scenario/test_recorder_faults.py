# SPDX-License-Identifier: Apache-2.0
"""What breaks in the field, on a real recorder: nothing sealed is lost, every stop is signed, and the verifier can add it all up."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sealdock import setup
from sealdock.verify.rules.session import Session
from sealdock.verify.verdict import Findings
from sealproto import codes, profile_keys
from sealproto import records as rec
from sealsim.recorder import MARK, MENU, RECORD, WATCHDOG, Recorder
from tests.scenario import test_dock
from tests.scenario.test_dock import Bench

# What a session may be told of when things break: never that its numbers do not add up.
HONEST = {"tail-unsealed", "gap-explained", "gap-unexplained", "fault-noted", "media-lost", "session-open-ended", "left-unsealed"}


class Officer:
    """A bench with an enrolled recorder that was checked out."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.recorder: Recorder = bench.recorder
        bench.enrol()
        bench.assign()
        self.recorder.run_for(6000)  # the spoken check at check-out

    def press(self, then_ms: int) -> None:
        """The record button, and time passes."""
        self.recorder.press(RECORD, 300)
        self.recorder.run_for(then_ms)

    def take(self) -> list[rec.Record]:
        """All records, through the station; every sealed segment must have come too."""
        result = self.bench.sync()
        assert result.problems == []
        return self.bench.records()


@pytest.fixture
def place(tmp_path: Path, micropython: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Officer]]:
    """Makes an officer; ends the recorder with the test."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    made: list[Bench] = []

    def make() -> Officer:
        made.append(Bench(tmp_path))
        return Officer(made[0])

    yield make
    for bench in made:
        bench.recorder.close()


@pytest.fixture
def officer(place: Callable[[], Officer]) -> Officer:
    return place()


def of(found: list[rec.Record], kind: int) -> list[dict]:
    return [record.fields for record in found if record.type == kind and record.fields is not None]


def broken_off(found: list[rec.Record]) -> list[dict]:
    """Interruptions that were not a stop by hand."""
    return [fields for fields in of(found, rec.INTERRUPT) if fields["fact"] != codes.FACT_STOP_PRESSED]


def judged(found: list[rec.Record]) -> list[Counter]:
    """Codes of what the verifier says of each session, in order."""
    out = []
    for opened in of(found, rec.SESSION_OPEN):
        findings = Findings()
        session = Session(findings, opened["session"])
        for record in found:
            session.add(record)
        session.finish()
        out.append(Counter(item.code for item in findings.all))
    return out


def test_card_and_sensors_fail_and_recording_goes_on(officer: Officer) -> None:
    recorder = officer.recorder
    officer.press(12_000)
    recorder.remove_card()
    recorder.run_for(3000)
    recorder.insert_card()
    recorder.run_for(3000)
    for part, fault in (("card", "write"), ("microphone", "lost"), ("camera", "lost")):
        officer.press(12_000)
        recorder.op(part, fault=fault)
        recorder.run_for(4000)
        recorder.op(part, fault=None)
        recorder.run_for(2000)
    officer.press(12_000)
    recorder.op("card", lie="flip")
    recorder.run_for(4000)
    recorder.op("card", lie=None)
    officer.press(12_000)
    officer.press(3000)
    found = officer.take()
    (opened,) = of(found, rec.SESSION_OPEN)
    checked = {item: (passed, value) for item, passed, value in opened["check"]}
    assert checked[profile_keys.CHECK_BATTERY][0] and checked[profile_keys.CHECK_BATTERY][1] > 4000  # mV; the verifier looks for both
    assert checked[profile_keys.CHECK_STORAGE][0] and 20 < checked[profile_keys.CHECK_STORAGE][1] < 40
    facts = [fields["fact"] for fields in broken_off(found)]
    card = codes.FACT_CARD_FAILING
    assert facts == [codes.FACT_CARD_REMOVED, card, codes.FACT_SENSOR_LOST, codes.FACT_SENSOR_LOST, card]
    assert len(of(found, rec.TAIL_FOUND)) == 2  # a card that fails to write can still be read
    (codes_found,) = judged(found)
    assert set(codes_found) <= HONEST and codes_found["gap-explained"] == 5


def test_a_watchdog_restart_is_told_with_its_length(officer: Officer) -> None:
    officer.press(12_300)
    officer.recorder.restart(WATCHDOG)
    officer.recorder.run_for(60_000)
    officer.press(8000)
    officer.press(3000)
    found = officer.take()
    (interrupt,), (resume,) = broken_off(found), of(found, rec.RESUME)
    assert (interrupt["fact"], interrupt["cause"], interrupt["at_next_boot"]) == (
        codes.FACT_WATCHDOG_RESTART, codes.CAUSE_DEVICE_FAULT, True,
    )  # fmt: skip
    assert 60_000 <= resume["length_ms"] < 62_000 and resume["from_utc"] is not None
    assert set(judged(found)[0]) <= HONEST


def test_nobody_is_recorded_before_being_told(place: Callable[[], Officer], monkeypatch: pytest.MonkeyPatch) -> None:
    """Caofeidian asks for notice beforehand: told with the sensors off, then again as the first sound."""
    init = setup.init
    monkeypatch.setattr(setup, "init", lambda home, _: init(home, "caofeidian"))
    monkeypatch.setattr(test_dock, "CLIP_BYTES", 32_000)  # four seconds, longer than the microphone's buffer
    officer = place()
    officer.press(22_000)
    officer.press(3000)
    found = officer.take()
    first, again = of(found, rec.ANNOUNCE)
    assert first["complete"] and first["first_sample"] is None
    assert again["complete"] and again["first_sample"] == 0
    segments = of(found, rec.SEGMENT)
    assert segments[0]["start_ms"] >= first["end_ms"]
    assert sum(fields["lost_samples"] + fields["lost_frames"] for fields in segments) == 0


def test_a_broken_gauge_or_speaker_is_signed_once(officer: Officer) -> None:
    recorder = officer.recorder
    recorder.op("battery", fault=True)
    recorder.run_for(60_000)
    recorder.op("battery", fault=False)
    recorder.op("speaker", fault="error")
    officer.press(12_000)
    recorder.press(MENU, 2000)
    recorder.run_for(4000)
    officer.press(3000)
    recorder.op("speaker", fault=None)
    found = officer.take()
    assert [fields["code"] for fields in of(found, rec.FAULT)] == [2, 4]
    announced = of(found, rec.ANNOUNCE)
    assert announced and not any(fields["complete"] for fields in announced)
    assert len(of(found, rec.SEGMENT)) >= 3


def test_flash_that_refuses_stops_recording_and_the_next_boot_says_so(officer: Officer) -> None:
    recorder = officer.recorder
    officer.press(7300)
    recorder.op("flash", fault="write")
    recorder.run_for(12_000)
    assert recorder.op("look")["lights"] == [0, 3, 3]  # latched
    recorder.power_cut()
    recorder.start()
    recorder.run_for(3000)
    officer.press(8000)
    officer.press(3000)
    found = officer.take()
    assert [fields["at_next_boot"] for fields in broken_off(found)] == [True]
    assert len(of(found, rec.TAIL_FOUND)) == 1
    assert set(judged(found)[0]) <= HONEST


def _strike(recorder: Recorder, dice: random.Random) -> None:
    """One thing that happens to a recorder in the field."""
    kind = dice.random()
    pause = dice.randrange(3000)
    if kind < 0.5:
        buttons = dice.choice([RECORD, MARK, MENU, RECORD, MARK, MENU, 3, 5, 6, 7])
        recorder.press(buttons, dice.choice([10, 25, 50, 200, 300, 1800]))
    elif kind < 0.62:
        part, fault = dice.choice([("card", "write"), ("microphone", "lost"), ("camera", "lost"), ("speaker", "error")])
        recorder.op(part, fault=fault)
        recorder.run_for(pause)
        recorder.op(part, fault=None)
    elif kind < 0.66:
        recorder.remove_card()
        recorder.run_for(pause)
        recorder.insert_card()
    elif kind < 0.70:
        recorder.power_cut()
        recorder.start()
    elif kind < 0.73:
        recorder.set_battery(3400)
        recorder.run_for(9000)
        recorder.set_battery(4100)
    elif kind < 0.76:
        recorder.op("microphone", drop=dice.randrange(9000))


@pytest.mark.parametrize("seed", [6, 7])
def test_whatever_happens_the_sessions_add_up(officer: Officer, seed: int) -> None:
    dice = random.Random(seed)
    recorder = officer.recorder
    for _ in range(100):
        _strike(recorder, dice)
        recorder.run_for(dice.randrange(9000))
    recorder.power_cut()  # whatever it was doing, it can be docked after this
    recorder.start()
    recorder.run_for(2000)
    found = officer.take()
    sessions = judged(found)
    assert len(sessions) >= 3 and len(of(found, rec.INTERRUPT)) >= 3
    assert [set(codes_found) - HONEST for codes_found in sessions] == [set()] * len(sessions)
