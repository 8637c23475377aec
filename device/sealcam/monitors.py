# SPDX-License-Identifier: Apache-2.0
"""Watches battery, card, slots, flash and heat, and says when something must happen. Pure: values in, events out."""

from sealcam.officer import machine

_TAPS = 5  # readings whose median is believed: a shutter or a radio burst sags the voltage for a moment
_REARM_MV = 60  # so far above a threshold the voltage must climb before the warning may come again
_STRAIN_S = 30  # an announcement lasts eight; what sags for so long is no sag
_MILD_C, _COLD_MV = 20, 4  # a lithium cell gives about so much less for each degree below (tests/unit/device/cells.py)
_SLOTS_LOW = 12  # about a minute
_HOT_C = 85


class Battery:
    """Median over five readings, hysteresis between warning and all clear, charge by the board's curve and the temperature.

    `mv` is None before the first reading, and again while the gauge is silent: no answer is ever made of an old voltage.
    """

    def __init__(self, warn_mv: int, stop_mv: int, curve: tuple) -> None:
        self._warn_mv = warn_mv
        self._stop_mv = stop_mv
        self._curve = curve
        self._readings: list[int] = []
        self._warned = False
        self._stopped = False
        self._strained = 0
        self._cold = 0
        self.mv: int | None = None

    def plausible(self, mv: int) -> bool:
        """Whether a cell of this curve that still runs the recorder can have that voltage; else the gauge is broken."""
        return self._curve[-1][0] * 3 // 4 <= mv <= self._curve[0][0] * 6 // 5

    def silent(self) -> None:
        """The gauge did not answer, or nonsense."""
        self._readings = []
        self.mv = None

    def feed(self, mv: int, strained: bool = False, celsius: int | None = None) -> list:
        """One reading a second. `strained`: the speaker is playing now; such a reading counts when this has lasted long, or when it
        is clearly higher than what is believed: a load never raises a voltage, but a charged battery does.
        """
        self._cold = max(0, _MILD_C - celsius) if celsius is not None else 0
        self._strained = self._strained + 1 if strained else 0
        if 0 < self._strained <= _STRAIN_S and self.mv is not None and mv <= self.mv + _REARM_MV:
            return []
        self._readings = (self._readings + [mv])[-_TAPS:]
        self.mv = sorted(self._readings)[len(self._readings) // 2]
        if len(self._readings) < _TAPS:
            return []
        events = []
        if self.mv <= self._stop_mv and not self._stopped:
            self._stopped = True
            events.append(machine.BATTERY_EMPTY)
        elif self.mv <= self._warn_mv and not self._warned:
            self._warned = True
            events.append(machine.BATTERY_WARN)
        if self.mv > self._warn_mv + _REARM_MV:
            self._warned = self._stopped = False
        return events

    @property
    def empty(self) -> bool:
        """Too low to begin anything. A cell that was empty and recovers at rest stays so until it is above the warning."""
        return self.mv is not None and (self.mv <= self._stop_mv or (self._stopped and self.mv <= self._warn_mv))

    def percent(self) -> int | None:
        """Charge left; None while the voltage is not known."""
        charge = self.charge()
        return None if charge is None else charge // 10

    def charge(self) -> int | None:
        """In thousandths, by the board's curve, which a cold cell lies below."""
        return None if self.mv is None else self._at(self.mv + self._cold * _COLD_MV)

    def stop_charge(self) -> int:
        """What is left when recording stops, in thousandths."""
        return self._at(self._stop_mv + self._cold * _COLD_MV)

    def _at(self, mv: int) -> int:
        last_mv, last = self._curve[0]
        if mv >= last_mv:
            return last * 10
        for low_mv, percent in self._curve[1:]:
            if mv >= low_mv:
                return percent * 10 + (last - percent) * 10 * (mv - low_mv) // (last_mv - low_mv)
            last_mv, last = low_mv, percent
        return 0


class Storage:
    """Card and flash."""

    def __init__(self) -> None:
        self._present = True
        self._swapped = False
        self._low = False

    def feed(self, present: bool, swapped: bool, ready: bool, free_slots: int, flash_free: int, flash_stop: int) -> list:
        """`swapped`: another card is in than the one that was opened, which then was out, whether or not its switch told.
        `ready`: the card that is in was opened and is this recorder's own.
        """
        events = []
        present = present and not (swapped and not self._swapped)
        self._swapped = swapped
        if present != self._present:
            self._present = present
            events.append(machine.CARD_BACK if present else machine.CARD_REMOVED)
        if flash_free < flash_stop:
            events.append(machine.FLASH_LOW)
        if ready and free_slots <= _SLOTS_LOW and not self._low:
            events.append(machine.SLOTS_LOW)
        self._low = ready and free_slots <= _SLOTS_LOW
        return events


def heat(celsius: int | None) -> list:
    return [machine.TOO_HOT] if celsius is not None and celsius >= _HOT_C else []


def believable(celsius: int | None) -> bool:
    """Whether a recorder that still runs can be that hot or cold."""
    return celsius is None or -60 <= celsius <= 150
