# SPDX-License-Identifier: Apache-2.0
"""The dock line: the USB port that MicroPython itself brings, as buffers only and with the interrupt key off.

`main.py` starts with the key on again, whatever boot.py said, so this must come later than both.
"""

import asyncio
import errno

import micropython

_MOST = 4096
_PIECE = 64  # a full-speed packet: what one write may wait for when the host stalls
_LOOK_MS = 4  # 512 bytes of MicroPython's receive ring fill in no less at 1 Mbit/s


class Serial:
    RATE = 4_000_000  # bits a second that full speed reaches, not a setting

    def __init__(self, power, source, sink, readable, writable) -> None:
        """power: pin that is high while the cable gives power; source, sink: sys.stdin.buffer and sys.stdout.buffer;
        readable, writable: select.poll objects over them.
        """
        micropython.kbd_intr(-1)
        self._power = power
        self._source = source
        self._sink = sink
        self._readable = readable
        self._writable = writable

    def connected(self) -> bool:
        return bool(self._power.value())

    async def read(self) -> bytes:
        while True:
            self._demand()
            data = bytearray()
            while len(data) < _MOST and self._readable.poll(0):
                data += self._source.read(1)  # read(n) waits until all n are there
            if data:
                return bytes(data)
            await asyncio.sleep_ms(_LOOK_MS)

    def write(self, buf) -> int:
        """Takes at most a packet. When the host has stalled in the middle of it, this waits the port's 500 ms once."""
        self._demand()
        if not len(buf) or not self._writable.poll(0):
            return 0
        return self._sink.write(memoryview(buf)[:_PIECE]) or 0

    def _demand(self) -> None:
        if not self._power.value():
            raise OSError(errno.ENODEV)
