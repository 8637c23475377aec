# SPDX-License-Identifier: Apache-2.0
"""Battery and calendar clock. The clock has no battery of its own: it is unset after each start until somebody sets it."""

import time


class Battery:
    def __init__(self):
        self.mv = 3950

    def read_mv(self):
        return self.mv

    def temperature(self):
        return None


class Clock:
    def __init__(self):
        self._offset = None
        self._ticks = time.ticks_ms()
        self._ms = 0

    def read_ms(self):
        now = time.ticks_ms()
        self._ms += time.ticks_diff(now, self._ticks)
        self._ticks = now
        return None if self._offset is None else self._offset + self._ms

    def set_ms(self, utc):
        self.read_ms()
        self._offset = utc - self._ms
