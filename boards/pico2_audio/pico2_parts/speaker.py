# SPDX-License-Identifier: Apache-2.0
"""The speaker: a ring that a DMA channel plays for ever, with silence wherever nothing is queued.

What has been played is made silence again. Should the recorder be busy for longer than the ring lasts, a part is heard twice;
what is never heard is other memory.
"""

import errno

from pico2_parts.pcmring import ADDRESS_BITS, ENDLESS, RATE, SAMPLES, Passed

_QUEUE = RATE // 2
_LEAD = RATE // 100  # a new utterance begins so far ahead of the channel


class Speaker:
    RATE = RATE

    def __init__(self, ring: tuple, machine, channel, request: int, enable, ticks_ms) -> None:
        """enable: the pin that wakes the amplifier. Nothing is clocked before the first sound."""
        self._ring, self._address = ring
        self._silence = bytes(1024)
        self._machine = machine
        self._channel = channel
        self._control = channel.pack_ctrl(size=1, inc_write=False, ring_size=ADDRESS_BITS, ring_sel=False, treq_sel=request)
        self._passed = Passed(ticks_ms)
        self._enable = enable
        self._running = False
        self._end = 0  # number after the last sample queued
        self._clean = 0  # samples before it are silence again

    def write(self, buf: memoryview) -> int:
        """OSError(EIO) when the channel has stopped."""
        if not self._running:
            self._start()
        played = self._settle()
        if self._end <= played:
            self._end = self._clean = played + _LEAD
        count = min(len(buf) // 2, played + _QUEUE - self._end)
        if count <= 0:
            return 0
        self._put(self._end, buf, 2 * count)
        self._end += count
        return 2 * count

    def pending_ms(self) -> int:
        return max(0, self._end - self._settle()) * 1000 // RATE if self._running else 0

    def clear(self) -> None:
        if self._running:
            played = self._settle()
            self._mute(played, self._end)
            self._end = self._clean = played

    def _start(self) -> None:
        self._channel.config(read=self._address, write=self._machine, count=ENDLESS, ctrl=self._control, trigger=True)
        self._passed.start()
        self._running = True
        self._machine.active(1)
        self._enable.value(1)

    def _settle(self) -> int:
        """Samples played; those queued ones that were are silence again."""
        if not self._channel.active():
            raise OSError(errno.EIO)
        played = self._passed.follow((self._channel.read - self._address) // 2 % SAMPLES)
        if self._clean < min(played, self._end):
            self._mute(self._clean, min(played, self._end))
        return played

    def _mute(self, start: int, stop: int) -> None:
        while start < stop:
            size = min(2 * (stop - start), len(self._silence))
            self._put(start, memoryview(self._silence), size)
            start += size // 2
        self._clean = stop

    def _put(self, sample: int, buf: memoryview, size: int) -> None:
        start = 2 * (sample % SAMPLES)
        first = min(size, 2 * SAMPLES - start)
        self._ring[start : start + first] = buf[:first]
        if first < size:
            self._ring[: size - first] = buf[first:size]
