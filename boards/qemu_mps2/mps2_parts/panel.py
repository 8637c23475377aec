# SPDX-License-Identifier: Apache-2.0
"""What the officer touches and sees. Buttons and the cable come from a script of the board's time, or as bytes on the control line: each
what is held, and whether the cable is in, from then on.
"""

import time

_BUTTONS = 7
_CABLE = 8
_READINGS = 2  # what was held is told so often, however soon it was let go


class Buttons:
    def __init__(self, line):
        self._line = line
        self._byte = bytearray(1)
        self._held = 0
        self._shown = 0
        self.cable = False
        self.script = ()  # (from, to, buttons) in ms of the board's time

    def read(self):
        if self._shown >= _READINGS and self._line.readinto(self._byte):
            self._held = self._byte[0]
            self._shown = 0
        self._shown += 1
        down = self._held
        if self.script:
            now = time.ticks_ms()
            for start, end, buttons in self.script:
                if start <= now < end:
                    down |= buttons
        self.cable = bool(down & _CABLE)
        return down & _BUTTONS


class Lights:
    def __init__(self, trace):
        self._trace = trace

    def set(self, green, red, yellow):
        self._trace("lights", green, red, yellow)


class Vibrator:
    def __init__(self, trace):
        self._trace = trace

    def buzz(self, ms):
        self._trace("buzz", ms)
