# SPDX-License-Identifier: Apache-2.0
"""Buttons with bad contacts and gloves, a voltage that sags, a card that comes and goes: which events come of it."""

from sealcam import monitors
from sealcam.officer import machine
from sealcam.officer.buttons import TURN_MS, Buttons

RECORD, MARK, MENU = 1, 2, 4
CURVE = ((4180, 100), (3870, 60), (3680, 10), (3300, 0))


def press(*levels: tuple) -> list:
    """Events of (bits, ms) after each other."""
    buttons = Buttons()
    now = 0
    out = []
    for down, ms in levels:
        for _ in range(ms // TURN_MS):
            now += TURN_MS
            out += buttons.feed(down, now)
    return out


def test_record_acts_on_the_way_down_and_once():
    assert press((RECORD, 40)) == [machine.RECORD_PRESSED]
    assert press((RECORD, 5000), (0, 100)) == [machine.RECORD_PRESSED, machine.RECORD_HELD]
    assert press((RECORD, 100), (0, 100), (RECORD, 100), (0, 100)) == [machine.RECORD_PRESSED] * 2


def test_a_bouncing_contact_is_no_press_and_no_second_one():
    bounce = ((RECORD, TURN_MS), (0, TURN_MS)) * 10
    assert press(*bounce) == []
    assert press((RECORD, 100), (0, TURN_MS), (RECORD, 100), (0, 100)) == [machine.RECORD_PRESSED]


def test_mark_and_menu_tell_a_press_from_a_hold():
    assert press((MARK, 300), (0, 100)) == [machine.MARK_PRESSED]
    assert press((MENU, 300), (0, 100)) == [machine.MENU_PRESSED]
    assert press((MARK, 2000), (0, 100)) == [machine.MARK_HELD]
    assert press((MENU, 9000), (0, 100)) == [machine.MENU_HELD]
    assert press((MENU, 1400)) == []  # not yet known which


def test_buttons_together_are_each_heard():
    assert sorted(press((RECORD | MARK | MENU, 200), (0, 100))) == sorted(
        [machine.RECORD_PRESSED, machine.MARK_PRESSED, machine.MENU_PRESSED]
    )


def battery(*readings: int) -> tuple:
    monitor = monitors.Battery(3680, 3500, CURVE)
    events = []
    for mv in readings:
        events += monitor.feed(mv)
    return monitor, events


def test_one_sag_is_no_empty_battery():
    assert battery(3900, 3900, 3900, 3200, 3900, 3900, 3200, 3900)[1] == []


def test_warning_then_empty_each_once():
    falling = [3700 - 5 * n for n in range(50)]
    monitor, events = battery(*falling)
    assert events == [machine.BATTERY_WARN, machine.BATTERY_EMPTY]
    assert monitor.empty


def test_ripple_at_the_threshold_warns_once_and_a_new_battery_arms_it_again():
    ripple = [3680 + (8 if n % 2 else -8) for n in range(60)]
    assert battery(*ripple)[1] == [machine.BATTERY_WARN]
    assert battery(*(ripple + [4100] * 9 + [3600] * 9))[1] == [machine.BATTERY_WARN] * 2


def test_charge_follows_the_curve():
    for mv, percent in ((4300, 100), (4180, 100), (3870, 60), (3775, 35), (3680, 10), (3300, 0), (3000, 0)):
        assert battery(mv)[0].percent() == percent, mv
    assert monitors.Battery(3680, 3500, CURVE).percent() is None


def test_a_card_that_comes_and_goes_is_told_once():
    storage = monitors.Storage()
    there = (True, False, True, 50, 1000, 100)
    gone = (False, False, True, 50, 1000, 100)
    events = [storage.feed(*state) for state in (there, gone, gone, there, there)]
    assert events == [[], [machine.CARD_REMOVED], [], [machine.CARD_BACK], []]


def test_a_card_that_was_swapped_between_two_looks_was_out():
    """Its switch never said so. It is told as one that went and came, once."""
    storage = monitors.Storage()
    own, other = (True, False, True, 50, 1000, 100), (True, True, False, 50, 1000, 100)
    events = [storage.feed(*state) for state in (own, other, other, other, own, other)]
    assert events == [[], [machine.CARD_REMOVED], [machine.CARD_BACK], [], [], [machine.CARD_REMOVED]]


def test_little_room_is_told_once_until_there_is_room_again():
    storage = monitors.Storage()
    told = [storage.feed(True, False, True, free, 1000, 100) for free in (13, 12, 11, 40, 12)]
    assert told == [[], [machine.SLOTS_LOW], [], [], [machine.SLOTS_LOW]]
    assert machine.FLASH_LOW in storage.feed(True, False, True, 40, 99, 100)


def test_heat():
    assert monitors.heat(None) == [] and monitors.heat(60) == [] and monitors.heat(85) == [machine.TOO_HOT]
