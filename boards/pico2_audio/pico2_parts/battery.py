# SPDX-License-Identifier: Apache-2.0
"""Battery voltage over a divider, and the chip's own temperature."""

import errno

_READINGS = 16  # within half a millisecond: the converter's noise goes, the load's sag stays
_REFERENCE_MV = 3300
_DIVIDER = 2  # 100 k and 100 k
_PLAUSIBLE_MV = (2000, 4600)  # a cell that runs the board; outside, a wire is off
_FULL_SCALE = 65535


class Battery:
    def __init__(self, cell, chip) -> None:
        """cell, chip: ADC channels."""
        self._cell = cell
        self._chip = chip

    def read_mv(self) -> int:
        mv = _average(self._cell) * _REFERENCE_MV * _DIVIDER // (_FULL_SCALE * (_READINGS - 2))
        if not _PLAUSIBLE_MV[0] <= mv <= _PLAUSIBLE_MV[1]:
            raise OSError(errno.EIO)
        return mv

    def temperature(self) -> int:
        """By the RP2350 data sheet: 27 degrees at 0.706 V, 1.721 mV less for each degree more. Good to a few degrees."""
        uv = _average(self._chip) * _REFERENCE_MV * 10 // (_FULL_SCALE * (_READINGS - 2) // 100)
        return 27 - (uv - 706_000) // 1721


def _average(channel) -> int:
    """Sum of the readings without the lowest and the highest."""
    readings = [channel.read_u16() for _ in range(_READINGS)]
    return sum(readings) - min(readings) - max(readings)
