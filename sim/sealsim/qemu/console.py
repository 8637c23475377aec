# SPDX-License-Identifier: Apache-2.0
"""The board's console: MicroPython's raw REPL in raw-paste mode, whose window keeps a small heap from being flooded."""

import queue
import select
import socket
import threading
import time
from collections.abc import Callable

Say = Callable[[str], None]
_BANNER = b"raw REPL; CTRL-B to exit\r\n>"
_FAULT = b"exception caught:"  # the port's handler of processor faults prints this and stands still
_BOOT_S = 20.0


class Console:
    """`died(why)` makes the exception that is raised when the board does not answer."""

    def __init__(self, end: socket.socket, died: Callable[[str], Exception]) -> None:
        self._end = end
        self._died = died
        self._until = 0.0
        self._buffer = b""
        self._raw = False
        self._came: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._wake, self._woken = socket.socketpair()
        self._reader = threading.Thread(target=self._read, name="console", daemon=True)
        self._reader.start()

    def hand_over(self) -> socket.socket:
        """The console's end, for somebody else to read and write from now on."""
        self._wake.close()
        self._reader.join()
        return self._end

    def _read(self) -> None:
        """Takes what comes at once: a socket pair holds 278 single bytes, and a board whose console is full stands still."""
        data = b"-"
        while data:
            try:
                if self._woken in select.select([self._end, self._woken], [], [])[0]:
                    return
                data = self._end.recv(65536)
            except (OSError, ValueError):  # ValueError: it was closed meanwhile
                data = b""
            self._came.put(data)

    def run(self, source: str, limit_s: float, say: Say | None = None) -> tuple[str, str]:
        """Runs source; returns what it printed and, when it raised, the traceback."""
        self._enter()
        self._until = time.monotonic() + limit_s
        self._paste(source.encode())
        output = self._take(b"\x04", say)
        error = self._take(b"\x04", None)
        self._take(b">", None)
        return output.replace("\r\n", "\n"), error.replace("\r\n", "\n")

    def start(self, source: str) -> None:
        """Runs source that never ends; the console then belongs to it. Read on with line()."""
        self._enter()
        self._until = time.monotonic() + _BOOT_S
        self._paste(source.encode())

    def line(self, limit_s: float) -> str:
        """The next line that the board prints."""
        self._until = time.monotonic() + limit_s
        return self._take(b"\n", None).rstrip("\r\n")

    def _enter(self) -> None:
        if self._raw:
            return
        self._until = time.monotonic() + _BOOT_S
        self._end.sendall(b"\r\x01")
        self._take(_BANNER, None)
        self._raw = True

    def _paste(self, data: bytes) -> None:
        self._end.sendall(b"\x05A\x01")
        answer = self._bytes(4)
        window = answer[2] | answer[3] << 8
        left = window
        while data:
            if left == 0:
                left += self._credit(window)
            part, data = data[:left], data[left:]
            self._end.sendall(part)
            left -= len(part)
        self._end.sendall(b"\x04")
        while self._bytes(1) == b"\x01":  # credits that came too late to be of use, then the end's confirmation
            pass

    def _credit(self, window: int) -> int:
        if self._bytes(1) != b"\x01":
            raise self._died("refused the source")
        return window

    def _bytes(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._more()
        found, self._buffer = self._buffer[:count], self._buffer[count:]
        return found

    def _take(self, end: bytes, say: Say | None) -> str:
        """Everything before `end`, which is dropped."""
        told = 0
        while end not in self._buffer:
            if _FAULT in self._buffer:
                raise self._died("crashed: " + self._buffer.decode(errors="replace"))
            if say and len(self._buffer) > told:
                say(self._buffer[told:].decode(errors="replace"))
                told = len(self._buffer)
            self._more()
        found, self._buffer = self._buffer.split(end, 1)
        return found.decode(errors="replace")

    def _more(self) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise self._died("did not answer in time; last: " + self._buffer[-200:].decode(errors="replace"))
        try:
            data = self._came.get(timeout=left)
        except queue.Empty:
            return
        if not data:
            self._came.put(data)  # for whoever asks again
            raise self._died("ended by itself")
        self._buffer += data
