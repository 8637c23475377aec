# SPDX-License-Identifier: Apache-2.0
"""Composed clips, rendered back to text, are the phrases of docs/speech.md to the character."""

import pytest

from sealcam.sound import speech
from sealdock import profile
from sealdock.prompts.script import render, script
from sealproto import clips, codes

PROFILES = profile.names()
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NOON = 1_741_132_800_000 + 12 * HOUR  # 2025-03-05 12:00, local time
AT_1405 = NOON + 2 * HOUR + 5 * MINUTE


def said(name: str, ids: list[int]) -> str:
    return render(ids, script(profile.load(name)))


def word(name: str) -> str:
    return profile.load(name).terms.interrupt_zh


NUMBERS = {
    "两点整": speech.time_of_day(2, 0),
    "二时整": speech.time_of_day(2, 0, written=True),
    "十二点零二分": speech.time_of_day(12, 2),
    "十四点整": speech.time_of_day(14, 0),
    "零点零五分": speech.time_of_day(0, 5),
    "两小时": speech.duration(2 * HOUR),
    "两分钟": speech.duration(2 * MINUTE),
    "两秒": speech.duration(2000),
    "两天": speech.duration(2 * DAY),
    "两个工作日": speech.count(2, clips.WORKING_DAYS),
    "两段": speech.count(2, clips.PARTS),
    "两次": speech.count(2, clips.TIMES),
    "两台": speech.count(2, clips.DEVICES),
    "一小时": speech.count(1, clips.HOURS),
    "十二": speech.number(12),
    "二十": speech.number(20),
    "二十二": speech.number(22),
    "三十二": speech.number(32),
    "一百零二": speech.number(102),
    "一百一十": speech.number(110),
    "二百": speech.number(200),
    "二百零五": speech.number(205),
    "百分之二": speech.per_cent(2),
    "百分之六十": speech.per_cent(60),
    "百分之百": speech.per_cent(100),
    "二零二五年三月二日": speech.date(3, 2, 2025),
    "三小时": speech.duration(3 * HOUR),
    "三小时零五分钟": speech.duration(3 * HOUR + 5 * MINUTE),
    "二十分钟": speech.duration(20 * MINUTE),
    "两分零五秒": speech.duration(2 * MINUTE + 5000),
    "一零二": speech.digits("102"),
    "幺零二": speech.digits("102", yao=True),
    "请核对登记码，一二三，四五六。一二三，四五六。": speech.enrolment("123456"),
    "无法录制，请更换设备并报告。": speech.cannot_record(),
    "存储空间不足，无法录制，请更换设备并报告。": speech.cannot_record(codes.CAUSE_STORAGE_FULL),
    "电量不足，请更换电池。": speech.low_battery(),
    "预计还可录制约三小时二十分钟，剩余电量百分之六十。": speech.forecast(3 * HOUR + 25 * MINUTE, 60),
    "预计还可录制不足一分钟。": speech.forecast(30_000),
    "请选择原因，电量不足": speech.menu(clips.MENU_REASON, clips.CAUSE_BASE + codes.CAUSE_BATTERY_LOW),
    "设备检查。剩余电量百分之八十七，预计还可录制约两小时。密钥正常，存储卡故障，设备时间未校准，"
    "上次接入采集站两天前。检查未通过，请更换设备并报告。": speech.preflight(
        87, 2 * HOUR, [(clips.PART_KEYS, True), (clips.PART_CARD, False), (clips.PART_CLOCK, False)], 2
    ),
}


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_and_fixed_sentences(text: str) -> None:
    assert said("luoping", NUMBERS[text]) == text


@pytest.mark.parametrize("name", PROFILES)
def test_resume_the_same_day(name: str) -> None:
    ids = speech.resume_reason(codes.FACT_VOLTAGE_BELOW, codes.CAUSE_BATTERY_LOW, AT_1405, AT_1405 + 12 * MINUTE, 12 * MINUTE)
    w = word(name)
    assert said(name, ids) == f"本次执法记录于十四点零五分因电量不足{w}，十四点十七分恢复记录，{w}时长十二分钟。"


@pytest.mark.parametrize("name", PROFILES)
def test_resume_the_next_day(name: str) -> None:
    start = NOON + 11 * HOUR + 50 * MINUTE
    ids = speech.resume_reason(codes.FACT_SLOTS_EXHAUSTED, codes.CAUSE_STORAGE_FULL, start, start + 12 * MINUTE, 12 * MINUTE)
    w = word(name)
    assert said(name, ids) == (f"本次执法记录于三月五日二十三点五十分因存储空间不足{w}，三月六日零点零二分恢复记录，{w}时长十二分钟。")


