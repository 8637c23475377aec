# SPDX-License-Identifier: Apache-2.0
"""Opening a port: pyserial knows devices, speeds and locks; bytes then move over its file descriptor, without waiting."""

import errno
import os
import socket

import serial

from sealdock.errors import SealdockError
from sealdock.text import say

RATE = 921600


class SerialPort:
    """An open port. read() and write() never wait; OSError when the cable is out."""

    def __init__(self, url: str) -> None:
        """SealdockError in one line when the port is absent, busy or no port."""
        self.url = url
        try:
            self._serial = serial.serial_for_url(url, baudrate=RATE, timeout=0, write_timeout=0, exclusive="://" not in url)
            self.descriptor: int = self._serial.fileno()
        except (serial.SerialException, OSError, ValueError) as error:
            raise SealdockError(_reason(url, error)) from error
        os.set_blocking(self.descriptor, False)
        if "://" in url:
            _no_delay(self.descriptor)

    def read(self) -> bytes:
        """What is there, perhaps nothing. OSError when the other end is gone."""
        try:
            data = os.read(self.descriptor, 65536)
        except BlockingIOError:
            return b""
        if not data:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return data

    def write(self, data: memoryview) -> int:
        """Writes what fits; the count."""
        try:
            return os.write(self.descriptor, data)
        except BlockingIOError:
            return 0

    def close(self) -> None:
        self._serial.close()


def _no_delay(descriptor: int) -> None:
    """Acknowledgements are small and must not wait for one another."""
    try:
        with socket.socket(fileno=os.dup(descriptor)) as end:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:  # a URL of pyserial's that is no TCP connection
        return


def _reason(url: str, error: Exception) -> str:
    number = getattr(error, "errno", None)
    text = str(error)
    if number in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in text:
        return say("port-busy", port=url)
    if number == errno.ENOENT or "refused" in text.lower():
        return say("port-absent", port=url)
    why = os.strerror(number) if number else text.splitlines()[0] if text else type(error).__name__
    return say("port-failed", port=url, why=why)
