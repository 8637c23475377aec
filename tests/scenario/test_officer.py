# SPDX-License-Identifier: Apache-2.0
"""What an officer does with three buttons and no screen, on a real recorder: what is signed for it, and that it lasts over power cuts."""

from collections.abc import Callable

import pytest

from sealcam.officer import choices, machine
from sealdock import profile, setup
from sealdock.errors import SealdockError
from sealproto import clips, codes, profile_keys
from sealproto import records as rec
from sealsim.recorder import MARK, MENU, RECORD, Recorder
from tests.scenario import test_dock
from tests.scenario.test_recorder_faults import HONEST, Officer, judged, of, place

SECOND = 8000  # bytes of a clip

__all__ = ["place"]  # a fixture


@pytest.fixture
def under(place: Callable[[], Officer], monkeypatch: pytest.MonkeyPatch) -> Callable[..., "Buttons"]:
    """An officer of that bureau with an enrolled recorder that was checked out."""
    init = setup.init

    def make(name: str, clip_bytes: int = test_dock.CLIP_BYTES) -> "Buttons":
        monkeypatch.setattr(test_dock, "CLIP_BYTES", clip_bytes)
        monkeypatch.setattr(setup, "init", lambda home, _: init(home, name))
        return Buttons(place(), name)

    return make


class Buttons:
    """Works the menus by the recorder's own tables of what they offer."""

    def __init__(self, officer: Officer, name: str) -> None:
        self.officer = officer
        self.recorder: Recorder = officer.recorder
        self.rules = profile_keys.read(profile.compile(profile.load(name)))

    def main(self, state: int, item: int, **situation: bool) -> None:
        """Opens the main menu and takes an item."""
        flags = {"secret": False, "absent": False, "owed": False, **situation}
        self._take(1 + choices.main(state, self.rules, **flags).index(item))

    def inner(self, offered: bytes, code: int) -> None:
        """Takes an item of a menu that another one, or a stop, has opened."""
        self._take(offered.index(code))

    def _take(self, steps: int) -> None:
        for _ in range(steps):
            self.recorder.press(MENU, 200)
            self.recorder.run_for(400)
        self.recorder.press(MARK, 200)
        self.recorder.run_for(800)


def test_reasons_reports_and_marks_by_ear(under: Callable[..., Buttons]) -> None:
    """Luoping: activity and content points by menu; stopped for the weather, reported, resumed with the reason, ended."""
    officer = under("luoping")
    own = officer.rules
    officer.main(machine.IDLE, clips.ITEM_ACTIVITY)
    officer.inner(choices.activities(own), codes.ACTIVITY_MAJOR_CASE)
    officer.officer.press(12_000)
    officer.main(machine.RECORDING, clips.ITEM_MARK)
    officer.inner(choices.marks(own), codes.MARK_ID_SHOWN)
    officer.main(machine.RECORDING, clips.ITEM_SECRECY)
    officer.main(machine.RECORDING, clips.ITEM_SECRECY_ENDS, secret=True)
    officer.main(machine.RECORDING, clips.ITEM_PERSONS_JOINED)
    officer.recorder.run_for(3000)
    officer.officer.press(3000)
    officer.inner(choices.stop_causes(own, False, False), codes.CAUSE_BAD_WEATHER)
    officer.recorder.power_cut()
    officer.recorder.start()
    officer.recorder.run_for(2000)
    officer.officer.press(12_000)
    officer.main(machine.RECORDING, clips.ITEM_REPORTED)
    officer.inner(choices.roles(own), codes.ROLE_DEPUTY_HEAD_ENFORCEMENT)
    officer.officer.press(3000)
    officer.inner(choices.stop_causes(own, False, False), codes.CAUSE_ENFORCEMENT_ENDED)
    found = officer.officer.take()
    (opened,), (closed,) = of(found, rec.SESSION_OPEN), of(found, rec.SESSION_CLOSE)
    assert opened["activity"] == codes.ACTIVITY_MAJOR_CASE
    assert (closed["fact"], closed["cause"]) == (codes.FACT_STOP_PRESSED, codes.CAUSE_ENFORCEMENT_ENDED)
    marks = [(fields["code"], fields["role"]) for fields in of(found, rec.MARK)]
    assert marks == [
        (codes.MARK_ID_SHOWN, None), (codes.MARK_SECRET_BEGINS, None), (codes.MARK_SECRET_ENDS, None), (codes.MARK_PERSONS_JOINED, None),
        (codes.MARK_REPORTED, codes.ROLE_DEPUTY_HEAD_ENFORCEMENT),
    ]  # fmt: skip
    (note,), (resume,) = of(found, rec.REASON_NOTE), of(found, rec.RESUME)
    assert (note["cause"], note["stated_by"]) == (codes.CAUSE_BAD_WEATHER, codes.STATED_BY_OFFICER_MENU)
    assert resume["cause"] == codes.CAUSE_BAD_WEATHER
    told = [fields["occasion"] for fields in of(found, rec.ANNOUNCE) if fields["wording"] != rec.ZERO_HASH]
    assert told == [codes.OCCASION_FIRST, codes.OCCASION_REPEAT, codes.OCCASION_RESUME]
    (codes_found,) = judged(found)
    assert set(codes_found) <= HONEST and codes_found["gap-explained"] == 1