def test_resume_in_the_next_year_names_the_years() -> None:
    start = 1_735_689_540_000  # 2024-12-31 23:59
    text = said("luoping", speech.resume_reason(1, 1, start, start + 2 * MINUTE, 2 * MINUTE))
    assert text.startswith("本次执法记录于二零二四年十二月三十一日二十三点五十九分因")
    assert "二零二五年一月一日零点零一分恢复记录" in text


@pytest.mark.parametrize("name", PROFILES)
def test_resume_with_only_a_fact(name: str) -> None:
    ids = speech.resume_reason(codes.FACT_POWER_LOST, codes.CAUSE_NOT_STATED, AT_1405, AT_1405 + MINUTE)
    assert said(name, ids) == f"本次执法记录因设备突然断电{word(name)}，现恢复记录。请执法人员说明原因。"


@pytest.mark.parametrize("name", PROFILES)
def test_resume_with_an_untrusted_clock(name: str) -> None:
    w = word(name)
    phrase = f"设备时间未校准，{w}时长无法确定，现恢复记录。"
    assert said(name, speech.resume_reason(0, 0, clock_trusted=False)) == phrase
    known = speech.resume_reason(codes.FACT_VOLTAGE_BELOW, codes.CAUSE_BATTERY_LOW, clock_trusted=False)
    assert said(name, known) == f"本次执法记录因电量不足{w}。{phrase}"
    fact = speech.resume_reason(codes.FACT_CARD_REMOVED, 0, clock_trusted=False)
    assert said(name, fact) == f"本次执法记录因存储卡被取出{w}。{phrase}请执法人员说明原因。"


def test_resume_with_a_known_length_but_no_clock() -> None:
    ids = speech.resume_reason(1, 1, length_ms=90_000, clock_trusted=False)
    assert said("luoping", ids) == "本次执法记录因电量不足中止，中止时长一分三十秒，现恢复记录。"


WORDED = [
    ("luoping", clips.CANNOT_CONTINUE, "无法继续记录，请立即向分管行政执法的局领导报告。"),
    ("caofeidian", clips.CANNOT_CONTINUE, "无法继续记录，请立即向所属部门负责人报告。"),
    ("changchun", clips.CANNOT_CONTINUE, "无法继续记录，请向执法机构负责人报告，并在记录文书中注明。"),
    ("wenshang", clips.STORE_TODAY, "今日执法记录尚未存储，请及时存储或交专人存储。"),
    ("changchun", clips.STORE_OVERDUE, "执法记录已超过保存期限，请立即保存。"),
    ("caofeidian", clips.STORE_OVERDUE, "执法记录已超过储存期限，请立即储存。"),
    ("dalian-ftz", clips.SAME_PLACE_STOP, "同一执法地点不得断续记录。已停止，请说明原因。"),
    (
        "dalian-ftz",
        clips.SAY_THE_PLACE,
        "请拍摄场所明显标志；无明显标志的，请拍摄周围标志性建筑，并口述场所名称。",
    ),
    ("wenshang", clips.FAULT_STOP_USE, "设备故障，请立即停止使用，并报告办公室。"),
]


@pytest.mark.parametrize(("name", "clip", "text"), WORDED)
def test_phrases_worded_by_the_profile(name: str, clip: int, text: str) -> None:
    assert said(name, speech.sentence(clip)) == text


def test_deadlines() -> None:
    assert said("changchun", speech.deadline(5, clips.HOURS)) == "距保存期限还有五小时，请及时保存执法记录。"
    assert said("luoping", speech.deadline(2, clips.WORKING_DAYS)) == "距储存期限还有两个工作日，请及时储存执法记录。"
    assert said("luoping", speech.deadline(0, clips.WORKING_DAYS)) == "执法记录已超过储存期限，请立即储存。"


@pytest.mark.parametrize("name", PROFILES)
def test_every_reason_that_can_be_spoken_has_its_clip(name: str) -> None:
    own = profile.load(name)
    texts = script(own)
    listed = {rule.cause for rule in own.interruption.causes}
    for fact in range(codes.FACT_STOP_PRESSED + 1):
        if fact != codes.FACT_CLOCK_UNSET:
            assert render(speech.resume_reason(fact, 0), texts)
        for cause in listed:
            assert render(speech.resume_reason(fact, cause, NOON, NOON + DAY, DAY), texts)


def test_a_missing_clip_is_an_error() -> None:
    with pytest.raises(KeyError):
        said("luoping", [clips.SAY_THE_PLACE])
