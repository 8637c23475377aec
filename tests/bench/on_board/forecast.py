# SPDX-License-Identifier: Apache-2.0
"""Prints one line for each cell: its name, then mean and worst error of the forecasts of a first and of a second battery.

micropython forecast.py FOLDER: where discharging.py lies.
"""

import sys

sys.path.insert(0, sys.argv[1])

from cells import CELLS
from discharging import forecast_errors

for name in sorted(CELLS):
    first, second = forecast_errors(name)
    print(name, *first, *second)
