# SPDX-License-Identifier: Apache-2.0
"""Batteries that run down along three published curves, while the board's curve is another: the forecast, the stop, and what is no stop."""

from cells import CELLS, COLD, COLD_WHEN_WARM, millivolts
from discharging import CURVE, SECONDS, STOP, WARN, discharged, forecast_errors
from mounted import Mounted

from sealcam import monitors
from sealcam.forecast import Forecast
from sealcam.officer import machine


def test_forecast_on_three_real_curves():
    for name in sorted(CELLS):
        first, second = forecast_errors(name)
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
