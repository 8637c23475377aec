# SPDX-License-Identifier: Apache-2.0
"""The microphone: hears the reel, its recorder's speaker a little later and softer, and people and recorders close by."""

import errno

from unix_parts.mix import hiss, mix, scale
from unix_parts.neighbour import Neighbour

_BUFFER_MS = 2000
_CHUNK = 2048


class Microphone:
    """Samples are numbered since 1970. Faults: "lost" (EIO), "dead" (zeros), or None; `gain` in 1/256 muffles."""

    RATE = 16000

    def __init__(self, reel, speaker, settings, world, control):
        self.reel = reel
        self._speaker = speaker
        self._world = world
        self._per_ms = self.RATE // 1000
        self._delay = settings["echo_ms"] * self._per_ms
        self._echo = settings["echo_gain"]
        self._seed = settings["seed"]
        self._next = None
        self._lost = 0
        self._fault = None
        self._gain = 256
        self._voices = []
        self._neighbours = []
        self._chunk = bytearray(2 * _CHUNK)
        control.on("microphone", self._ops)
        control.on("say", self._say)
        control.on("near", self._near)

    def start(self):
        if self._fault == "lost":
            raise OSError(errno.EIO)
        self._next = self._world.refresh() * self._per_ms
        self._lost = 0

    def stop(self):
        self._next = None

    def lost(self):
        return self._lost

    def readinto(self, buf):
        if self._fault == "lost":
            raise OSError(errno.EIO)
        if self._next is None:
            return 0
        ready = self._world.refresh() * self._per_ms - self._next
        missed = ready - _BUFFER_MS * self._per_ms
        if missed > 0:
            self._next += missed
            self._lost += missed
            ready -= missed
        count = max(0, min(ready, len(buf) // 2))  # after a `drop` the next sample may lie in the future
        if count > 0:
            self._hear(buf, count)
            self._next += count
        return 2 * count

    def _hear(self, buf, count):
        if self._fault == "dead":
            buf[: 2 * count] = bytes(2 * count)
            return
        self.reel.sound(self._next, buf, count)
        echo = self._speaker.mix_into(buf, self._next - self._delay, count, self._echo)
        if echo:
            self._seed = hiss(buf, echo[0], echo[1], 6, self._seed)
        for voice in self._voices:
            self._add(voice, buf, count)
        for neighbour in self._neighbours:
            neighbour.mix_into(buf, self._next, count)
        if self._gain != 256:
            scale(buf, count, self._gain)

    def _add(self, voice, buf, count):
        start, file, length, gain = voice
        at = max(self._next, start)
        stop = min(self._next + count, start + length)
        while at < stop:
            part = min(_CHUNK, stop - at)
            file.seek(2 * (at - start))
            file.readinto(self._chunk, 2 * part)
            mix(buf, at - self._next, self._chunk, 0, -1, part, gain)
            at += part

    def _say(self, op):
        """{"op": "say", "path": PCM file, "gain": n}: somebody speaks from now on, heard by whoever records."""
        now = self._world.refresh() * self._per_ms
        still = [voice for voice in self._voices if voice[0] + voice[2] + _BUFFER_MS * self._per_ms > now]
        file = open(op["path"], "rb")
        length = file.seek(0, 2) // 2
        self._voices = still + [(now, file, length, op.get("gain", 256))]
        return {"ms": length // self._per_ms}

    def _near(self, op):
        """{"op": "near", "neighbours": [[sound log, gain, delay in ms], ...]}: recorders close by, instead of those before."""
        self._neighbours = [Neighbour(path, gain, delay * self._per_ms) for path, gain, delay in op["neighbours"]]

    def _ops(self, op):
        """{"op": "microphone", "fault": null | "lost" | "dead", "gain": n, "drop": samples}"""
        self._fault = op.get("fault", self._fault)
        self._gain = op.get("gain", self._gain)
        if self._next is not None and "drop" in op:
            self._next += op["drop"]
            self._lost += op["drop"]
