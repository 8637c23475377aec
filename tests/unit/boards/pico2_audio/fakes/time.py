# SPDX-License-Identifier: Apache-2.0
"""The interpreter's `time`, moved by the world."""

from world import WORLD

_MASK = (1 << 30) - 1


def ticks_ms() -> int:
    WORLD.spend(2)  # a call is not free, so a loop that waits for time ends
    return WORLD.us // 1000 & _MASK


def ticks_add(ticks: int, delta: int) -> int:
    return ticks + delta & _MASK


def ticks_diff(end: int, start: int) -> int:
    return ((end - start + (1 << 29)) & _MASK) - (1 << 29)


def sleep_ms(ms: int) -> None:
    WORLD.pass_ms(ms)
