# SPDX-License-Identifier: Apache-2.0
"""The watchdog: armed by its first feeding, it ends the recorder when fed too late."""

_LIMIT_MS = 8000


class Watchdog:
    def __init__(self, world, control):
        self._world = world
        self._control = control
        self._fed = None

    def feed(self):
        self._fed = self._world.refresh()

    def check(self):
        if self._fed is not None and self._world.now - self._fed > _LIMIT_MS:
            self._control.halt("watchdog", late_ms=self._world.now - self._fed)
