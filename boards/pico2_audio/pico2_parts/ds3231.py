# SPDX-License-Identifier: Apache-2.0
"""The calendar clock, a DS3231 with its own cell. It says nothing after its oscillator has stood still.

The chip counts whole seconds. Its square wave of 1 Hz falls when a second begins, and an interrupt notes the counter then. Where in
its second UTC stood when the clock was set is kept in two digits of the chip's unused alarm, which its cell backs too.
"""

import errno

from pico2_parts import civil

_ADDRESS = 0x68
_SECONDS, _ALARM, _CONTROL, _STATUS = 0x00, 0x07, 0x0E, 0x0F
_STOPPED = 0x80
_TICK_ON = 0x00  # oscillator on, square wave of 1 Hz in place of alarm interrupts
_CENTURY = 2000
_TICKS = 0x3FFF_FFFF
_TURN_MS = 1100  # without an edge for so long the square wave is not wired


class Clock:
    def __init__(self, bus, tick, falling: int, ticks_ms) -> None:
        """bus: I2C; tick: the pin of the square wave, which falls as a second begins. A chip that does not answer is told by `read_ms`."""
        self._bus = bus
        self._ticks = ticks_ms
        self._edge: int | None = None
        self._registers = bytearray(7)
        self._byte = bytearray(1)
        tick.irq(handler=self._on_tick, trigger=falling, hard=False)
        self._begun = False

    def read_ms(self) -> int | None:
        """None since the oscillator has stood still; OSError when the chip does not answer or holds digits that are no time."""
        self._begin()
        if self._get(_STATUS) & _STOPPED:
            return None
        while True:
            edge = self._edge
            self._bus.readfrom_mem_into(_ADDRESS, _SECONDS, self._registers)
            if edge == self._edge:
                break
        return self._seconds() * 1000 + self._since(edge) + self._offset()

    def set_ms(self, utc: int) -> None:
        self._begin()
        year, month, day, hour, minute, second = civil.from_seconds(utc // 1000)
        if not _CENTURY <= year < _CENTURY + 100:
            raise ValueError("the clock counts from 2000 to 2099")
        hundredths = utc % 1000 // 10
        digits = (second, minute, hour, 1, day, month, year - _CENTURY)
        self._put(_ALARM, bytes((hundredths // 10, hundredths % 10)))
        self._put(_SECONDS, bytes([_bcd(digit) for digit in digits]))  # a second begins now
        self._edge = self._ticks()
        self._put(_STATUS, bytes((self._get(_STATUS) & ~_STOPPED,)))

    def _begin(self) -> None:
        if not self._begun:
            self._put(_CONTROL, bytes((_TICK_ON,)))
            self._begun = True

    def _on_tick(self, _) -> None:
        self._edge = self._ticks()

    def _since(self, edge: int | None) -> int:
        """Milliseconds of the running second; 0 where nobody knows."""
        if edge is None:
            return 0
        passed = (self._ticks() - edge) & _TICKS
        return min(passed, 999) if passed < _TURN_MS else 0

    def _seconds(self) -> int:
        second, minute, hour, _, day, month, year = [_number(register) for register in self._registers]
        if second > 59 or minute > 59 or hour > 23 or not 1 <= day <= 31 or not 1 <= month <= 12:
            raise OSError(errno.EIO)
        return civil.to_seconds(_CENTURY + year, month, day, hour, minute, second)

    def _offset(self) -> int:
        return 100 * (self._get(_ALARM) & 15) + 10 * (self._get(_ALARM + 1) & 15)

    def _get(self, register: int) -> int:
        self._bus.readfrom_mem_into(_ADDRESS, register, self._byte)
        return self._byte[0]

    def _put(self, register: int, data: bytes) -> None:
        self._bus.writeto_mem(_ADDRESS, register, data)


def _bcd(number: int) -> int:
    return number // 10 << 4 | number % 10


def _number(register: int) -> int:
    """Of a register in binary-coded decimals; the century bit of the month is dropped."""
    if register & 15 > 9 or (register & 0x7F) >> 4 > 9:
        raise OSError(errno.EIO)
    return ((register & 0x7F) >> 4) * 10 + (register & 15)
