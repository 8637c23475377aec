# SPDX-License-Identifier: Apache-2.0
"""`machine` as the rp2 port has it, as far as the board uses it: every call is noted, and time is charged."""

import errno

from world import WORLD

PWRON_RESET, WDT_RESET = 1, 3
_CALL_US = 10


def reset_cause() -> int:
    return WORLD.wired.get("reset", PWRON_RESET)


class Pin:
    IN, OUT = 0, 1
    PULL_UP, PULL_DOWN = 1, 2
    IRQ_FALLING, IRQ_RISING = 4, 8

    def __init__(self, number: int, mode: int | None = None, pull: int | None = None, value: int | None = None) -> None:
        if number in WORLD.pins and (mode, pull) != (None, None):
            raise ValueError(f"pin {number} is wired twice")
        self.number = number
        self.mode = mode
        self.level = (1 if pull == self.PULL_UP else 0) if value is None else value
        self.handler = None
        self.trigger = 0
        WORLD.pins[number] = self

    def value(self, level: int | None = None):
        if level is None:
            return self.level
        if self.mode != self.OUT:
            raise ValueError("not an output")
        if level != self.level:
            WORLD.call("pin", self.number, level)
        self.level = level

    def irq(self, handler=None, trigger: int = 12, hard: bool = False) -> None:
        self.handler = handler
        self.trigger = trigger
        self.hard = hard


class SPI:
    def __init__(self, number: int, baudrate: int, sck: Pin, mosi: Pin, miso: Pin) -> None:
        self.baudrate = baudrate
        self.number = number

    def init(self, baudrate: int) -> None:
        WORLD.call("spi", baudrate)
        self.baudrate = baudrate

    def _spend(self, count: int) -> None:
        WORLD.spend(_CALL_US + count * 8_000_000 // self.baudrate)

    def write(self, buf) -> None:
        self._spend(len(buf))
        WORLD.wired["spi"].take(bytes(buf), self.baudrate)

    def readinto(self, buf, fill: int = 0) -> None:
        self._spend(len(buf))
        WORLD.wired["spi"].give(buf, fill)


class I2C:
    def __init__(self, number: int, sda: Pin, scl: Pin, freq: int) -> None:
        pass

    def _chip(self, address: int):
        WORLD.spend(300)
        chip = WORLD.wired.get(("i2c", address))
        if chip is None:
            raise OSError(errno.EIO)
        return chip

    def readfrom_mem_into(self, address: int, register: int, buf) -> None:
        buf[:] = self._chip(address).read(register, len(buf))

    def writeto_mem(self, address: int, register: int, data: bytes) -> None:
        self._chip(address).write(register, data)


class ADC:
    CORE_TEMP = 8

    def __init__(self, channel) -> None:
        self._name = ("adc", channel.number if isinstance(channel, Pin) else channel)

    def read_u16(self) -> int:
        WORLD.spend(15)
        return WORLD.wired[self._name]()


class Timer:
    PERIODIC, ONE_SHOT = 1, 0

    def __init__(self) -> None:
        self.due = None
        WORLD.timers.append(self)

    def init(self, mode: int, period: int, callback) -> None:
        self._mode, self._period, self._callback = mode, period, callback
        self.due = WORLD.us + period * 1000

    def fire(self) -> None:
        self.due = self.due + self._period * 1000 if self._mode == self.PERIODIC else None
        self._callback(self)


class WDT:
    def __init__(self, timeout: int) -> None:
        if timeout > 8388:
            raise ValueError("timeout exceeds 8388")
        WORLD.call("wdt", timeout)

    def feed(self) -> None:
        WORLD.call("wdt-fed", WORLD.us // 1000)
