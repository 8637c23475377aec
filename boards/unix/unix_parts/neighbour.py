# SPDX-License-Identifier: Apache-2.0
"""Another recorder close by, as this one's microphone hears it: its sound log, read while that recorder writes it."""

import struct

from unix_parts.mix import mix

_HEAD = 16
_CHUNK = 2048


class Neighbour:
    """`delay` samples lie between its speaker and this microphone: at least what the two recorders' times are apart in a run."""

    def __init__(self, path, gain, delay):
        self._file = open(path, "rb")
        self._gain = gain
        self._delay = delay
        self._next = 0  # where the block after the present one begins in the file
        self._data = 0
        self._first = 0
        self._count = 0
        self._chunk = bytearray(2 * _CHUNK)

    def mix_into(self, buf, first, samples):
        """Adds what it played so long ago; `first` is the number of the microphone's sample, never less than before."""
        first -= self._delay
        at = first
        while at < first + samples:
            if at >= self._first + self._count:
                if not self._block():
                    return
                at = max(at, self._first)
                continue
            at = max(at, self._first)
            stop = min(first + samples, self._first + self._count)
            while at < stop:
                count = min(_CHUNK, stop - at)
                self._file.seek(self._data + 2 * (at - self._first))
                self._file.readinto(self._chunk, 2 * count)
                mix(buf, at - first, self._chunk, 0, -1, count, self._gain)
                at += count

    def _block(self):
        """Goes on to the next block that is there; False when there is none yet."""
        self._file.seek(self._next)
        head = self._file.read(_HEAD)
        if len(head) < _HEAD:
            return False
        _, self._first, self._count = struct.unpack("<4sQI", head)
        self._data = self._next + _HEAD
        self._next = self._data + 2 * self._count
        return True
