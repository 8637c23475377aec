# SPDX-License-Identifier: Apache-2.0
"""How long the battery will last: from the charge that recordings really used, over what is left of it above the stop.

Nothing is assumed of the cell's capacity or the load. Until a recording has used a tenth there is no forecast; what was learned
is kept over power-off, since a recorder's load is the same every day. Pure, but for one small file.
"""

import struct

from sealcam.chain import durable

_NAME = "drain"
_LAYOUT = "<II"  # seconds of recording, thousandths of a charge that they used
_LEAST_S, _LEAST = 600, 100
_LONGEST_S = 8 * 3600  # older experience counts half each time that this is reached
_SETTLE_S = 60  # the voltage falls at once under load; that is no charge used
_NEW_BATTERY = 50  # thousandths upwards


class Forecast:
    """Charge in thousandths by the board's curve; fed once a second."""

    def __init__(self, folder: str) -> None:
        self._path = folder + "/" + _NAME
        self._seconds = self._used = 0
        raw = durable.get(self._path)
        if raw is not None and len(raw) == struct.calcsize(_LAYOUT):
            self._seconds, self._used = struct.unpack(_LAYOUT, raw)
        self._stretch = 0  # seconds of the present recording
        self._start: int | None = None  # charge when its voltage had settled
        self._charge = 0

    def feed(self, charge: int, recording: bool) -> None:
        """OSError when a recording has ended and what was learned cannot be kept."""
        if not recording:
            self._end()
            return
        if self._start is not None and charge > self._charge + _NEW_BATTERY:
            self._take()
            self._stretch, self._start = 0, None
        self._charge = charge
        self._stretch += 1
        if self._stretch >= _SETTLE_S and self._start is None:
            self._start = charge

    def left_ms(self, charge: int, stop: int) -> int | None:
        """Recording time until the charge `stop` is reached; None while not enough was seen."""
        seconds, used = self._seen()
        if seconds < _LEAST_S or used < _LEAST:
            return None
        return max(0, charge - stop) * seconds // used * 1000

    def _seen(self) -> tuple:
        if self._start is None:
            return self._seconds, self._used
        return self._seconds + self._stretch - _SETTLE_S, self._used + max(0, self._start - self._charge)

    def _take(self) -> None:
        self._seconds, self._used = self._seen()
        while self._seconds > _LONGEST_S:
            self._seconds //= 2
            self._used //= 2

    def _end(self) -> None:
        if self._start is not None:
            self._take()
            self._stretch, self._start = 0, None
            durable.put(self._path, struct.pack(_LAYOUT, self._seconds, self._used))
        self._stretch = 0
