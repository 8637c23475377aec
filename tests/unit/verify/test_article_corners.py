# SPDX-License-Identifier: Apache-2.0
"""The rarer answers about duties: what was marked, reported, checked, counted or claimed, each seen in a whole session."""

from dataclasses import replace

import pytest
from tests.packages import Made
from tests.unit.verify.test_articles import DAY, _hash, answers, begin, end, stop_and_go, texts

from sealdock.profile import load, names
from sealdock.verify import Verdict, matroska, verify_files
from sealdock.verify.rules import duties_absence, duties_content, duties_whole
from sealdock.verify.rules.duties_device import OUT_OF_USE
from sealdock.verify.rules.duties_storing import _in_time, due
from sealdock.verify.rules.procedure import Facts, article
from sealdock.verify.verdict import Findings
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
    opened_with(made, check=[[0, True, 3900], [1, True, 90]]).segment()
    assert "checked at the start" in texts(end(made), "WS19")
    made = Made("wenshang")
    made.begin()
    opened_with(made, check=[[0, True, 3900], [1, False, 0], [2, True, None]]).segment()
    assert "not passed at the start: storage" in texts(end(made), "WS19")
    made = Made("wenshang")
    made.begin()
    opened_with(made, check=[[0, True, None], [1, True, 90]]).segment()  # a gauge that never answered
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


def facts_of(verdict: Verdict) -> Facts:
    return Facts(verdict.session.session, verdict.session.receipt, Findings())


def test_only_no_record_entries_are_reasons_for_not_recording() -> None:
    """A profile that lists no ground has nothing to say of an absence."""
    made = begin("luoping")
    made.builder.record(
        rec.NO_RECORD, reason=codes.REASON_PRIVACY, basis=None, start_utc=None, end_utc=None, session=made.session, activity=None, moment=0
    )
    made.builder.mark()
    made.segment()
    verdict = end(made)
    entries = verdict.session.session.events
    profile = load("luoping")
    assert len(list(duties_absence.entries(profile, entries, []))) == 1
    assert list(duties_absence.entries(replace(profile, no_record=()), entries, [])) == []


def test_a_relief_that_the_article_does_not_name_is_for_a_person() -> None:
    made = begin("changchun")
    made.builder.record(rec.HANDOVER_OUT, session=made.session, part=0, peer_chain=None, token=bytes(16), samples=0)
    made.segment()
    profile = load("changchun")
    assert profile.continuity and profile.continuity.relief
    narrow = replace(profile, continuity=replace(profile.continuity, relief=replace(profile.continuity.relief, relief=("key_stages",))))
    said = list(duties_whole.relieved(narrow, facts_of(end(made))))
    assert [answer.verdict for answer in said] == ["needs_judgement"] and "does not name" in said[0].text


def test_a_span_of_secrecy_that_was_ended_is_handled_by_its_rules() -> None:
    for ended, said in ((False, "without an end"), (True, "rules of secrecy")):
        made = begin("luoping")
        made.builder.mark(codes.MARK_SECRET_BEGINS)
        made.segment()
        if ended:
            made.builder.mark(codes.MARK_SECRET_ENDS)
        assert said in " / ".join(a.text for a in end(made).articles)


def test_content_that_is_shown_only_where_needed_is_answered_only_when_it_was_marked() -> None:
    for marked in (False, True):
        made = begin("luoping")
        if marked:
            made.builder.mark(33)
        made.segment()
        assert ("marked: " in texts(end(made), "LP12")) is marked


def test_a_stop_by_hand_with_a_reason_behind_which_nothing_follows_is_not_stopping_and_starting() -> None:
    made = begin("caofeidian")
    made.segment()
    made.builder.interrupt(codes.FACT_STOP_PRESSED, codes.CAUSE_PLACE_CHANGE, {})
    assert "stopped by hand" not in texts(end(made), "CF16")


def test_a_report_after_the_next_start_is_timed_by_the_clock() -> None:
    for minutes, answer in ((5, "met"), (600, "needs_judgement")):
        made = begin("luoping")
        made.segment()
        made.builder.interrupt(codes.FACT_CARD_REMOVED, codes.CAUSE_NOT_STATED, {})
        made.builder.reboot(minutes * 60_000)
        role = load("luoping").interruption.cannot
        assert role
        mark = {"session": made.session, "part": 0, "code": codes.MARK_REPORTED, "first_sample": None, "samples": None}
        made.builder.record(rec.MARK, **mark, role=role.report_to)
        said = [a.verdict for a in end(made).articles if "reported to" in a.text]
        assert said == [answer], minutes


def test_a_report_behind_the_end_belongs_to_the_session() -> None:
    made = begin("luoping")
    made.segment()
    session = made.session
    made.builder.close()
    made.builder.record(rec.MARK, session=session, part=0, code=codes.MARK_REPORTED, first_sample=None, samples=None, role=11)
    made.builder.receipt()
    verdict = verify_files(made.files(), made.root)
    assert verdict.good and codes.MARK_REPORTED in facts_of(verdict).marks()


def test_a_recorder_that_was_issued_to_nobody_is_looked_into() -> None:
    made = Made("caofeidian")
    made.begin()
    made.builder.assignment = None
    made.open()
    made.segment()
    assert "held no assignment" in texts(end(made), "CF12")


def test_a_block_of_a_track_that_nobody_declared_is_no_media() -> None:
    with pytest.raises(matroska.MediaError, match="no known track"):
        matroska._block(b"\x83\x00\x00\x00sound", {1: 2})


def test_a_track_entry_that_is_cut_off_is_no_media() -> None:
    with pytest.raises(matroska.MediaError, match="a track entry is cut off"):
        matroska._track(b"\xd7\x85\x01")


def test_a_content_point_for_need_alone_is_answered_only_when_it_was_marked() -> None:
    profile = load("luoping")
    needed = replace(profile, content=tuple(row for row in profile.content if row.condition_zh == "必要时"))
    made = begin("luoping")
    made.segment()
    assert list(duties_content.content(needed, facts_of(end(made)))) == []


def test_an_end_for_another_cause_than_the_acts_end_is_for_a_person() -> None:
    made = begin("caofeidian")
    made.segment()
    b = made.builder
    b.record(
        rec.SESSION_CLOSE, session=made.session, parts=1, segments=b.number, frames=b.frames, samples=b.samples,
        fact=codes.FACT_STOP_PRESSED, cause=codes.CAUSE_PLACE_CHANGE,
    )  # fmt: skip
    b.receipt()
    verdict = verify_files(made.files(), made.root)
    assert "nobody stated that the act had ended" in " / ".join(a.text for a in verdict.articles)


def test_a_recorder_whose_files_are_not_whole_is_for_a_person() -> None:
    rows = [name for name in names() if (rule := load(name).capability) and "files_complete" in rule.must]
    assert rows
    made = begin(rows[0])
    made.segment()
    files = (end(made), made.files())[1]
    files["report.html"] += b" "
    assert "some of it is not whole" in " / ".join(a.text for a in verify_files(files, made.root).articles)
