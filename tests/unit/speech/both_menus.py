# SPDX-License-Identifier: Apache-2.0
"""Menus, the officer's words and terms of storing, in passed-in time, on both interpreters."""

from sealcam.officer import deadlines, menu, words
from sealproto import clips, profile_keys

HOUR = 3_600_000
DAY = 24 * HOUR
FRIDAY = 1_772_791_200_000  # 2026-03-06 10:00 UTC


def store(kind, left):
    return {"tz_minutes": 480, "store": {"kind": kind, "left": left}}


def test_a_menu_steps_round_and_takes_what_was_said_last():
    one = menu.Menu(menu.MARKS, clips.MENU_MARK, 2000, bytes([5, 6, 7]), 0)
    assert one.choose() is None
    assert [one.next(0) for _ in range(4)] == [2005, 2006, 2007, 2005]
    assert one.choose() == 5


def test_a_menu_closes_by_itself_and_each_step_keeps_it_open():
    one = menu.Menu(menu.MARKS, clips.MENU_MARK, 2000, bytes([5]), 1000)
    assert not one.over(1000 + menu.LIMIT_MS - 1) and one.over(1000 + menu.LIMIT_MS)
    one.next(20_000)
    assert not one.over(1000 + menu.LIMIT_MS) and one.over(20_000 + menu.LIMIT_MS)
    owed = menu.Menu(menu.REASONS, clips.MENU_REASON, 1000, bytes([1]), 0, menu.REASON_LIMIT_MS)
    assert not owed.over(menu.LIMIT_MS) and owed.over(menu.REASON_LIMIT_MS)


def test_who_waits_is_told_the_buttons_once():
    opened = menu.Menu(menu.MAIN, 0, 0, [1, 2], 1000)
    assert not opened.puzzling(12_999)
    opened.next(5000)
    assert not opened.puzzling(16_999)
    assert opened.puzzling(17_000) and not opened.puzzling(40_000)


def test_words_end_after_their_time():
    span = words.Words(words.REASON, 500, 16)
    assert not span.over(500 + words.LIMIT_MS - 1) and span.over(500 + words.LIMIT_MS)


def test_hours_are_counted_from_the_end_of_the_recording():
    rules = store(profile_keys.STORE_HOURS, 24)
    assert deadlines.sentence(rules, FRIDAY, FRIDAY + 19 * HOUR)[:3] == [clips.DEADLINE_LEFT, 5, clips.HOURS]
    assert deadlines.sentence(rules, FRIDAY, FRIDAY + 24 * HOUR - 150_000)[:3] == [clips.DEADLINE_LEFT, clips.LIANG, clips.MINUTES]
    assert deadlines.sentence(rules, FRIDAY, FRIDAY + 24 * HOUR) == [clips.STORE_OVERDUE, clips.FULL_STOP]


def test_working_days_leave_out_the_weekend():
    rules = store(profile_keys.STORE_WORKING_DAYS, 7)

    def left(days):
        return deadlines.sentence(rules, FRIDAY, FRIDAY + days * DAY)

    assert left(0)[1:3] == [7, clips.WORKING_DAYS]
    assert left(1)[1:3] == left(2)[1:3] == [7, clips.WORKING_DAYS]  # Saturday, Sunday
    assert left(3)[1:3] == [6, clips.WORKING_DAYS]
    assert left(7)[1:3] == left(9)[1:3] == [clips.LIANG, clips.WORKING_DAYS]
    assert left(11)[1:3] == [6, clips.HOURS]  # 18:00 in China on the last day
    assert left(12) == [clips.STORE_OVERDUE, clips.FULL_STOP]


def test_the_days_work_is_counted_in_local_time():
    rules = store(profile_keys.STORE_AFTER_DAILY_WORK, None)
    assert deadlines.sentence(rules, FRIDAY, FRIDAY + 5 * HOUR) == [clips.STORE_TODAY, clips.FULL_STOP]  # 23:00 in China
    assert deadlines.sentence(rules, FRIDAY, FRIDAY + 7 * HOUR) == [clips.STORE_OVERDUE, clips.FULL_STOP]


def test_without_a_trusted_time_no_term_is_spoken():
    rules = store(profile_keys.STORE_HOURS, 24)
    assert deadlines.sentence(rules, None, FRIDAY) is None and deadlines.sentence(rules, FRIDAY, None) is None
    assert deadlines.sentence(rules, FRIDAY, FRIDAY - 1) is None


def test_reminders_come_when_it_is_quiet():
    one = deadlines.Reminders()
    owed = [(5, FRIDAY)]
    assert not one.due(0, [], False) and not one.due(0, owed, False)
    assert not one.due(29 * 60_000, owed, False) and one.due(30 * 60_000, owed, False)
    assert not one.due(31 * 60_000, owed, False) and one.due(150 * 60_000, owed, False)
    assert not one.due(151 * 60_000, owed, True)  # at the dock
    assert not one.due(152 * 60_000, owed, False) and one.due(182 * 60_000, owed, False)
