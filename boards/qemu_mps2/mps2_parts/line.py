# SPDX-License-Identifier: Apache-2.0
"""The dock line: UART 1, always plugged in."""

from asyncio import core

_MOST = 512  # each reading takes so much of a small heap for a moment


class Serial:
    RATE = 921600

    def __init__(self, uart):
        self._uart = uart

    def connected(self):
        return True

    # async: a plain generator can be awaited, and may hand the loop what it waits for
    def read(self):
        while True:
            data = self._uart.read(_MOST)
            if data:
                return data
            yield core._io_queue.queue_read(self._uart)

    def write(self, buf):
        return self._uart.write(buf) or 0
