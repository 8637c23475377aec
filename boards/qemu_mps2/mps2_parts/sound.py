# SPDX-License-Identifier: Apache-2.0
"""Microphone and speaker. One hears a made-up sound, the other is heard by nobody; both keep the board's time."""

import time

from mps2_parts.loops import tone

_RATE = 16000
_PER_MS = _RATE // 1000
_BUFFER_MS = 2000
_QUEUE_MS = 500


class Microphone:
    RATE = _RATE

    def __init__(self):
        self._since = None
        self._given = 0
        self._lost = 0

    def start(self):
        self._since = time.ticks_ms()
        self._given = 0
        self._lost = 0

    def stop(self):
        self._since = None

    def lost(self):
        return self._lost

    def readinto(self, buf):
        if self._since is None:
            return 0
        ready = time.ticks_diff(time.ticks_ms(), self._since) * _PER_MS - self._given
        missed = ready - _BUFFER_MS * _PER_MS
        if missed > 0:
            self._given += missed
            self._lost += missed
            ready -= missed
        count = min(ready, len(buf) // 2)
        if count > 0:
            tone(buf, self._given, count)
            self._given += count
        return 2 * count


class Speaker:
    RATE = _RATE

    def __init__(self):
        self._until = time.ticks_ms()

    def write(self, buf):
        now = time.ticks_ms()
        if time.ticks_diff(self._until, now) < 0:
            self._until = now
        room = (_QUEUE_MS - time.ticks_diff(self._until, now)) * _PER_MS
        count = min(len(buf) // 2, room) // _PER_MS * _PER_MS or min(len(buf) // 2, room)
        self._until = time.ticks_add(self._until, -(-count // _PER_MS))
        return 2 * count

    def pending_ms(self):
        return max(0, time.ticks_diff(self._until, time.ticks_ms()))

    def clear(self):
        self._until = time.ticks_ms()
