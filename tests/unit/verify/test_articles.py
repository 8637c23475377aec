# SPDX-License-Identifier: Apache-2.0
"""Duties by article, one bureau at a time: what the text says, what is signed, and never more than that."""

from hashlib import sha256

import pytest
from tests.packages import Made, words

from sealdock.profile import compile, load, names
from sealdock.verify import Verdict, verify_files
from sealdock.verify.rules.duties_storing import due
from sealproto import codes
from sealproto import records as rec

DAY = 86_400_000


def begin(profile: str, activity: int | None = codes.ACTIVITY_SITE_INSPECTION, **options: object) -> Made:
    made = Made(profile, **options)  # type: ignore[arg-type]
    made.begin()
    made.open(activity)
    return made


def end(made: Made, later_ms: int = 0) -> Verdict:
    made.builder.close()
    made.builder.advance(later_ms)
    made.builder.receipt()
    return verify_files(made.files(), made.root)


def stop_and_go(made: Made, fact: int, cause: int, measured: dict | None = None, said: bool = True) -> None:
    """An interruption and the resumption, the reason spoken by the recorder."""
    made.segment()
    made.builder.interrupt(fact, cause, measured)
    made.builder.reboot()
    made.resume()
    if said:
        made.announce(occasion=codes.OCCASION_INTERRUPTION_REASON)
    made.announce(occasion=codes.OCCASION_RESUME)
    made.segment()


def answers(verdict: Verdict, *citations: str) -> set[str]:
    return {article.verdict for article in verdict.articles if article.article in citations}


def texts(verdict: Verdict, citation: str) -> str:
    return " / ".join(article.text for article in verdict.articles if article.article == citation)


@pytest.mark.parametrize("profile", names())
def test_every_article_cites_the_profile_and_speaks_both_languages(profile: str) -> None:
    made = begin(profile)
    made.announce()
    stop_and_go(made, codes.FACT_VOLTAGE_BELOW, codes.CAUSE_BATTERY_LOW)
    verdict = end(made)
    assert verdict.total == "authentic-with-explained-gaps"
    assert verdict.articles
    prefix = verdict.articles[0].article[:2]
    for article in verdict.articles:
        assert article.article.startswith(prefix) and article.text and article.text_zh


@pytest.mark.parametrize("profile", names())
def test_a_value_that_is_not_of_the_text_is_never_not_met(profile: str) -> None:
    """The worst session imaginable: nothing told, stopped by hand, stored a year late."""
    made = begin(profile, None)
    stop_and_go(made, codes.FACT_STOP_PRESSED, codes.CAUSE_NOT_STATED, {}, said=False)
    verdict = end(made, 365 * DAY)
    for article in verdict.articles:
        assert article.verdict != "not_met" or article.basis == "text", article


# Telling


@pytest.mark.parametrize(("profile", "article"), [("luoping", "LP12"), ("dalian-ftz", "DL14(1)")])
def test_told_at_the_start(profile: str, article: str) -> None:
    made = begin(profile)
    made.announce()
    made.segment()
    assert "met" in answers(end(made), article)


def test_not_told_by_the_recorder_is_for_a_person_to_judge() -> None:
    made = begin("luoping")
    made.segment()
    assert "needs_judgement" in answers(end(made), "LP12")


def test_other_words_are_not_the_prescribed_ones() -> None:
    made = begin("luoping")
    made.builder.announce(wording="您好")
    made.segment()
    assert "other words" in texts(end(made), "LP12")


def test_cut_short_is_not_told() -> None:
    made = begin("luoping")
    made.announce(complete=False)
    made.segment()
    assert "met" not in answers(end(made), "LP12")


