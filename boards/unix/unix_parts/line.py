# SPDX-License-Identifier: Apache-2.0
"""The dock line: a TCP connection to the simulator's end of the cable, which stands for plugged or unplugged."""

import errno
import socket
from asyncio import core

_MOST = 4096
_TCP, _NODELAY = 6, 1


class Serial:
    RATE = 921600

    def __init__(self, control):
        self._socket = None
        self._buffer = memoryview(bytearray(_MOST))  # or each look would allocate as much
        control.on("plug", self._plug)
        control.on("unplug", self._unplug)

    def connected(self):
        return self._socket is not None

    # async: a plain generator can be awaited, and may hand the loop what it waits for
    def read(self):
        while True:
            count = self._demand().readinto(self._buffer)
            if count:
                return bytes(self._buffer[:count])
            if count is not None:
                self._drop()
                continue
            yield core._io_queue.queue_read(self._socket)

    def write(self, buf):
        try:
            return self._demand().write(buf) or 0
        except OSError:
            self._drop()
            raise OSError(errno.ENODEV)

    def _demand(self):
        if self._socket is None:
            raise OSError(errno.ENODEV)
        return self._socket

    def _drop(self):
        if self._socket is not None:
            core._io_queue.wake(self._socket)
            self._socket.close()
            self._socket = None

    def _plug(self, op):
        """{"op": "plug", "port": n}: the cable is in, its other end is at this loopback port."""
        self._drop()
        line = socket.socket()
        line.connect(socket.getaddrinfo("127.0.0.1", op["port"])[0][-1])
        line.setsockopt(_TCP, _NODELAY, 1)
        line.setblocking(False)
        self._socket = line

    def _unplug(self, op):
        self._drop()
