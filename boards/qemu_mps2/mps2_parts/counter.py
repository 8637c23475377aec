# SPDX-License-Identifier: Apache-2.0
"""Counts instructions of a call: 40 to a tick of the board's timer, exact to two ticks."""

from mps2 import ticks

_PER_TICK = 40
_MASK = 0x3FFFFFFF


class Counter:
    """Adds up what is between start() and stop(); the cost of these two is taken off."""

    def __init__(self) -> None:
        self._ticks = 0
        self._since = 0
        self._own = 0
        self.start()
        self.stop()
        self._own, self._ticks = self._ticks, 0

    def start(self) -> None:
        self._since = ticks()

    def stop(self) -> None:
        self._ticks += ((ticks() - self._since) & _MASK) - self._own

    @property
    def instructions(self) -> int:
        return self._ticks * _PER_TICK


def cost(function, *arguments) -> int:
    """Instructions of one call."""
    counter = Counter()
    counter.start()
    function(*arguments)
    counter.stop()
    return counter.instructions
