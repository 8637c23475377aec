# SPDX-License-Identifier: Apache-2.0
"""Opening a port: pyserial knows devices, speeds and locks; bytes then move over its file descriptor, without waiting."""

import errno
import os
import socket
import termios
from urllib.parse import urlsplit

import serial

from sealdock.errors import SealdockError
from sealdock.text import say

RATE = 921600
_GULP = 4095  # bytes that Linux's terminals hold
_MOST = 65536


class SerialPort:
    """An open port. read() and write() never wait; OSError when the cable is out."""

    def __init__(self, url: str) -> None:
        """SealdockError in one line when the port is absent, busy or no port."""
        self.url = url
        _check_url(url)
        try:
            # inter_byte_timeout sets VMIN to 1: with 0, a terminal without news reads like one whose cable is out, no bytes.
            self._serial = serial.serial_for_url(
                url, baudrate=RATE, timeout=0, write_timeout=0, inter_byte_timeout=0, exclusive="://" not in url
            )
            self.descriptor: int = self._serial.fileno()
        except (serial.SerialException, OSError, ValueError) as error:
            raise SealdockError(_reason(url, error)) from error
        os.set_blocking(self.descriptor, False)
        if "://" in url:
            _no_delay(self.descriptor)

    def read(self) -> bytes:
        """What is there, perhaps nothing. OSError when the other end is gone."""
        found = self._read()
        while len(found) >= _GULP and len(found) < _MOST and (more := self._read()):  # a terminal gives one such piece at a time
            found += more
        return found

    def _read(self) -> bytes:
        try:
            data = os.read(self.descriptor, _MOST)
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


def _check_url(url: str) -> None:
    """pyserial knows more kinds of URL, none of which has a file descriptor to wait for."""
    if url and "://" not in url:
        return
    try:
        parts = urlsplit(url)
        sound = parts.scheme == "socket" and parts.hostname and parts.port and not parts.query
    except ValueError:
        sound = False
    if not sound:
        raise SealdockError(say("port-malformed", port=url))


def _reason(url: str, error: Exception) -> str:
    """pyserial wraps what the system said into texts of its own."""
    said = error.__context__ if isinstance(error.__context__, (OSError, termios.error)) else error
    number, why = said.args[:2] if len(said.args) > 1 else (None, str(error) or type(error).__name__)
    if number in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in str(error):
        return say("port-busy", port=url)
    if number in (errno.ENOENT, errno.ECONNREFUSED):
        return say("port-absent", port=url)
    if number in (errno.EACCES, errno.EPERM):
        return say("port-denied", port=url)
    if number in (errno.ENOTTY, errno.EISDIR, errno.EINVAL, errno.ENXIO):
        return say("port-none", port=url)
    return say("port-failed", port=url, why=why)
