# SPDX-License-Identifier: Apache-2.0
"""The calendar clock. Its state is a file, so it runs on through power cuts when the board backs it."""

import errno
import json

_RECORD = 96  # one short write of fixed length, so that a kill leaves the old state or the new one


class Clock:
    """State: `offset` and `base` in milliseconds and `ppm`, the clock's error since it was set; None: not running."""

    def __init__(self, path, world, control):
        self._file = open(path, "r+b")
        self._world = world
        self._state = self._load()
        self._fault = None
        control.on("clock", self._control)

    def read_ms(self):
        if self._fault:
            raise OSError(errno.EIO)
        if self._state is None:
            return None
        now = self._world.refresh()
        return now + self._state["offset"] + (now - self._state["base"]) * self._state["ppm"] // 1_000_000

    def set_ms(self, utc):
        if self._fault:
            raise OSError(errno.EIO)
        now = self._world.refresh()
        self._store({"offset": utc - now, "base": now, "ppm": self._state["ppm"] if self._state else 0})

    def _load(self):
        text = self._file.read(_RECORD).strip()
        return json.loads(text) if text else None

    def _store(self, state):
        self._state = state
        text = json.dumps(state) if state else ""
        self._file.seek(0)
        self._file.write(text + " " * (_RECORD - len(text)))

    def _control(self, op):
        """{"op": "clock", "lost": true | "utc": ms | "step_ms": n | "ppm": n, "fault": bool}"""
        if "fault" in op:
            self._fault = op["fault"]
        if op.get("lost"):
            self._store(None)
        if "utc" in op:
            self.set_ms(op["utc"])
        if self._state and "step_ms" in op:
            self.set_ms(self.read_ms() + op["step_ms"])
        if self._state and "ppm" in op:
            self.set_ms(self.read_ms())
            self._store({"offset": self._state["offset"], "base": self._state["base"], "ppm": op["ppm"]})
        return {"rtc": None if self._fault else self.read_ms()}
