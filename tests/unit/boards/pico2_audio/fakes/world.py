# SPDX-License-Identifier: Apache-2.0
"""The time that the fakes charge, the calls that they saw, and the wires between them.

`pins[n].level` is what the outside puts on a pin. Each chip hangs on a bus of `machine.py` by its place in `wired`.
"""

_START_US = ((1 << 30) - 5000) * 1000  # five seconds before the counter wraps


class World:
    def __init__(self) -> None:
        self.us = _START_US
        self.calls: list[tuple] = []
        self.pins: dict = {}
        self.wired: dict = {}
        self.timers: list = []
        self.interrupts_off = 0

    def spend(self, us: int) -> None:
        """Time passes; timers that fall due run in order."""
        until = self.us + us
        while True:
            due = [timer for timer in self.timers if timer.due is not None and timer.due <= until]
            if not due or self.interrupts_off:
                break
            first = min(due, key=lambda timer: timer.due)
            self.us = max(self.us, first.due)
            first.fire()
        self.us = until

    def pass_ms(self, ms: int) -> None:
        self.spend(ms * 1000)

    def call(self, *what: object) -> None:
        self.calls.append(what)

    def level(self, number: int, level: int) -> None:
        """The outside drives a pin; an interrupt comes of it."""
        pin = self.pins[number]
        old, pin.level = pin.level, level
        if old != level and pin.handler and pin.trigger & (pin.IRQ_RISING if level else pin.IRQ_FALLING):
            pin.handler(pin)


WORLD = World()
