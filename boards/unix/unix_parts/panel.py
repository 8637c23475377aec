# SPDX-License-Identifier: Apache-2.0
"""What the officer touches and sees: buttons, lights, vibration."""

_BUTTONS = 7
_READINGS = 2  # as often a press is read at least


class Buttons:
    """Presses are intervals of the world's time. As on a board with interrupts, one that ended between two readings is in two of them."""

    def __init__(self, world, control):
        self._world = world
        self._presses = []
        self._held = 0
        control.on("press", self._press)
        control.on("hold", self._hold)

    def read(self):
        return self._held | self._pressed() if self._presses else self._held

    def _pressed(self):
        now = self._world.refresh()
        self._presses = [press for press in self._presses if press[2] > now or press[3]]
        down = 0
        for press in self._presses:
            if press[1] <= now:
                down |= press[0]
                press[3] = max(0, press[3] - 1)
        return down

    def _press(self, op):
        """{"op": "press", "button": bits, "ms": n, "after_ms": n}"""
        if not 0 < op["button"] <= _BUTTONS:
            raise ValueError("no such button")
        start = self._world.refresh() + op.get("after_ms", 0)
        self._presses.append([op["button"], start, start + op["ms"], _READINGS])

    def _hold(self, op):
        """{"op": "hold", "buttons": bits}: down until the next hold."""
        self._held = op["buttons"] & _BUTTONS


class Lights:
    def __init__(self, control):
        self._control = control
        self.shown = (0, 0, 0)

    def set(self, green, red, yellow):
        shown = (green, red, yellow)
        if shown != self.shown:
            self.shown = shown
            self._control.event("lights", green=green, red=red, yellow=yellow)


class Vibrator:
    def __init__(self, control):
        self._control = control

    def buzz(self, ms):
        self._control.event("buzz", ms=ms)
