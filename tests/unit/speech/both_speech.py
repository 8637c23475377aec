# SPDX-License-Identifier: Apache-2.0
"""Composing numbers, times and sentences from clips, on both interpreters."""

from sealcam.sound import speech
from sealproto import clips as c
from sealproto import codes

LOCAL = 1_741_183_500_000  # 2025-03-05 14:05 in the bureau's local time
MINUTE = 60_000
HOUR = 60 * MINUTE


def test_numbers():
    assert speech.number(0) == [0]
    assert speech.number(2) == [2]
    assert speech.number(12) == [12]
    assert speech.number(22) == [20, 2]
    assert speech.number(90) == [90]
    assert speech.number(102) == [1, c.HUNDRED, 0, 2]
    assert speech.number(110) == [1, c.HUNDRED, 1, 10]
    assert speech.number(112) == [1, c.HUNDRED, 1, 12]
    assert speech.number(120) == [1, c.HUNDRED, 20]
    assert speech.number(200) == [2, c.HUNDRED]
    assert speech.number(2002) == [c.LIANG, c.THOUSAND, 0, 2]
    assert speech.number(2010) == [c.LIANG, c.THOUSAND, 0, 1, 10]
    assert speech.number(20500) == [c.LIANG, c.TEN_THOUSAND, 0, 5, c.HUNDRED]
    assert speech.number(123456) == [12, c.TEN_THOUSAND, 3, c.THOUSAND, 4, c.HUNDRED, 50, 6]


def test_numbers_out_of_range_are_refused():
    for bad in (-1, 100_000_000):
        try:
            speech.number(bad)
        except ValueError:
            continue
        raise AssertionError("accepted")


def test_two_is_liang_only_where_it_counts():
    assert speech.count(2, c.HOURS) == [c.LIANG, c.HOURS]
    assert speech.count(12, c.HOURS) == [12, c.HOURS]
    assert speech.count(22, c.MINUTES) == [20, 2, c.MINUTES]
    assert speech.time_of_day(2, 2) == [c.LIANG, c.OCLOCK, 0, 2, c.MINUTE]
    assert speech.time_of_day(2, 2, written=True) == [2, c.HOUR_WRITTEN, 0, 2, c.MINUTE]
    assert speech.per_cent(2) == [c.PER_CENT, 2]
    assert speech.date(2, 2) == [2, c.MONTH, 2, c.DAY_OF_MONTH]


def test_digits():
    assert speech.digits("102") == [1, 0, 2]
    assert speech.digits("102", yao=True) == [c.YAO, 0, 2]
    try:
        speech.digits("1a")
    except ValueError:
        return
    raise AssertionError("accepted")


def test_durations():
    assert speech.duration(999) == [c.UNDER_A_SECOND]
    assert speech.duration(2_000) == [c.LIANG, c.SECONDS]
    assert speech.duration(2 * MINUTE) == [c.LIANG, c.MINUTES]
    assert speech.duration(2 * MINUTE + 5_000) == [c.LIANG, c.MINUTE, 0, 5, c.SECONDS]
    assert speech.duration(11 * MINUTE + 20_000) == [11, c.MINUTE, 20, c.SECONDS]
    assert speech.duration(3 * HOUR) == [3, c.HOURS]
    assert speech.duration(3 * HOUR + 5 * MINUTE) == [3, c.HOURS, 0, 5, c.MINUTES]
    assert speech.duration(24 * HOUR + 20 * MINUTE) == [c.YI_FALLING, c.DAYS, 0, 20, c.MINUTES]
    assert speech.duration(48 * HOUR) == [c.LIANG, c.DAYS]


def test_civil_calendar():
    assert speech.civil(0) == (1970, 1, 1, 0, 0)
    assert speech.civil(LOCAL) == (2025, 3, 5, 14, 5)
    assert speech.civil(951_782_400_000) == (2000, 2, 29, 0, 0)
    assert speech.civil(1_709_251_199_999) == (2024, 2, 29, 23, 59)
    assert speech.civil(4_107_542_400_000) == (2100, 3, 1, 0, 0)
    assert speech.civil(-60_000) == (1969, 12, 31, 23, 59)


def test_resume_with_times():
    said = speech.resume_reason(codes.FACT_VOLTAGE_BELOW, codes.CAUSE_BATTERY_LOW, LOCAL, LOCAL + 12 * MINUTE, 12 * MINUTE)
    assert said == (
        [c.RECORD_AT, 14, c.OCLOCK, 0, 5, c.MINUTE, c.BECAUSE, c.CAUSE_BASE + 1, c.INTERRUPTED, c.COMMA]
        + [14, c.OCLOCK, 17, c.MINUTE, c.RESUMED, c.COMMA, c.INTERRUPTED_FOR, 12, c.MINUTES, c.FULL_STOP]
    )


def test_no_clock_time_is_spoken_without_a_trusted_clock():
    said = speech.resume_reason(1, 1, LOCAL, LOCAL + MINUTE, None, clock_trusted=False)
    assert c.OCLOCK not in said and c.RECORD_AT not in said
    assert c.LENGTH_UNKNOWN in said and c.CAUSE_BASE + 1 in said
    said = speech.resume_reason(1, 1, LOCAL, LOCAL + MINUTE, MINUTE, clock_trusted=False)
    assert c.OCLOCK not in said and c.RECORD_AT not in said and c.INTERRUPTED_FOR in said


def test_length_is_left_out_when_unknown():
    assert c.INTERRUPTED_FOR not in speech.resume_reason(1, 1, LOCAL, LOCAL + MINUTE)
    assert c.INTERRUPTED_FOR not in speech.resume_reason(codes.FACT_POWER_LOST, 0)


def test_officer_is_asked_when_only_the_fact_is_known():
    assert c.OFFICER_STATE_REASON in speech.resume_reason(codes.FACT_POWER_LOST, 0)
    assert c.OFFICER_STATE_REASON not in speech.resume_reason(codes.FACT_POWER_LOST, codes.CAUSE_PARTY_SABOTAGE)


def test_forecast_is_rounded_down():
    assert speech.forecast(209 * MINUTE)[:6] == [c.FORECAST, c.ABOUT, 3, c.HOURS, 20, c.MINUTES]
    assert speech.forecast(19 * MINUTE)[:4] == [c.FORECAST, c.ABOUT, 15, c.MINUTES]
    assert speech.forecast(59_999)[:2] == [c.FORECAST, c.UNDER_A_MINUTE]


def test_preflight_names_each_failed_part():
    parts = [(c.PART_KEYS, True), (c.PART_SOUND, False), (c.PART_CLOCK, False)]
    said = speech.preflight(87, 2 * HOUR, parts, 2)
    assert said[said.index(c.PART_KEYS) + 1] == c.GOOD
    assert said[said.index(c.PART_SOUND) + 1] == c.BAD
    assert c.CLOCK_NOT_SET in said and c.PART_CLOCK not in said
    assert c.PREFLIGHT_FAILED in said and c.PREFLIGHT_PASSED not in said
    assert speech.preflight(87, 2 * HOUR, parts[:1], None)[-2] == c.PREFLIGHT_PASSED


def test_one_changes_its_tone_before_a_unit():
    assert speech.count(1, c.HOURS) == [c.YI_FALLING, c.HOURS]
    assert speech.count(1, c.WORKING_DAYS) == [c.YI_RISING, c.WORKING_DAYS]
    assert speech.count(21, c.HOURS) == [20, 1, c.HOURS]
