# SPDX-License-Identifier: Apache-2.0
"""The memory card in its socket: found again after each insertion, and never mistaken for the one that was in before."""

import errno

from pico2_parts.sdspi import SECTOR


class Card:
    """The socket's switch interrupts, so that a card swapped between two looks is seen: `present` says no once."""

    def __init__(self, driver, switch, falling_or_rising: int) -> None:
        """driver: SdSpi; switch: pin that is low while a card is in."""
        self._driver = driver
        self._switch = switch
        self._sectors = 0
        self._moved = bytearray(1)  # a byte, since an interrupt may not allocate
        switch.irq(handler=self._on_switch, trigger=falling_or_rising, hard=True)

    def present(self) -> bool:
        moved = self._moved[0]
        if moved:
            self._moved[0] = 0
            self._sectors = 0
        return not moved and not self._switch.value()

    def sectors(self) -> int:
        self._demand()
        return self._sectors

    def read(self, sector: int, buf) -> None:
        self._check(sector, buf)
        self._do(self._driver.read, sector, buf)

    def write(self, sector: int, buf) -> None:
        self._check(sector, buf)
        self._do(self._driver.write, sector, buf)

    def _do(self, work, sector: int, buf) -> None:
        try:
            work(sector, memoryview(buf))
        except OSError:
            self._sectors = 0  # whatever the card is doing now, it must be woken anew
            if self._moved[0] or self._switch.value():
                raise OSError(errno.ENODEV)
            raise

    def _on_switch(self, _) -> None:
        self._moved[0] = 1

    def _demand(self) -> None:
        if self._moved[0] or self._switch.value():
            raise OSError(errno.ENODEV)
        if not self._sectors:
            self._sectors = self._driver.begin()

    def _check(self, sector: int, buf) -> None:
        self._demand()
        if not len(buf) or len(buf) % SECTOR:
            raise OSError(errno.EINVAL)
        if sector < 0 or sector + len(buf) // SECTOR > self._sectors:
            raise OSError(errno.EIO)
