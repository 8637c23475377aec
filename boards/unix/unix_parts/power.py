# SPDX-License-Identifier: Apache-2.0
"""The battery, as the simulator tells it, with a little ripple so that nobody may trust a single reading."""

import errno


class Battery:
    """The voltage runs along straight lines between points (ms of the world, mV); beyond the ends it stays."""

    def __init__(self, points, temperature, ripple_mv, seed, world, control):
        self._points = points
        self._temperature = temperature
        self._ripple = ripple_mv
        self._seed = seed
        self._world = world
        self._fault = None
        control.on("battery", self._control)

    def read_mv(self):
        if self._fault:
            raise OSError(errno.EIO)
        now = self._world.refresh()
        noise = ((now * 2654435761 + self._seed) >> 9) % (2 * self._ripple + 1) - self._ripple
        return self._smooth(now) + noise

    def temperature(self):
        return self._temperature

    def _smooth(self, now):
        last = self._points[0]
        for point in self._points:
            if point[0] > now:
                span = max(1, point[0] - last[0])
                return last[1] + (point[1] - last[1]) * max(0, now - last[0]) // span
            last = point
        return last[1]

    def _control(self, op):
        """{"op": "battery", "mv": n | "points": [[ms, mv], ...], "temperature": n | null, "fault": bool}"""
        if "mv" in op:
            self._points = [[0, op["mv"]]]
        if "points" in op:
            self._points = sorted(op["points"])
        if "temperature" in op:
            self._temperature = op["temperature"]
        if "fault" in op:
            self._fault = op["fault"]
        return {"mv": self._smooth(self._world.refresh())}
