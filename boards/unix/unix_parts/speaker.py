# SPDX-License-Identifier: Apache-2.0
"""The speaker: plays at its real rate, keeps what it played for the microphone, and writes it to the sound log.

The sound log is a sequence of blocks: "SND1", u64 number of the first sample since 1970 at RATE, u32 count, then
the samples; all little-endian. A block may be cut off at the file's end by a power cut.
"""

import array
import errno
import struct

from unix_parts.mix import mix, put, silence

_RING = 1 << 16  # 4.1 s; the microphone asks at most 2.1 s back
_MASK = _RING - 1
_QUEUE_MS = 500
_START_MS = 10  # from the first sample written to the first one heard
_PAUSE_MS = 300  # shorter silence does not end an utterance


class Speaker:
    """Samples are numbered since 1970. `_end` is the number after the last one queued; what is below the present
    has been heard. Faults: "dead" (takes sound, stays silent), "error" (EIO), or None.
    """

    RATE = 16000

    def __init__(self, log_path, world, control):
        self._world = world
        self._control = control
        self._per_ms = self.RATE // 1000
        self._ring = array.array("h", bytes(2 * _RING))
        self._end = 0
        self._logged = 0
        self._since = None
        self._fault = None
        self._gain = 256
        self._log = open(log_path, "ab")
        self._view = memoryview(self._ring)
        control.on("speaker", self._ops)

    def write(self, buf):
        if self._fault == "error":
            raise OSError(errno.EIO)
        now = self._world.refresh() * self._per_ms
        self.settle()
        if self._end <= now:
            self._begin(now + _START_MS * self._per_ms)
        count = min(len(buf) // 2, now + _QUEUE_MS * self._per_ms - self._end)
        if count <= 0:
            return 0
        put(self._ring, self._end & _MASK, _MASK, buf, count, 0 if self._fault == "dead" else self._gain)
        self._end += count
        return 2 * count

    def pending_ms(self):
        return max(0, self._end - self._world.refresh() * self._per_ms) // self._per_ms

    def clear(self):
        now = self._world.refresh() * self._per_ms
        self.settle()
        if self._end > now:
            self._end = max(now, self._logged)

    def settle(self):
        """Logs what has been heard until now, and reports an utterance that has ended."""
        now = self._world.now * self._per_ms
        heard = min(now, self._end)
        if heard > self._logged:
            self._write_log(self._logged, heard)
            self._logged = heard
        if self._since is not None and now >= self._end + _PAUSE_MS * self._per_ms:
            ended = self._end // self._per_ms
            self._control.event_at(ended, "spoke", {"start": self._since, "ms": ended - self._since})
            self._since = None

    def mix_into(self, buf, first, samples, gain):
        """Adds what was played from sample `first` on; returns (offset, count) of the part that had sound, or None."""
        start = max(first, self._end - _RING)
        stop = min(first + samples, self._end)
        if stop <= start:
            return None
        mix(buf, start - first, self._ring, start & _MASK, _MASK, stop - start, gain)
        return start - first, stop - start

    def _begin(self, at):
        """Silence lies between the last sample played and the next."""
        silence(self._ring, self._end & _MASK, _MASK, min(at - self._end, _RING))
        self._end = at
        self._logged = at
        if self._since is None:
            self._since = at // self._per_ms
            self._control.event_at(self._since, "speaking", {})

    def _write_log(self, first, after):
        self._log.write(struct.pack("<4sQI", b"SND1", first, after - first))
        low, high = first & _MASK, after & _MASK
        if low < high:
            self._log.write(self._view[low:high])
        else:
            self._log.write(self._view[low:])
            self._log.write(self._view[:high])

    def _ops(self, op):
        """{"op": "speaker", "fault": null | "dead" | "error", "gain": 0..256}"""
        self._fault = op.get("fault", self._fault)
        self._gain = op.get("gain", self._gain)