def test_caofeidian_wants_it_before() -> None:
    """CF14 事先告知: an announcement in the sound alone does not show that notice came before."""
    made = begin("caofeidian")
    made.announce()
    made.segment()
    assert answers(end(made), "CF14") == {"needs_judgement"}
    made = begin("caofeidian")
    wording = "".join(made.profile.announce.spoken.split())
    made.builder.record(
        rec.ANNOUNCE, session=made.session, part=0, occasion=codes.OCCASION_FIRST, wording=_hash(wording), clips=[150], start_ms=0,
        end_ms=5, first_sample=None, samples=None, volume=80, means=codes.MEANS_DEVICE, complete=True,
    )  # fmt: skip
    made.announce(occasion=codes.OCCASION_REPEAT)
    made.segment()
    assert "met" in answers(end(made), "CF14")


def _hash(wording: str) -> bytes:
    return sha256(wording.encode()).digest()


def test_wenshang_asks_it_for_three_acts_only() -> None:
    made = begin("wenshang", codes.ACTIVITY_DAILY_PATROL)
    made.segment()
    assert "not_applicable" in answers(end(made), "WS18")
    made = begin("wenshang", codes.ACTIVITY_PENALTY)
    made.segment()
    assert "not_applicable" not in answers(end(made), "WS18")


def test_changchun_has_no_duty_to_tell() -> None:
    made = begin("changchun")
    made.segment()
    assert not [a for a in end(made).articles if "told" in a.text]


def test_words_must_be_true_of_the_recording() -> None:
    """LP12 says 全程; key stages only is not that."""
    made = Made("luoping")
    made.begin()
    common = made.builder._common
    made.builder._common = lambda: {**common(), "mode": rec.MODE_KEY_STAGES}  # type: ignore[method-assign]
    made.open()
    made.announce()
    made.segment()
    assert "whole process" in texts(end(made), "LP12")


# Interruptions


@pytest.mark.parametrize(("profile", "article"), [("luoping", "LP13"), ("caofeidian", "CF16")])
def test_listed_cause_spoken_on_resuming(profile: str, article: str) -> None:
    made = begin(profile)
    stop_and_go(made, codes.FACT_VOLTAGE_BELOW, codes.CAUSE_BATTERY_LOW)
    assert "met" in answers(end(made), article)


def test_reason_that_nobody_spoke() -> None:
    made = begin("luoping")
    stop_and_go(made, codes.FACT_VOLTAGE_BELOW, codes.CAUSE_BATTERY_LOW, said=False)
    assert "not marked as spoken" in texts(end(made), "LP13")


def test_no_interruption_nothing_to_excuse() -> None:
    made = begin("luoping")
    made.segment()
    assert answers(end(made), "LP13") == {"not_applicable"}


def test_place_change_is_a_cause_in_caofeidian_only() -> None:
    for profile, article, listed in (("caofeidian", "CF16", True), ("luoping", "LP13", False)):
        made = begin(profile)
        stop_and_go(made, codes.FACT_STOP_PRESSED, codes.CAUSE_PLACE_CHANGE, {})
        assert ("not among the causes" in texts(end(made), article)) is not listed, profile


def test_stopping_by_hand_without_an_objective_reason_breaks_cf16() -> None:
    made = begin("caofeidian")
    stop_and_go(made, codes.FACT_STOP_PRESSED, codes.CAUSE_NOT_STATED, {}, said=False)
    assert "not_met" in answers(end(made), "CF16")


def test_dalian_forbids_it_at_one_place_and_the_place_is_not_signed() -> None:
    made = begin("dalian-ftz")
    stop_and_go(made, codes.FACT_STOP_PRESSED, codes.CAUSE_NOT_STATED, {}, said=False)
    assert answers(end(made), "DL14(4)") == {"needs_judgement"}


def test_major_case_without_a_break() -> None:
    made = begin("luoping", codes.ACTIVITY_MAJOR_CASE)
    made.segment()
    assert answers(end(made), "LP11") == {"met"}
    made = begin("luoping", codes.ACTIVITY_MAJOR_CASE)
    stop_and_go(made, codes.FACT_STOP_PRESSED, codes.CAUSE_NOT_STATED, {}, said=False)
    assert "not_met" in answers(end(made), "LP11")
    made = begin("luoping", codes.ACTIVITY_MAJOR_CASE)
    stop_and_go(made, codes.FACT_VOLTAGE_BELOW, codes.CAUSE_BATTERY_LOW)
    assert answers(end(made), "LP11") == {"needs_judgement"}


