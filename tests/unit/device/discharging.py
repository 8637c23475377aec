# SPDX-License-Identifier: Apache-2.0
"""A recorder that records along a cell's curve until its battery is empty, and how wrong it was about how long that would take."""

from cells import CELLS, millivolts
from mounted import Mounted

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


def forecast_errors(name):
    """(mean, worst) in per cent of the running time, of the recorder's first battery and of its second, which profits from the first."""
    cell, celsius = CELLS[name]
    with Mounted() as folder:
        return errors(*discharged(folder, cell, celsius)), errors(*discharged(folder, cell, celsius))


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


def ripple(second):
    return (second * 7919) % 13 - 6


def errors(told, end):
    """Mean and worst error of the forecasts, in per cent of the whole time."""
    wrong = [abs(left // 1000 - (end - second)) * 100 / end for second, left in told]
    return sum(wrong) / len(wrong), max(wrong)
