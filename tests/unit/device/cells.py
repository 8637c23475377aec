# SPDX-License-Identifier: Apache-2.0
"""Three published discharge curves of real lithium cells: (mV, per cent of charge left), falling.

The figures are facts that others measured and published; each name says where.
"""

# The "LiPo voltage chart" of ampow.com (blog.ampow.com/lipo-voltage-chart), one cell, in steps of five per cent.
POUCH = (
    (4200, 100), (4150, 95), (4110, 90), (4080, 85), (4020, 80), (3980, 75), (3950, 70), (3910, 65), (3870, 60), (3850, 55), (3840, 50),
    (3820, 45), (3800, 40), (3790, 35), (3770, 30), (3750, 25), (3730, 20), (3710, 15), (3690, 10), (3610, 5), (3270, 0),
)  # fmt: skip

# Table of state of charge in ArduPilot's battery monitor (AP_BattMonitor_Analog_Table.cpp), a lithium-ion cell at the end of its life.
AGED = (
    (4173, 100), (4112, 96.15), (4085, 92.31), (4071, 88.46), (4039, 84.62), (3987, 80.77), (3943, 76.92), (3908, 73.08), (3887, 69.23),
    (3854, 65.38), (3833, 61.54), (3801, 57.69), (3783, 53.85), (3742, 50), (3715, 46.15), (3679, 42.31), (3636, 38.46), (3588, 34.62),
    (3543, 30.77), (3503, 26.92), (3462, 23.08), (3379, 19.23), (3296, 15.38), (3218, 11.54), (3165, 7.69), (3091, 3.85), (2977, 0),
)  # fmt: skip

# Intel's wearable software kit (ndgIqSoftwareKit, em_service/battery_LUT): one lithium-ion cell, below 6 degrees and above 20.
COLD = ((4151, 100), (4084, 99), (4021, 95), (3963, 90), (3828, 70), (3715, 50), (3595, 30), (3436, 10), (3280, 5), (3200, 0))
COLD_WHEN_WARM = ((4176, 100), (4149, 99), (4098, 95), (4041, 90), (3905, 70), (3785, 50), (3675, 30), (3568, 10), (3461, 5), (3200, 0))

# name: (curve, degrees Celsius)
CELLS = {"pouch": (POUCH, 22), "aged": (AGED, 22), "cold": (COLD, 2)}


def millivolts(curve: tuple, left: float) -> int:
    """At so many per cent left, along straight lines."""
    for at in range(len(curve) - 1):
        (high_mv, high), (low_mv, low) = curve[at : at + 2]
        if low <= left <= high:
            return round(low_mv + (high_mv - low_mv) * (left - low) / (high - low))
    return curve[-1][0]