def test_words_of_the_officer_must_be_listened_to() -> None:
    made = begin("luoping")
    made.segment()
    made.builder.reboot()
    made.builder.interrupt(codes.FACT_POWER_LOST, codes.CAUSE_NOT_STATED, {}, late=True)
    made.resume()
    made.builder.reason_note(codes.CAUSE_NOT_STATED)
    made.segment(100_000, 2500, words(2500))
    assert "listen" in texts(end(made), "LP13")


# Storing


@pytest.mark.parametrize(
    ("profile", "article", "later", "answer"),
    [
        ("luoping", "LP14", 2 * DAY, "met"),
        ("luoping", "LP14", 30 * DAY, "needs_judgement"),  # the leader in charge may have extended it
        ("dalian-ftz", "DL16", DAY // 2, "met"),
        ("dalian-ftz", "DL16", 2 * DAY, "not_met"),
        ("caofeidian", "CF12", 2 * DAY, "not_met"),
        ("changchun", "CC16", 2 * DAY, "needs_judgement"),  # conditions may have been lacking
        ("wenshang", "WS10", 2 * DAY, "needs_judgement"),  # it may have been handed to the custodian
    ],
)
def test_stored_in_time(profile: str, article: str, later: int, answer: str) -> None:
    made = begin(profile)
    made.segment()
    verdict = end(made, later)
    stored = [a.verdict for a in verdict.articles if a.article.startswith(article) and "taken on" in a.text]
    assert stored == [answer], stored


def test_no_trusted_time_no_term() -> None:
    made = begin("dalian-ftz", clock=False)
    made.segment()
    assert "no trusted time" in texts(end(made, 9 * DAY), "DL16")


def test_working_days_are_those_of_the_chinese_calendar() -> None:
    """Recorded on Monday 27 January 2025: the Spring Festival runs to 4 February, 26 January and 8 February are worked."""
    utc = 1_737_950_400_000  # 2025-01-27 12:00 in Shanghai
    deadline = due("working_days", 7, utc, "Asia/Shanghai")
    assert deadline == 1_739_375_999_999  # the end of 12 February
    assert due("working_days", 7, 4_102_444_800_000, "Asia/Shanghai") is None  # 2100 has no table
    assert due("hours", 24, utc, "Asia/Shanghai") == utc + DAY


# The rest


def test_marked_content_is_met_and_the_rest_is_looked_for() -> None:
    made = begin("luoping")
    made.segment()
    made.builder.mark(codes.MARK_ENVIRONMENT)
    verdict = end(made)
    assert answers(verdict, "LP10(1)") == {"met"}
    assert answers(verdict, "LP10(2)") == {"needs_judgement"}


def test_fault_recorded_on_breaks_ws20() -> None:
    made = begin("wenshang")
    made.builder.record(rec.FAULT, code=6, part=0, error=None, healed=False)
    made.segment()
    made.segment()
    assert "not_met" in answers(end(made), "WS20")
    made = begin("wenshang")
    made.segment()
    assert answers(end(made), "WS20") == {"not_applicable"}


def test_altered_evidence_is_not_called_unaltered() -> None:
    made = begin("luoping")
    made.segment()
    assert answers(end(made), "LP16") == {"met"}
    files = made.files()
    files["media/000000.mkv"] = files["media/000000.mkv"][:-1] + b"\0"
    assert answers(verify_files(files, made.root), "LP16") == {"needs_judgement"}


def test_profile_that_nobody_has_the_source_of() -> None:
    """The bureau edited its rules: without the source no article can be cited, and the verdict says so."""
    made = Made()
    data = {**compile(load("luoping")), 2: 99}
    made.builder.profile = made.bureau.make_profile(data)
    made.begin()
    made.open()
    made.segment()
    verdict = end(made)
    assert verdict.articles == [] and verdict.total == "authentic"
    assert "profile-unknown" in [f.code for f in verdict.findings]