def test_a_question_nobody_answers_is_signed_even_over_a_power_cut(under: Callable[..., Buttons]) -> None:
    officer = under("dalian-ftz")
    officer.officer.press(8000)
    officer.officer.press(5000)
    officer.recorder.power_cut()
    officer.recorder.start()
    officer.recorder.run_for(70_000)
    officer.officer.press(8000)  # by then a new session
    officer.officer.press(70_000)
    found = officer.officer.take()
    assert len(of(found, rec.SESSION_OPEN)) == 2
    assert [fields["cause"] for fields in of(found, rec.SESSION_CLOSE)] == [codes.CAUSE_NOT_STATED] * 2
    assert [fields["stated_by"] for fields in of(found, rec.REASON_NOTE)] == [codes.STATED_BY_DEVICE] * 2
    assert all(set(codes_found) <= HONEST for codes_found in judged(found))


def test_nothing_is_recorded_in_an_explosive_area_and_that_is_signed(under: Callable[..., Buttons]) -> None:
    """DL15(1): entered before and after; in between the recorder is switched off."""
    officer = under("dalian-ftz")
    reason = codes.REASON_EXPLOSIVE_AREA_NO_EX_DEVICE
    officer.recorder.press(MARK, 2000)
    officer.recorder.run_for(2500)
    officer.inner(choices.no_record(officer.rules, False), reason)
    officer.recorder.press(MARK, 200)  # begins now
    officer.recorder.run_for(1000)
    officer.recorder.power_cut()
    officer.recorder.world.run_until(officer.recorder.world.now_ms + 1_800_000)
    officer.recorder.start()
    officer.recorder.run_for(2000)
    officer.main(machine.IDLE, clips.ITEM_NO_RECORD_ENDS, absent=True)
    begins, ends = of(officer.officer.take(), rec.NO_RECORD)
    assert (begins["reason"], begins["moment"], begins["basis"]) == (reason, rec.NO_RECORD_BEGINS, "DL15(1)")
    assert (ends["reason"], ends["moment"], ends["start_utc"]) == (reason, rec.NO_RECORD_ENDED, begins["start_utc"])
    assert ends["end_utc"] - begins["start_utc"] >= 1_800_000


def test_an_urgent_start_records_at_once_and_asks_why(under: Callable[..., Buttons]) -> None:
    """Caofeidian tells beforehand; holding record starts now, tells while recording, and wants it explained."""
    officer = under("caofeidian", 4 * SECOND)
    officer.recorder.press(RECORD, 1800)
    officer.recorder.run_for(5000)
    officer.recorder.press(MARK, 200)  # the officer has said why
    officer.recorder.run_for(3000)
    officer.officer.press(3000)
    officer.recorder.press(MARK, 200)
    officer.recorder.run_for(2000)
    found = officer.officer.take()
    (opened,) = of(found, rec.SESSION_OPEN)
    assert opened["mode"] & rec.MODE_URGENT and opened["order"] == codes.ORDER_RECORD_FIRST
    (said,) = [fields for fields in of(found, rec.MARK) if fields["code"] == codes.MARK_REASON_SPOKEN]
    assert said["samples"] > 16_000
    told = [(fields["complete"], fields["first_sample"]) for fields in of(found, rec.ANNOUNCE) if fields["wording"] != rec.ZERO_HASH]
    assert told[0] == (False, None) and told[1] == (True, 0)  # cut short before, whole as the first sound
    officer.main(machine.IDLE, clips.ITEM_FORECAST)  # nothing is owed any more, so the menu has no item for the term
    said = [event["details"][0] for event in officer.recorder.events if event.name == "trace" and event["what"] == "say"]
    assert said[-1].startswith(f"{clips.FORECAST} ")


def test_a_start_can_be_cancelled_while_people_are_told(under: Callable[..., Buttons]) -> None:
    officer = under("caofeidian", 4 * SECOND)
    officer.recorder.press(RECORD, 200)
    officer.recorder.run_for(800)
    officer.recorder.press(RECORD, 200)
    officer.recorder.run_for(5000)
    found = officer.officer.take()
    assert not of(found, rec.SESSION_OPEN) and not of(found, rec.SEGMENT)
    (told,) = of(found, rec.ANNOUNCE)
    assert told["session"] is None and not told["complete"]


def test_a_fault_takes_the_recorder_out_of_use_until_it_is_checked_out_again(under: Callable[..., Buttons]) -> None:
    """WS20."""
    officer = under("wenshang")
    officer.officer.press(8000)
    officer.recorder.op("microphone", fault="lost")
    officer.recorder.run_for(4000)
    officer.recorder.op("microphone", fault=None)
    officer.officer.press(4000)
    officer.recorder.power_cut()
    officer.recorder.start()
    officer.recorder.run_for(2000)
    officer.officer.press(4000)
    assert officer.recorder.op("look")["lights"] == [0, 2, 2]
    officer.main(machine.WITHDRAWN, clips.ITEM_REPORTED, owed=True)
    officer.inner(choices.roles(officer.rules), codes.ROLE_OFFICE)
    with pytest.raises(SealdockError, match="out of use"):
        officer.officer.bench.assign()
    officer.officer.bench.assign(released_by="office")
    officer.recorder.run_for(6000)
    officer.officer.press(8000)
    officer.officer.press(3000)
    found = officer.officer.take()
    fault = next(fields for fields in of(found, rec.FAULT) if not fields["healed"])
    assert fault["part"] == codes.FACT_SENSOR_LOST
    assert len(of(found, rec.SESSION_OPEN)) == 2  # not one while it was out of use
    (mark,) = of(found, rec.MARK)
    assert (mark["code"], mark["role"]) == (codes.MARK_REPORTED, codes.ROLE_OFFICE)
    assert all(set(codes_found) <= HONEST for codes_found in judged(found))
