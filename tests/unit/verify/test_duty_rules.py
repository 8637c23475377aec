# SPDX-License-Identifier: Apache-2.0
"""Rules of duties that rest on activities, marks, no-record entries, faults and the mode: what each signed fact gives, and never more."""

import pytest
from tests.packages import Made
from tests.unit.verify.test_articles import DAY, answers, begin, end, stop_and_go, texts

from sealdock.verify import Verdict, verify_files
from sealproto import codes
from sealproto import records as rec

PENALTY = codes.ACTIVITY_PENALTY


def mark(made: Made, code: int, **more: object) -> None:
    made.builder.record(
        rec.MARK, session=made.session, part=0, code=code, first_sample=0, samples=None, at_ms=made.builder.ms, **more,
    )  # fmt: skip


def absent(made: Made, reason: int, session: bool = True) -> None:
    own = made.session if session else None
    made.builder.record(rec.NO_RECORD, reason=reason, basis=None, start_utc=None, end_utc=None, session=own, activity=None, moment=0)


def in_mode(profile: str, mode: int, activity: int | None = codes.ACTIVITY_SITE_INSPECTION) -> Made:
    made = Made(profile)
    made.begin()
    common = made.builder._common
    made.builder._common = lambda: {**common(), "mode": mode}  # type: ignore[method-assign]
    made.open(activity)
    return made


# The activity


def test_an_activity_stated_by_a_mark_counts() -> None:
    made = begin("luoping", None)
    made.segment()
    assert "did not state" in texts(end(made), "LP11")
    made = begin("luoping", None)
    mark(made, codes.MARK_ACTIVITY_BEGINS, activity=codes.ACTIVITY_MAJOR_CASE)
    made.segment()
    assert answers(end(made), "LP11") == {"met"}


def test_wenshang_asks_when_a_later_mark_names_one_of_the_three_acts() -> None:
    made = begin("wenshang", codes.ACTIVITY_DAILY_PATROL)
    mark(made, codes.MARK_ACTIVITY_BEGINS, activity=PENALTY)
    made.segment()
    assert "not_applicable" not in answers(end(made), "WS18")


@pytest.mark.parametrize(
    ("profile", "activity", "article"),
    [
        ("changchun", codes.ACTIVITY_SEIZURE, "CC8¶1"),  # 要推行
        ("dalian-ftz", codes.ACTIVITY_MAJOR_PROPERTY, "DL12"),
        ("wenshang", codes.ACTIVITY_HANDLE_CASE, "WS23(1)"),  # 全程
        ("dalian-ftz", codes.ACTIVITY_HANDLE_CASE, "DL21(1)"),
    ],
)
def test_the_whole_process_with_a_gap_is_for_a_person(profile: str, activity: int, article: str) -> None:
    made = begin(profile, activity)
    made.segment()
    assert answers(end(made), article) == {"met"}
    made = begin(profile, activity)
    stop_and_go(made, codes.FACT_STOP_PRESSED, codes.CAUSE_NOT_STATED, {}, said=False)
    assert answers(end(made), article) == {"needs_judgement"}


def test_what_may_be_recorded_is_no_duty_when_it_was_not() -> None:
    made = begin("changchun", codes.ACTIVITY_SEIZURE)
    made.segment()
    assert answers(end(made), "CC8¶3(1)") == set()


def test_a_hearing_needs_a_permission_on_paper() -> None:
    made = begin("changchun", codes.ACTIVITY_HEARING)
    made.segment()
    assert answers(end(made), "CC8¶3(4)") == {"needs_judgement"}


def test_key_stages_and_relay_are_for_a_person_where_the_article_knows_them() -> None:
    made = in_mode("changchun", rec.MODE_KEY_STAGES, codes.ACTIVITY_SEIZURE)
    made.segment()
    verdict = end(made)
    assert answers(verdict, "CC11¶2") == {"needs_judgement"} and "key stages" in texts(verdict, "CC8¶1")
    made = begin("changchun")
    made.builder.record(rec.HANDOVER_OUT, session=made.session, part=0, peer_chain=None, token=bytes(16), samples=0)
    made.segment()
    assert "relay" in texts(end(made), "CC11¶2")
    made = begin("changchun")
    made.segment()
    assert answers(end(made), "CC11¶2") == {"not_applicable"}


