# SPDX-License-Identifier: Apache-2.0
"""What the officer sees and feels: three lights that blink by a timer, and the motor."""

_STEP_MS = 125
_ON_STEPS = (0, 0b1111_1111, 0b0000_1111, 0b0101_0101)  # of eight steps, by pattern: off, on, slow, fast


class Lights:
    def __init__(self, pins: tuple, timer, periodic: int) -> None:
        """pins: green, red, yellow."""
        self._pins = pins
        self._shown = bytearray(3)
        self._step = 0
        timer.init(mode=periodic, period=_STEP_MS, callback=self._on_step)

    def set(self, green: int, red: int, yellow: int) -> None:
        self._shown[0], self._shown[1], self._shown[2] = green, red, yellow
        self._show()

    def _on_step(self, _) -> None:
        self._step = (self._step + 1) % 8
        self._show()

    def _show(self) -> None:
        for place, pin in enumerate(self._pins):
            pin.value(_ON_STEPS[self._shown[place]] >> self._step & 1)


class Vibrator:
    def __init__(self, pin, timer, one_shot: int) -> None:
        self._pin = pin
        self._timer = timer
        self._mode = one_shot

    def buzz(self, ms: int) -> None:
        """A new buzz replaces the one that lasts."""
        self._pin.value(1)
        self._timer.init(mode=self._mode, period=ms, callback=self._off)

    def _off(self, _) -> None:
        self._pin.value(0)
