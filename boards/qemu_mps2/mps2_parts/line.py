# SPDX-License-Identifier: Apache-2.0
"""The dock line: UART 1. Whether the cable is in comes with the buttons."""

import errno
from asyncio import core

_MOST = 512  # each reading takes so much of a small heap for a moment


class Serial:
    RATE = 921600

    def __init__(self, uart, control):
        self._uart = uart
        self._control = control

    def connected(self):
        return self._control.cable

    # async: a plain generator can be awaited, and may hand the loop what it waits for
    def read(self):
        while True:
            self._demand()
            data = self._uart.read(_MOST)
            if data:
                return data
            yield core._io_queue.queue_read(self._uart)

    def write(self, buf):
        self._demand()
        return self._uart.write(buf) or 0

    def _demand(self):
        if not self._control.cable:
            raise OSError(errno.ENODEV)
