# SPDX-License-Identifier: Apache-2.0
"""Watches battery, card, slots, flash and heat, and says when something must happen. Pure: values in, events out."""

from sealcam.officer import machine

_TAPS = 5  # readings whose median is believed: a shutter or a radio burst sags the voltage for a moment
_REARM_MV = 60  # so far above a threshold the voltage must climb before the warning may come again
_SLOTS_LOW = 12  # about a minute
_HOT_C = 85


class Battery:
    """Median over five readings, hysteresis between warning and all clear."""

    def __init__(self, warn_mv: int, stop_mv: int, curve: tuple) -> None:
        self._warn_mv = warn_mv
        self._stop_mv = stop_mv
        self._curve = curve
        self._readings: list[int] = []
        self._warned = False
        self._stopped = False
        self.mv: int | None = None

    def feed(self, mv: int) -> list:
        """One reading a second."""
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
        """Too low to begin anything."""
        return self.mv is not None and self.mv <= self._stop_mv

    def percent(self) -> int:
        """Charge left by the board's curve."""
        if self.mv is None:
            return 0
        last_mv, last = self._curve[0]
        if self.mv >= last_mv:
            return last
        for mv, percent in self._curve[1:]:
            if self.mv >= mv:
                return percent + (last - percent) * (self.mv - mv) // (last_mv - mv)
            last_mv, last = mv, percent
        return 0


class Storage:
    """Card and flash."""

    def __init__(self) -> None:
        self._present = True
        self._low = False

    def feed(self, present: bool, ready: bool, free_slots: int, flash_free: int, flash_stop: int) -> list:
        """`ready`: the card that is in was opened and is this recorder's own."""
        events = []
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
