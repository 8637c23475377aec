# SPDX-License-Identifier: Apache-2.0
"""The recorder's two clocks: milliseconds since boot, which order things, and UTC, which is never trusted more than it deserves."""

import struct
from errno import EIO

from sealcam import faults
from sealcam.chain import durable
from sealproto import records

_WRAP = 1 << 30
_DRIFT_PPM = 20  # of a usual clock crystal: what the uncertainty grows by since the clock was set
_STEP_MS = 2500  # a clock that shows whole seconds, read at any moment of them
_APART_PPM = 300  # between two crystals at most, in heat and cold
_FILE = "clock"
_LAYOUT = "<QI"  # UTC when it was set, its uncertainty then


class Clockkeeper:
    """Unwraps the board's counter, and says UTC with its source and uncertainty, or nothing.

    `ms` must be asked at least once in six days, which every task of the recorder does.
    """

    def __init__(self, board, folder: str) -> None:
        self._board = board
        self._path = folder + "/" + _FILE
        self._last = board.ticks_ms()
        self._ms = 0
        self._set_at: int | None = None
        self._uncertainty = 0
        self._anchor: tuple | None = None  # (UTC, counter) from which both clocks are compared
        self._load()

    def ms(self) -> int:
        """Milliseconds since this object was made, which is the boot; never falls, never wraps."""
        now = self._board.ticks_ms()
        self._ms += (now - self._last) % _WRAP
        self._last = now
        return self._ms

    def utc(self) -> list | None:
        """[UTC in ms, source, uncertainty in ms] as records carry it; None when the clock cannot be trusted."""
        now = self.utc_ms()
        if now is None:
            return None
        grown = abs(now - self._set_at) * _DRIFT_PPM // 1_000_000
        return [now, records.CLOCK_DOCK if self._board.RTC_BACKED else records.CLOCK_FREE, self._uncertainty + grown]

    def utc_ms(self) -> int | None:
        """UTC in ms, or None when the clock was never set or lost its power."""
        if self._set_at is None:
            return None
        try:
            return self._board.clock.read_ms()
        except OSError:
            return None

    def watch(self) -> tuple | None:
        """(faults.CLOCK*, error) when the calendar clock cannot be trusted any more, else None. Ask about once a second.

        A clock that runs otherwise than the counter, which cannot be set, is not believed again until a station sets it.
        """
        if self._set_at is None:
            return None
        try:
            now = self._board.clock.read_ms()
        except OSError as error:
            return faults.CLOCK, error
        if now is None:
            return faults.CLOCK_UNSET, OSError(EIO)
        if self._anchor is None:
            self._anchor = (now, self.ms())
        passed = self.ms() - self._anchor[1]
        apart = now - self._anchor[0] - passed
        if abs(apart) <= _STEP_MS + passed * _APART_PPM // 1_000_000:
            return None
        self._distrust()
        return faults.CLOCK_STEPPED, OSError(apart // 1000)

    def _distrust(self) -> None:
        self._set_at = self._anchor = None
        durable.remove(self._path)

    def set(self, utc: int, uncertainty: int) -> None:
        """Sets the calendar clock; durable before it counts. OSError when it cannot be set; then no time is trusted any more."""
        try:
            self._board.clock.set_ms(utc)
        except OSError:
            self._distrust()
            raise
        with open(self._path, "wb") as file:
            file.write(struct.pack(_LAYOUT, utc, uncertainty))
        self._set_at = utc
        self._uncertainty = uncertainty
        self._anchor = None

    def _load(self) -> None:
        try:
            with open(self._path, "rb") as file:
                raw = file.read()
        except OSError:
            return
        if len(raw) == struct.calcsize(_LAYOUT):
            self._set_at, self._uncertainty = struct.unpack(_LAYOUT, raw)
