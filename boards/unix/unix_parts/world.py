# SPDX-License-Identifier: Apache-2.0
"""The time of the simulated world, in milliseconds of UTC, and the recorder's ticks made from it.

Virtual: `now` stands still until someone moves it. Real: `now` follows the machine's clock times `speed`.
Ticks start shortly before their wrap, so that every run crosses it.
"""

import time

_MASK = (1 << 30) - 1
_HALF = 1 << 29
# Reading the time this often without the loop getting a turn is a busy wait; it must end, so time moves on.
_SPIN = 20_000


class World:
    def __init__(self, now, ticks_start):
        self.now = now
        self.boot = now
        self.real = False
        self.speed = 1.0
        self._offset = ticks_start - now
        self._spins = 0
        self._base = 0
        self._mark = 0

    def follow_real(self, speed):
        """From here on the machine's clock drives the world, `speed` times as fast."""
        self.refresh()
        self.real = True
        self.speed = speed
        self._base = self.now
        self._mark = time.ticks_us()

    def stand_still(self):
        """From here on only `advance` and `spend` move time."""
        self.refresh()
        self.real = False

    def refresh(self):
        if self.real:
            elapsed = time.ticks_diff(time.ticks_us(), self._mark)
            self.now = max(self.now, self._base + int(elapsed * self.speed) // 1000)
        return self.now

    def advance(self, to):
        """Virtual time jumps to `to`, never back."""
        self._spins = 0
        if to > self.now:
            self.now = to

    def spend(self, ms):
        """Time that a blocking part takes."""
        if self.real:
            time.sleep_us(int(ms * 1000 / self.speed))
            self.refresh()
        else:
            self.now += ms

    def linear(self):
        """Ticks before wrapping."""
        if self.real:
            self.refresh()
        return self.now + self._offset

    def ticks(self):
        if self.real:
            self.refresh()
        return (self.now + self._offset) & _MASK

    def ticks_at(self, when):
        """Ticks at a moment of the world."""
        return (when + self._offset) & _MASK

    def ticks_polled(self):
        """Ticks for the application, which may be waiting for them to change."""
        self._spins += 1
        if self._spins > _SPIN and not self.real:
            self.now += 1
        return self.ticks()


def ticks_add(ticks, delta):
    return (ticks + delta) & _MASK


def ticks_diff(end, start):
    return ((end - start + _HALF) & _MASK) - _HALF