def test_from_arrival_to_the_end() -> None:
    made = begin("caofeidian", codes.ACTIVITY_DISPUTE_PRONE)
    mark(made, codes.MARK_ARRIVAL)
    made.segment()
    mark(made, codes.MARK_ACTIVITY_ENDS)
    assert answers(end(made), "CF15") == {"met"}
    made = begin("caofeidian", codes.ACTIVITY_DISPUTE_PRONE)
    made.segment()
    assert answers(end(made), "CF15") == {"met", "needs_judgement"}  # uninterrupted; from when until when is to be seen
    made = begin("caofeidian", codes.ACTIVITY_SITE_INSPECTION)
    made.segment()
    assert answers(end(made), "CF15") == {"not_applicable"}


# Telling


def test_an_urgent_start_is_for_a_person() -> None:
    made = in_mode("caofeidian", rec.MODE_URGENT)
    made.announce()
    made.segment()
    assert "in haste" in texts(end(made), "CF14")


def test_those_who_came_later() -> None:
    made = begin("luoping")
    made.announce()
    mark(made, codes.MARK_PERSONS_JOINED)
    made.segment()
    assert "new persons came" in texts(end(made), "LP12")
    made = begin("luoping")
    made.announce()
    mark(made, codes.MARK_PERSONS_JOINED)
    made.announce(occasion=codes.OCCASION_REPEAT)
    made.segment()
    assert "told again after new persons" in texts(end(made), "LP12")


# Interruptions and absences


def test_stopping_is_judged_only_by_the_articles_that_speak_of_it() -> None:
    made = begin("caofeidian")
    stop_and_go(made, codes.FACT_STOP_PRESSED, codes.CAUSE_NOT_STATED, {}, said=False)
    verdict = end(made)
    assert "not_met" in answers(verdict, "CF16") and not {"not_met"} & answers(verdict, "CF15", "CF21", "CF23(3)")


@pytest.mark.parametrize(("role", "minutes", "answer"), [(11, 2, "met"), (11, 60, "needs_judgement"), (12, 2, "needs_judgement")])
def test_a_report_at_once_to_the_right_person(role: int, minutes: int, answer: str) -> None:
    """LP13: 立即 to 分管行政执法的局领导 (11), not to another title."""
    made = begin("luoping")
    made.segment()
    made.builder.interrupt(codes.FACT_CARD_REMOVED, codes.CAUSE_NOT_STATED, {})
    made.builder.advance(minutes * 60_000)
    mark(made, codes.MARK_REPORTED, role=role)
    assert answers(end(made), "LP13") - {"not_applicable"} == {answer}


@pytest.mark.parametrize(
    ("profile", "reason", "role", "article", "answer"),
    [
        ("changchun", codes.REASON_URGENT_NO_DEVICE, codes.ROLE_ENFORCEMENT_BODY_HEAD, "CC13¶1", "met"),
        ("changchun", codes.REASON_URGENT_NO_DEVICE, None, "CC13¶1", "needs_judgement"),
        ("changchun", codes.REASON_PARTY_PREVENTS, codes.ROLE_ENFORCEMENT_BODY_HEAD, "CC13¶3", "met"),
        ("changchun", codes.REASON_STATE_SECRET, None, "CC13¶4", "met"),
        ("changchun", codes.REASON_PRIVACY, None, "CC13¶4", "needs_judgement"),  # two consents, on paper
        ("dalian-ftz", codes.REASON_EXPLOSIVE_AREA_NO_EX_DEVICE, None, "DL15(1)", "met"),
        ("dalian-ftz", codes.REASON_PRIVACY, None, "DL15(2)", "met"),  # no approval step
        ("dalian-ftz", codes.REASON_URGENT, None, "DL15(3)", "needs_judgement"),  # an open list
        ("caofeidian", codes.REASON_HAZARD_AREA_NO_FIT_DEVICE, codes.ROLE_BUREAU_LEADER_IN_CHARGE, "CF9(1)", "needs_judgement"),
        ("luoping", codes.REASON_TEXT_SUFFICES, None, "LP3", "met"),
        ("luoping", codes.REASON_STATE_SECRET, None, "LP16¶2", "needs_judgement"),  # by law
    ],
)
def test_what_was_not_recorded(profile: str, reason: int, role: int | None, article: str, answer: str) -> None:
    made = begin(profile)
    absent(made, reason)
    if role is not None:
        mark(made, codes.MARK_REPORTED, role=role)
    made.segment()
    said = [a.verdict for a in end(made).articles if a.article == article and "not recorded" in a.text]
    assert said == [answer]


def test_an_entry_behind_the_session_is_judged_with_it() -> None:
    made = begin("dalian-ftz")
    made.segment()
    made.builder.close()
    absent(made, codes.REASON_PRIVACY, session=False)
    made.builder.receipt()
    assert "not recorded" in texts(verify_files(made.files(), made.root), "DL15(2)")


# Content


