# SPDX-License-Identifier: Apache-2.0
"""The rarer answers about duties: what was marked, reported, checked, counted or claimed, each seen in a whole session."""

from tests.packages import Made
from tests.unit.verify.test_articles import DAY, _hash, answers, begin, end, stop_and_go, texts

from sealdock.profile import load
from sealdock.verify import verify_files
from sealdock.verify.rules.duties_device import OUT_OF_USE
from sealdock.verify.rules.duties_storing import _in_time, due
from sealdock.verify.rules.procedure import article
from sealproto import codes
from sealproto import records as rec


def opened_with(made: Made, **changed: object) -> Made:
    """Its session-open and resume records say something else."""
    common = made.builder._common
    made.builder._common = lambda: {**common(), **changed}  # type: ignore[method-assign]
    made.open()
    return made


def test_battery_and_storage_checked_at_the_start_meet_ws19() -> None:
    made = Made("wenshang")
    made.begin()
    opened_with(made, check=[[1, True, 3900], [2, True, 90]]).segment()
    assert "checked at the start" in texts(end(made), "WS19")
    made = Made("wenshang")
    made.begin()
    opened_with(made, check=[[1, True, 3900], [2, False, 0]]).segment()
    assert "not passed at the start: storage" in texts(end(made), "WS19")
    made = Made("wenshang")
    made.begin()
    opened_with(made, check=[[1, True, None], [2, True, 90]]).segment()  # a gauge that never answered
    assert "not passed at the start: battery" in texts(end(made), "WS19")


def test_records_that_are_not_whole_say_nothing_of_the_whole_act() -> None:
    made = begin("luoping", codes.ACTIVITY_MAJOR_CASE)
    made.segment()
    verdict = end(made)
    assert answers(verdict, "LP11") == {"met"}
    files = made.files()
    files["report.html"] += b" "
    assert answers(verify_files(files, made.root), "LP11") == {"needs_judgement"}


def test_a_reason_that_the_officer_marked_as_spoken_is_spoken() -> None:
    made = begin("luoping")
    stop_and_go(made, codes.FACT_VOLTAGE_BELOW, codes.CAUSE_BATTERY_LOW, said=False)
    made.builder.mark(codes.MARK_REASON_SPOKEN)
    assert "spoken when recording went on" in texts(end(made), "LP13")


def test_an_end_that_cannot_go_on_is_reported_to_the_right_role() -> None:
    rule = load("luoping").interruption.cannot
    assert rule
    for role, answer in ((rule.report_to, "reported to"), (rule.report_to + 1, "is owed")):
        made = begin("luoping")
        made.segment()
        mark = {"session": made.session, "part": 0, "code": codes.MARK_REPORTED, "first_sample": None, "samples": None, "role": role}
        made.builder.record(rec.MARK, **mark)
        made.builder.interrupt(codes.FACT_CARD_FAILING, codes.CAUSE_DEVICE_FAULT, {rec.MEASURED_ERROR: 5})
        assert answer in " / ".join(a.text for a in end(made).articles), role


def test_stopping_at_once_after_a_fault_leaves_the_report() -> None:
    made = begin("wenshang")
    made.segment()
    made.builder.record(rec.FAULT, code=OUT_OF_USE, part=0, error=None, healed=False)
    made.segment()
    assert "a report to" in texts(end(made), "WS20")


def test_a_term_that_cannot_be_counted_is_for_a_person() -> None:
    assert due("working_days", None, 0, "Asia/Shanghai") is None
    assert due("on_request", 3, 0, "Asia/Shanghai") is None
    far = 4_102_444_800_000  # 2100 has no table of holidays
    verdict, text = _in_time(load("luoping"), far, far + DAY)
    assert verdict == "needs_judgement" and "cannot be counted" in text[0]


def test_the_officers_own_voice_is_named() -> None:
    made = begin("luoping")
    made.builder.mark(codes.MARK_ANNOUNCED_BY_OFFICER)
    made.segment()
    assert "the officer's own voice" in texts(end(made), "LP12")


def test_an_announcement_outside_the_recording_is_not_told_during_it() -> None:
    made = begin("luoping")
    wording = "".join(made.profile.announce.spoken.split())
    made.builder.record(
        rec.ANNOUNCE, session=made.session, part=0, occasion=codes.OCCASION_FIRST, wording=_hash(wording), clips=[150], start_ms=0,
        end_ms=5, first_sample=None, samples=None, volume=80, means=codes.MEANS_DEVICE, complete=True,
    )  # fmt: skip
    made.segment()
    assert "not while it was recording" in texts(end(made), "LP12")


def test_sound_alone_must_not_claim_a_picture() -> None:
    made = Made("luoping")
    made.begin()
    opened_with(made, mode=rec.MODE_AUDIO_ONLY)
    made.announce()
    made.segment()
    assert "claim picture" in texts(end(made), "LP12")


def test_what_a_bureau_chose_is_never_not_met() -> None:
    assert [a.verdict for a in article(("X1",), "setting", "not_met", ("a", "b"))] == ["needs_judgement"]
    assert [a.verdict for a in article(("X1",), "text", "not_met", ("a", "b"))] == ["not_met"]
