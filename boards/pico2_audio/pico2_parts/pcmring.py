# SPDX-License-Identifier: Apache-2.0
"""Rings of sound in RAM that a DMA channel walks by itself, and the count of samples that it has passed.

The channel wraps its address in hardware and never ends, so sound goes on while flash is erased, the heap is collected or the card
is busy. Nothing tells when it has lapped the reader, except the clock: the sample rate is divided from the same crystal as
the milliseconds, without a remainder, so both never drift apart.
"""

from uctypes import addressof

RATE = 16000
ADDRESS_BITS = 15  # the most that the hardware wraps
BYTES = 1 << ADDRESS_BITS  # 1.024 s
SAMPLES = BYTES // 2
ENDLESS = 0xF000_0001  # RP2350: mode 15 in the count's top bits; the count itself does not fall
_TICKS = 0x3FFF_FFFF


def rings(count: int) -> list:
    """[(memoryview, address), ...], each aligned as the hardware demands."""
    raw = bytearray((count + 1) * BYTES - 1)
    first = -addressof(raw) % BYTES
    view = memoryview(raw)
    return [(view[at : at + BYTES], addressof(raw) + at) for at in range(first, first + count * BYTES, BYTES)]


class Passed:
    """Samples that the channel has passed since `start`. Must be asked at least once in six days."""

    def __init__(self, ticks_ms) -> None:
        self._ticks = ticks_ms
        self.total = 0

    def start(self) -> None:
        self._last = self._ticks()
        self._place = 0
        self.total = 0

    def follow(self, place: int) -> int:
        """place: the channel's sample in the ring now. Whole laps come from the time that went by."""
        now = self._ticks()
        expected = ((now - self._last) & _TICKS) * (RATE // 1000)
        moved = (place - self._place) % SAMPLES
        moved += max(0, (expected - moved + SAMPLES // 2) // SAMPLES) * SAMPLES
        self._last = now
        self._place = place
        self.total += moved
        return self.total
