# SPDX-License-Identifier: Apache-2.0
"""A DS3231: registers that count seconds from when they were written, and a pin that falls as each second begins."""

from world import WORLD

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class RtcChip:
    def __init__(self, pin: int | None) -> None:
        self._pin = pin
        self.registers = bytearray(b"\x00\x00\x00\x01\x01\x01\x00" + bytes(7) + b"\x1c\x88\x00\x19\x00")
        self.due = WORLD.us + 1_000_000
        WORLD.timers.append(self)

    def fire(self) -> None:
        """A second has passed."""
        self.due += 1_000_000
        self._count()
        if self._pin is not None and not self.registers[0x0E] & 0x04:
            WORLD.level(self._pin, 0)
            WORLD.level(self._pin, 1)

    def read(self, register: int, count: int) -> bytes:
        return bytes(self.registers[register : register + count])

    def write(self, register: int, data: bytes) -> None:
        self.registers[register : register + len(data)] = data
        if register == 0:
            self.due = WORLD.us + 1_000_000

    def _count(self) -> None:
        second, minute, hour, _, day, month, year = [(value >> 4) * 10 + (value & 15) for value in self.registers[:7]]
        second += 1
        if second == 60:
            second, minute = 0, minute + 1
        if minute == 60:
            minute, hour = 0, hour + 1
        if hour == 24:
            hour, day = 0, day + 1
        if day > _DAYS[month - 1] + (month == 2 and year % 4 == 0):
            day, month = 1, month + 1
        if month == 13:
            month, year = 1, year + 1
        for place, value in enumerate((second, minute, hour, None, day, month, year)):
            if value is not None:
                self.registers[place] = value // 10 << 4 | value % 10
