# SPDX-License-Identifier: Apache-2.0
"""Batteries that run down along three published curves, while the board's curve is another: the forecast, the stop, and what is no stop."""

import gc

import vfs
from cells import CELLS, COLD, COLD_WHEN_WARM, millivolts
from fake_board import Flash

from sealcam import monitors
from sealcam.forecast import Forecast
from sealcam.officer import machine

# The simulated board's, as sim/sealsim/hardware.py has it: none of the three cells.
CURVE = (
    (4180, 100), (4060, 90), (3980, 80), (3920, 70), (3870, 60), (3820, 50), (3790, 40), (3770, 30), (3740, 20), (3680, 10), (3500, 3),
    (3300, 0),
)  # fmt: skip
WARN, STOP = 3680, 3500
SECONDS = 4 * 3600  # from full to flat, at an even load
QUIET_S = 1800  # nobody asks how long it lasts before


class Mounted:
    def __enter__(self) -> str:
        flash = Flash(16)
        vfs.VfsLfs2.mkfs(flash)
        vfs.mount(vfs.VfsLfs2(flash), "/battery")
        return "/battery"

    def __exit__(self, kind, error, trace) -> None:
        vfs.umount("/battery")
        gc.collect()


def ripple(second):
    return (second * 7919) % 13 - 6


def discharged(folder, cell, celsius, step=10):
    """Records until the battery is empty: [(second, forecast in seconds or None), ...] and the second of the stop."""
    monitor, forecast = monitors.Battery(WARN, STOP, CURVE), Forecast(folder)
    told = []
    for second in range(SECONDS):
        if second % step == 0:
            mv = millivolts(cell, 100 - 100 * second / SECONDS) + ripple(second)
        if machine.BATTERY_EMPTY in monitor.feed(mv, False, celsius):
            forecast.feed(monitor.charge(), False)
            return told, second
        forecast.feed(monitor.charge(), True)
        left = forecast.left_ms(monitor.charge(), monitor.stop_charge()) if second % 300 == 0 and second >= QUIET_S else None
        if left is not None:
            told.append((second, left))
    raise AssertionError("never empty")


def errors(told, end):
    """Mean and worst error of the forecasts, in per cent of the whole time."""
    wrong = [abs(left // 1000 - (end - second)) * 100 / end for second, left in told]
    return sum(wrong) / len(wrong), max(wrong)


def test_forecast_on_three_real_curves():
    """Printed as well, for docs/recorder.md. The first battery teaches what recording uses; the second profits."""
    for name in sorted(CELLS):
        cell, celsius = CELLS[name]
        with Mounted() as folder:
            first = errors(*discharged(folder, cell, celsius))
            second = errors(*discharged(folder, cell, celsius))
        print("forecast", name, "first %.1f %.1f" % first, "second %.1f %.1f" % second)
        assert first[0] < 25 and second[0] < LIMITS[name], (name, first, second)


LIMITS = {"pouch": 10, "aged": 15, "cold": 15}


def test_no_forecast_before_enough_was_used():
    with Mounted() as folder:
        forecast = Forecast(folder)
        for second in range(2000):
            forecast.feed(1000 - second // 20, True)
        assert forecast.left_ms(900, 0) is None
        for second in range(2000, 2100):
            forecast.feed(1000 - second // 20, True)
        assert forecast.left_ms(900, 0) is not None


def test_what_was_learned_outlives_power_and_idle_time_teaches_nothing():
    with Mounted() as folder:
        forecast = Forecast(folder)
        for second in range(3660):
            forecast.feed(1000 - second // 20, True)
        for _ in range(100):
            forecast.feed(500, False)
        left = forecast.left_ms(800, 100)
        assert abs(left - 14_000_000) < 300_000, left
        assert Forecast(folder).left_ms(800, 100) == left


def test_a_new_battery_in_mid_recording_is_no_negative_use():
    with Mounted() as folder:
        forecast = Forecast(folder)
        for second in range(3600):
            forecast.feed(600 - second // 20, True)
        before = forecast.left_ms(420, 0)
        for second in range(3600):
            forecast.feed(1000 - second // 20, True)
        assert abs(forecast.left_ms(420, 0) - before) < before // 20


def test_the_stop_comes_while_the_voltage_still_holds():
    for name in sorted(CELLS):
        cell, celsius = CELLS[name]
        with Mounted() as folder:
            _, end = discharged(folder, cell, celsius)
        assert SECONDS - end > 60, name  # a minute at least to seal and sign, until the cell is flat


def settled(mv=3700):
    monitor = monitors.Battery(WARN, STOP, CURVE)
    for _ in range(10):
        monitor.feed(mv)
    return monitor


def test_a_sag_by_the_speaker_or_the_motor_never_stops():
    monitor = settled()
    for _ in range(20):
        for _ in range(25):  # three announcements on end
            assert monitor.feed(3400, True) == []
        for _ in range(3):
            assert monitor.feed(3700) == []
        for mv in (3400, 3400, 3700, 3700, 3700):  # the motor, within the median
            assert monitor.feed(mv) == []


def test_a_real_low_is_seen_though_the_speaker_never_rests():
    monitor = settled()
    events = []
    for _ in range(60):
        events += monitor.feed(3400, True)
    assert machine.BATTERY_EMPTY in events


def test_a_charged_battery_is_seen_while_the_recorder_says_that_it_is_empty():
    monitor = settled(3400)
    assert monitor.empty
    for _ in range(3):
        monitor.feed(4000, True)
    assert monitor.mv == 4000 and not monitor.empty
    for mv in (4030, 4050, 4060, 4060, 4060):  # noise upwards only would be believed: it is not
        monitor.feed(mv, True)
    assert monitor.mv == 4000


def test_a_battery_that_recovers_at_rest_does_not_flap():
    monitor = settled(3490)
    assert monitor.empty
    events = []
    for _ in range(10):
        for mv in [3600] * 20 + [3480] * 20:  # rest, load, rest
            events += monitor.feed(mv)
            assert monitor.empty
    assert events == []
    for _ in range(9):
        monitor.feed(4000)
    assert not monitor.empty


def test_cold_lowers_the_voltage_not_the_charge():
    warm, cold = monitors.Battery(WARN, STOP, CURVE), monitors.Battery(WARN, STOP, CURVE)
    for left in (90, 70, 50):
        for _ in range(6):
            warm.feed(millivolts(COLD_WHEN_WARM, left), False, 22)
            cold.feed(millivolts(COLD, left), False, 2)
        assert abs(warm.percent() - cold.percent()) <= 8, (left, warm.percent(), cold.percent())
        for _ in range(6):
            cold.feed(millivolts(COLD, left), False, None)
        assert warm.percent() - cold.percent() > 8  # the control: without the temperature it is wrong


def test_a_silent_gauge_is_no_voltage():
    monitor = settled()
    monitor.silent()
    assert monitor.mv is None and monitor.percent() is None and monitor.charge() is None and not monitor.empty
    for mv, fits in ((0, False), (1200, False), (2600, True), (4200, True), (5100, False), (65535, False)):
        assert monitor.plausible(mv) == fits, mv