def test_a_landmark_and_its_name_stand_in_for_a_sign() -> None:
    made = begin("dalian-ftz")
    made.segment()
    mark(made, codes.MARK_LANDMARK)
    assert answers(end(made), "DL14(3)") == {"needs_judgement"}
    made = begin("dalian-ftz")
    made.segment()
    mark(made, codes.MARK_LANDMARK)
    mark(made, codes.MARK_PLACE_NAMED)
    assert answers(end(made), "DL14(3)") == {"met"}


def test_showing_ones_certificate() -> None:
    made = begin("luoping")
    made.segment()
    assert answers(end(made), "LP9(2)") == {"needs_judgement"}
    mark(made, codes.MARK_ID_SHOWN)
    mark(made, codes.MARK_OFFICER_NAMED)
    made = begin("luoping")
    made.segment()
    mark(made, codes.MARK_ID_SHOWN)
    mark(made, codes.MARK_OFFICER_NAMED)
    assert answers(end(made), "LP9(2)") == {"met"}


def test_the_checklist_of_a_case() -> None:
    made = begin("luoping")
    made.segment()
    verdict = end(made)
    assert answers(verdict, "LP9") == answers(verdict, "LP9(10)") == set()
    made = begin("luoping")
    made.segment()
    mark(made, codes.MARK_RIGHTS_TOLD)
    verdict = end(made)
    assert answers(verdict, "LP9(10)") == {"met"} and answers(verdict, "LP9") == {"needs_judgement"}
    assert "LP9(4)" in texts(verdict, "LP9") and "LP9(10)" not in texts(verdict, "LP9")
    made = begin("luoping")
    made.segment()
    mark(made, codes.MARK_DOCUMENT_SERVED)  # of an act on application, or of an act of office
    verdict = end(made)
    assert answers(verdict, "LP8(6)") == answers(verdict, "LP9(17)") == {"needs_judgement"} and answers(verdict, "LP9") == set()
    made = begin("luoping")
    made.segment()
    for code in (codes.MARK_ID_SHOWN, codes.MARK_OFFICER_NAMED):
        mark(made, code)
    verdict = end(made)
    assert len(answers(verdict, "LP9(2)")) == 1 and answers(verdict, "LP9") == {"needs_judgement"}


# The recorder, and what follows


def _faulty(role: int | None, on: int, code: int = 6) -> Verdict:
    made = begin("wenshang")
    made.segment()
    made.builder.record(rec.FAULT, code=code, part=0, error=None, healed=False)
    for _ in range(on):
        made.segment()
    if role is not None:
        mark(made, codes.MARK_REPORTED, role=role)
    return end(made)


def test_a_hard_fault_must_stop_and_be_reported() -> None:
    assert answers(_faulty(codes.ROLE_OFFICE, 0), "WS20") >= {"met"}
    assert "needs_judgement" in answers(_faulty(None, 1), "WS20")
    assert "not_met" in answers(_faulty(codes.ROLE_OFFICE, 2), "WS20")
    assert "not_met" not in answers(_faulty(None, 2, code=4), "WS20")  # the speaker: the officer's voice counts


def test_recording_in_the_clear_breaks_cc10() -> None:
    made = in_mode("changchun", rec.MODE_UNENCRYPTED)
    made.segment()
    assert answers(end(made), "CC10¶2") == {"not_met"}
    made = begin("changchun")
    made.segment()
    assert answers(end(made), "CC10¶2") == {"met"}


def test_issued_to_an_officer() -> None:
    made = begin("caofeidian")
    made.segment()
    issued = [a for a in end(made).articles if a.article == "CF12" and "issued" in a.text]
    assert [a.verdict for a in issued] == ["met"]


def test_marks_propose_and_never_decide() -> None:
    made = begin("luoping")
    made.segment()
    assert answers(end(made), "LP17", "LP16¶2") == {"not_applicable"}
    made = begin("luoping")
    made.segment()
    mark(made, codes.MARK_VIOLENCE_THREAT_RECORDING)
    mark(made, codes.MARK_SECRET_BEGINS)
    mark(made, codes.MARK_EVIDENCE)
    verdict = end(made)
    assert answers(verdict, "LP17") == answers(verdict, "LP15") == {"needs_judgement"}
    assert "one without an end" in texts(verdict, "LP16¶2")
    made = begin("dalian-ftz")
    made.segment()
    mark(made, codes.MARK_OBJECTION)
    assert answers(end(made), "DL18(1)") == {"needs_judgement"}


def test_late_is_late() -> None:
    made = begin("caofeidian")
    made.segment()
    assert "not_met" in answers(end(made, 2 * DAY), "CF12")
