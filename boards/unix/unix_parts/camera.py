# SPDX-License-Identifier: Apache-2.0
"""The camera: looks at the reel at its own rate, with two buffers as a small sensor driver has."""

import errno

_BUFFERS = 2


class Camera:
    """Faults: "lost" (EIO), "stalled" (no new frame), "frozen" (the same picture again and again), or None."""

    def __init__(self, reel, world, control):
        self.WIDTH = reel.width
        self.HEIGHT = reel.height
        self.FRAMES_PER_S = reel.fps
        self.reel = reel
        self._world = world
        self._started = None
        self._next = 0
        self._fault = None
        self._covered = False
        self._frozen = 0
        control.on("camera", self._control)

    def start(self):
        if self._fault == "lost":
            raise OSError(errno.EIO)
        self._started = self._world.refresh()
        self._next = 0

    def stop(self):
        self._started = None

    def capture(self, buf):
        if self._fault == "lost":
            raise OSError(errno.EIO)
        if self._started is None or self._fault == "stalled":
            return None
        newest = (self._world.refresh() - self._started) * self.FRAMES_PER_S // 1000 - 1
        number = max(self._next, newest + 1 - _BUFFERS)
        if number > newest:
            return None
        exposed = self._started + (number + 1) * 1000 // self.FRAMES_PER_S
        length = self._picture(exposed, buf)
        self._next = number + 1
        return length, number, self._world.ticks_at(exposed)

    def _picture(self, exposed, buf):
        if self._covered:
            return self.reel.dark(buf)
        return self.reel.picture(self._frozen if self._fault == "frozen" else exposed, buf)

    def _control(self, op):
        """{"op": "camera", "fault": null | "lost" | "stalled" | "frozen", "covered": bool}"""
        if "fault" in op:
            self._fault = op["fault"]
            self._frozen = self._world.refresh()
        if "covered" in op:
            self._covered = op["covered"]
