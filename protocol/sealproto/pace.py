# SPDX-License-Identifier: Apache-2.0
"""How large a frame should be: from the measured loss to the payload that brings most bytes through.

With independent errors a frame of N bytes on the line survives with exp(-rN), so a payload of n bytes behind h bytes of overhead is best
where n (n + h) = h / r. The rate r is losses over bytes sent, halved together when the sum grows, so old weather is forgotten.
"""

from .frame import OVERHEAD
from .limits import PAYLOAD_MIN

_MEMORY = 65536  # bytes on the line after which both counts are halved
_WORST = 128  # bytes from one loss to the next that PAYLOAD_MIN suits
_UNIT = 16  # losses are counted in sixteenths


def isqrt(n: int) -> int:
    """The integer square root of n >= 0 (Newton)."""
    if n < 2:
        return n
    x = n
    y = (x + 1) // 2
    while y < x:
        x = y
        y = (x + n // x) // 2
    return x


class Pace:
    """Counts the fate of frames and names the payload size; `payload` is always between PAYLOAD_MIN and the given maximum."""

    def __init__(self, payload_max: int) -> None:
        self._max = payload_max
        self._lost = _UNIT // 4  # a cautious guess: a loss in 4 KiB, 215 bytes of payload
        self._bytes = 1024
        self.settle()

    def good(self, size: int) -> None:
        """A frame of so many bytes on the line arrived."""
        self._count(size, 0)

    def bad(self, size: int) -> None:
        """A frame was lost; on average half of it was sound before the error."""
        self._count(size // 2, _UNIT)

    def halve(self) -> None:
        """The peer fell silent: perhaps nothing gets through at this size, so go on with half of it."""
        self._lost = min(max(4 * self._lost, 1), self._bytes * _UNIT // _WORST)
        self.settle()

    def _count(self, size: int, lost: int) -> None:
        self._bytes += size
        self._lost += lost
        if self._bytes >= _MEMORY:
            self._bytes //= 2
            self._lost //= 2

    def settle(self) -> None:
        """Names the payload anew; once for each acknowledgement is often enough."""
        if not self._lost:
            self.payload = self._max
            return
        best = (isqrt(OVERHEAD * OVERHEAD + 4 * OVERHEAD * self._bytes * _UNIT // self._lost) - OVERHEAD) // 2
        self.payload = max(PAYLOAD_MIN, min(self._max, best))
