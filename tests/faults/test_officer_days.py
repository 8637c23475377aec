# SPDX-License-Identifier: Apache-2.0
"""Days of an officer, one duty each, on the model of the campaign: what is signed, and what is said and what never."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from sealproto import clips, codes
from sealproto import records as rec

from .campaign_officer import check_records, check_state
from .officer_field import MARK, MENU, RECORD, Field, device

choices, machine = device.choices, device.machine


class Day(Field):
    """Remembers every sentence that the recorder was asked to say, and works menus by what they offer."""

    def _build(self) -> None:
        super()._build()
        self.said: list[int] = [] if not hasattr(self, "said") else self.said
        say = self.voice._queued
        self.voice._queued = lambda utterance: (self.said.extend(utterance.clips), say(utterance))[1]  # type: ignore[method-assign]

    def main(self, item: int) -> None:
        session = self.history.session
        offered = choices.main(
            self.state, self.rules, session is not None and session.secret, self.history.absent is not None, bool(self.history.owed)
        )
        self.take(1 + offered.index(item))

    def take(self, steps: int) -> None:
        for _ in range(steps):
            self.press(MENU, 60)
        self.press(MARK, 60)

    def stop(self, cause: int) -> None:
        self.press(RECORD, 60)
        self.take(choices.stop_causes(self.rules, self.recorder.key_stages, self.recorder.relaying.handed_over).index(cause))

    def of(self, kind: int) -> list[dict]:
        return [entry.fields for entry in self.chain if entry.type == kind and entry.fields is not None]

    def marks(self) -> list[int]:
        return [fields["code"] for fields in self.of(rec.MARK)]

    def told(self) -> list[tuple[int, bool]]:
        announced = [fields for fields in self.of(rec.ANNOUNCE) if clips.ANNOUNCEMENT in fields["clips"]]
        return [(fields["occasion"], fields["complete"]) for fields in announced]


@pytest.fixture
def day() -> Callable[..., Day]:
    return Day


def start(field: Day, ms: int = 30_000) -> None:
    field.press(RECORD, 60)
    field.wait(ms)
    check_state(field)


ENDED = codes.CAUSE_ENFORCEMENT_ENDED


def test_a_recorder_without_camera_never_says_that_it_films(day: Callable[..., Day]) -> None:
    field = day("luoping", camera=False)
    start(field)
    assert field.told() == [] and clips.ANNOUNCEMENT not in field.said and clips.ANNOUNCE_YOURSELF in field.said
    (refused,) = [fields for fields in field.of(rec.ANNOUNCE) if not fields["clips"]]
    assert refused["means"] == codes.MEANS_OFFICER_VOICE and not refused["complete"]
    assert field.marks() == [codes.MARK_ANNOUNCED_BY_OFFICER]
    check_records(field)


def test_where_telling_comes_first_the_officer_tells_before_anything_is_recorded(day: Callable[..., Day]) -> None:
    field = day("caofeidian", camera=False)
    field.press(RECORD, 60)
    field.wait(3000)
    assert field.state == machine.TELLING and not field.capture.running
    field.press(MARK, 60)
    field.wait(30_000)
    before = field.of(rec.ANNOUNCE)[0]
    assert before["means"] == codes.MEANS_OFFICER_VOICE and before["first_sample"] is None
    assert field.state == machine.RECORDING and field.told() == []
    check_records(field)


@pytest.mark.parametrize("camera", [True, False])  # without one an announcement that claims pictures is refused, and that is signed
def test_nothing_is_signed_between_the_opening_record_and_the_first_sound(day: Callable[..., Day], camera: bool) -> None:
    field = day("luoping", camera=camera)
    start(field)
    field.press(RECORD, 60)  # stops, and resumes while it is asked why
    start(field)
    assert field.capture.begun_after == [rec.SESSION_OPEN, rec.RESUME]


def test_an_urgent_start_takes_sound_before_it_signs_what_was_told(day: Callable[..., Day]) -> None:
    field = day("caofeidian")
    field.press(RECORD, 1700)
    assert field.state == machine.RECORDING and field.capture.begun_after == [rec.SESSION_OPEN]
    at = [entry.type for entry in field.chain].index(rec.SESSION_OPEN)
    opened, told = field.chain[at : at + 2]
    assert (opened.name, told.name) == ("session-open", "announce")
    assert told.fields["session"] == opened.fields["session"] and told.fields["first_sample"] is None
    field.wait(30_000)
    check_records(field)


def test_what_was_told_is_signed_also_when_the_first_sound_never_comes(day: Callable[..., Day], monkeypatch: pytest.MonkeyPatch) -> None:
    field = day("caofeidian")

    def lost() -> None:
        raise device.SensorLost("lost")

    monkeypatch.setattr(field.capture, "turn", lost)
    field.press(RECORD, 1700)
    assert [entry.name for entry in field.chain[-3:]] == ["session-open", "announce", "interrupt"]
    assert field.chain[-1].fields["fact"] == codes.FACT_SENSOR_LOST and not field.capture.running


def test_a_session_of_key_stages_is_not_called_whole(day: Callable[..., Day], monkeypatch: pytest.MonkeyPatch) -> None:
    field = day("luoping")
    monkeypatch.setattr(field.recorder, "key_stages", True)
    start(field)
    assert field.told() == [] and field.marks() == [codes.MARK_ANNOUNCED_BY_OFFICER]
    assert field.of(rec.SESSION_OPEN)[0]["mode"] & rec.MODE_KEY_STAGES


def test_key_stages_pause_and_go_on_in_the_same_mode(day: Callable[..., Day]) -> None:
    field = day("changchun")
    field.main(clips.ITEM_KEY_STAGES)
    start(field)
    field.press(RECORD, 60)
    field.press(MARK, 60)  # the first item is the pause
    field.power_cut()
    field.press(RECORD, 60)
    field.wait(20_000)
    field.stop(ENDED)
    (resume,) = field.of(rec.RESUME)
    assert resume["mode"] & rec.MODE_KEY_STAGES and resume["cause"] == codes.CAUSE_KEY_STAGE_PAUSE
    assert not field.recorder.key_stages  # the next session is whole again
    check_records(field)


def test_prompts_that_are_not_fit_are_signed_and_not_played(day: Callable[..., Day]) -> None:
    field = day("luoping")
    field.unfit = True
    start(field)
    assert field.told() == [] and [fields["code"] for fields in field.of(rec.FAULT)] == [device.faults.PROMPTS]
    check_records(field)


@pytest.mark.parametrize("cause", [codes.CAUSE_OBSTRUCTION])
def test_the_recorder_accuses_nobody(day: Callable[..., Day], cause: int) -> None:
    field = day("luoping")
    start(field)
    field.stop(cause)
    field.said.clear()
    field.press(RECORD, 60)
    field.wait(60_000)
    assert clips.CAUSE_BASE + cause not in field.said and clips.FACT_BASE + codes.FACT_STOP_PRESSED in field.said
    assert field.of(rec.RESUME)[0]["cause"] == cause and codes.MARK_REASON_SPOKEN in field.marks()
    check_records(field)


def test_an_activity_that_calls_for_telling_is_told_when_it_is_chosen(day: Callable[..., Day]) -> None:
    """WS18: penalty, coercion, questioning."""
    field = day("wenshang")
    start(field)
    assert field.told() == []
    field.main(clips.ITEM_ACTIVITY)
    field.take(choices.activities(field.rules).index(codes.ACTIVITY_QUESTIONING))
    field.wait(20_000)
    assert field.told() == [(codes.OCCASION_FIRST, True)]
    (mark,) = field.of(rec.MARK)
    assert (mark["code"], mark["activity"]) == (codes.MARK_ACTIVITY_BEGINS, codes.ACTIVITY_QUESTIONING)


def test_chosen_before_it_is_told_before(day: Callable[..., Day]) -> None:
    field = day("wenshang")
    field.main(clips.ITEM_ACTIVITY)
    field.take(choices.activities(field.rules).index(codes.ACTIVITY_QUESTIONING))
    start(field)
    assert field.told() == [(codes.OCCASION_FIRST, True), (codes.OCCASION_REPEAT, True)]
    assert field.of(rec.SESSION_OPEN)[0]["activity"] == codes.ACTIVITY_QUESTIONING


def test_stopping_at_one_place_is_warned_of(day: Callable[..., Day]) -> None:
    """DL14(4)."""
    field = day("dalian-ftz")
    start(field)
    field.press(RECORD, 60)
    assert clips.SAME_PLACE_STOP in field.said
    field.wait(70_000)
    (note,) = field.of(rec.REASON_NOTE)
    assert (note["cause"], note["stated_by"]) == (codes.CAUSE_NOT_STATED, codes.STATED_BY_DEVICE)
    assert field.state == machine.IDLE


def test_newcomers_are_remembered_by_a_buzz(day: Callable[..., Day]) -> None:
    field = day("luoping")
    buzzes: list[tuple[int, int]] = []
    field.board.vibrator = SimpleNamespace(buzz=lambda ms: buzzes.append((field.now, ms)))
    start(field, 500_000)
    field.press(MENU, 1600)  # announced again: the time begins anew
    again = field.now
    field.wait(700_000)
    reminders = [at for at, ms in buzzes if ms == 150]
    assert len(reminders) == 1 and 590_000 < reminders[0] - again < 610_000


def test_a_hand_over_carries_one_number_in_both_chains(day: Callable[..., Day]) -> None:
    giver, taker = day("changchun"), day("changchun")
    start(giver)
    giver.main(clips.ITEM_RELAY_OUT)
    (out,) = giver.of(rec.HANDOVER_OUT)
    taker.main(clips.ITEM_RELAY_IN)
    assert taker.state == machine.RECORDING  # recording does not wait for the number
    for digit in out["token"][:4]:
        taker.take(choices.RELAY_DIGITS.index(digit - 48))
    (taken,) = taker.of(rec.HANDOVER_IN)
    assert taken["token"] == out["token"] != rec.NO_TOKEN
    giver.press(RECORD, 60)
    giver.press(MARK, 60)  # the first reason is the relay
    assert giver.of(rec.REASON_NOTE)[0]["cause"] == codes.CAUSE_RELAY


def test_a_take_over_without_a_number_is_signed_as_that(day: Callable[..., Day]) -> None:
    field = day("luoping")
    field.main(clips.ITEM_RELAY_IN)
    field.wait(90_000)
    assert field.of(rec.HANDOVER_IN)[0]["token"] == rec.NO_TOKEN
    assert field.told() == [(codes.OCCASION_RELAY_IN, True)]


def test_flash_that_fills_is_told_apart_from_a_full_card(day: Callable[..., Day]) -> None:
    field = day("luoping")
    start(field)
    field.post(machine.FLASH_LOW)
    assert field.of(rec.INTERRUPT)[0]["measured"] == {rec.MEASURED_FREE_SLOTS: 100, rec.MEASURED_ERROR: 28}


def test_a_session_that_cannot_go_on_says_to_whom_it_is_reported(day: Callable[..., Day]) -> None:
    field = day("luoping")
    start(field)
    field.card_in = False
    field.post(machine.CARD_REMOVED)
    field.press(RECORD, 60)
    assert field.state == machine.INTERRUPTED and clips.CANNOT_CONTINUE in field.said
    field.main(clips.ITEM_CANNOT_CONTINUE)
    field.main(clips.ITEM_REPORTED)
    field.press(MARK, 60)
    field.press(MARK, 1600)
    (entry,), (closed,) = field.of(rec.NO_RECORD), field.of(rec.SESSION_CLOSE)
    assert entry["reason"] == codes.REASON_CANNOT_CONTINUE and entry["session"] == closed["session"]
    assert field.of(rec.MARK)[-1]["role"] == codes.ROLE_DEPUTY_HEAD_ENFORCEMENT
    check_records(field)


def silent(*_: object) -> None:
    raise OSError(5)


def test_a_card_that_fails_beside_a_silent_switch_interrupts_all_the_same(day: Callable[..., Day]) -> None:
    field = day("luoping")
    start(field)
    field.board.card = SimpleNamespace(present=silent)
    field.recorder.starting.failed(OSError(5))
    field.wait(1000)
    (interrupt,) = field.of(rec.INTERRUPT)
    assert interrupt["fact"] == codes.FACT_CARD_FAILING and interrupt["measured"] == {rec.MEASURED_ERROR: 5}
    assert not field.capture.running


def test_heat_interrupts_also_when_the_thermometer_then_falls_silent(day: Callable[..., Day]) -> None:
    field = day("luoping")
    start(field)
    field.board.battery = SimpleNamespace(temperature=silent)
    field.post(machine.TOO_HOT)
    (interrupt,) = field.of(rec.INTERRUPT)
    assert interrupt["fact"] == codes.FACT_OVER_TEMPERATURE and interrupt["measured"] == {}
    assert not field.capture.running
