# SPDX-License-Identifier: Apache-2.0
"""The microphone: PIO and DMA fill a ring of one second, the recorder takes from it when it has time."""

import errno

from pico2_parts.pcmring import ADDRESS_BITS, ENDLESS, RATE, SAMPLES, Passed

_GUARD = 512  # samples before the channel that may be overwritten while they are copied
_CONSTANT_LIMIT = 2 * RATE  # no real microphone gives the same number for two seconds


class Microphone:
    RATE = RATE

    def __init__(self, ring: tuple, machine, channel, request: int, ticks_ms) -> None:
        """machine: the PIO state machine; channel: an rp2.DMA; request: number of the state machine's receive request."""
        self._ring, self._address = ring
        self._machine = machine
        self._channel = channel
        self._control = channel.pack_ctrl(size=1, inc_read=False, ring_size=ADDRESS_BITS, ring_sel=True, treq_sel=request)
        self._passed = Passed(ticks_ms)
        self._running = False
        self._read = 0
        self._lost = 0

    def start(self) -> None:
        self.stop()
        while self._machine.rx_fifo():
            self._machine.get()
        self._machine.restart()
        self._channel.config(read=self._machine, write=self._address, count=ENDLESS, ctrl=self._control, trigger=True)
        self._passed.start()
        self._read = self._lost = self._constant = 0
        self._level: bytes | None = None
        self._running = True
        self._machine.active(1)

    def stop(self) -> None:
        self._running = False
        self._machine.active(0)
        self._channel.active(0)

    def lost(self) -> int:
        return self._lost

    def readinto(self, buf: memoryview) -> int:
        if not self._running:
            return 0
        if not self._channel.active():
            raise OSError(errno.EIO)
        waiting = self._passed.follow((self._channel.write - self._address) // 2 % SAMPLES) - self._read
        if waiting > SAMPLES - _GUARD:
            missed = waiting - (SAMPLES - 2 * _GUARD)
            self._lost += missed
            self._read += missed
            waiting -= missed
        size = 2 * min(waiting, len(buf) // 2)
        if size:
            self._copy(buf, size)
            self._watch(buf[:size])
        return size

    def _copy(self, buf: memoryview, size: int) -> None:
        start = 2 * (self._read % SAMPLES)
        first = min(size, 2 * SAMPLES - start)
        buf[:first] = self._ring[start : start + first]
        if first < size:
            buf[first:size] = self._ring[: size - first]
        self._read += size // 2

    def _watch(self, buf: memoryview) -> None:
        """A broken wire reads as one number for ever: then the sensor is lost. OSError(EIO)."""
        level = bytes(buf[:2])
        constant = level == self._level and buf[2:] == buf[:-2]
        self._constant = self._constant + len(buf) // 2 if constant else 0
        self._level = bytes(buf[-2:])
        if self._constant > _CONSTANT_LIMIT:
            raise OSError(errno.EIO)
