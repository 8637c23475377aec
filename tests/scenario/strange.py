# SPDX-License-Identifier: Apache-2.0
"""What may hang on a serial port instead of a recorder, and a recorder itself, as the kernel shows serial devices (a pseudoterminal).

>>> with Device(repl) as device:
...     seal("sync", "--port", device.path)
"""

import os
import pty
import random
import select
import socket
import threading
import tty
from collections.abc import Callable
from typing import Self

Talk = Callable[[bytes], bytes]  # what was read since the last call (nothing for 20 ms: b"") -> what it says now

TICK_S = 0.02


def silent(_: bytes) -> bytes:
    return b""


def garbage(heard: bytes) -> bytes:
    """Answers everything with noise."""
    return random.randbytes(len(heard))


def stream(_: bytes) -> bytes:
    """A sensor at the wrong rate, that never stops."""
    return random.randbytes(4096)


def zeros(_: bytes) -> bytes:
    """A line held down: nothing but the frames' own delimiter."""
    return bytes(4096)


def gnss(_: bytes) -> bytes:
    return b"$GNRMC,090000.00,A,2453.00,N,10334.00,E,0.0,0.0,020326,,,A*6F\r\n"


def repl(heard: bytes) -> bytes:
    """A board without the application: MicroPython's prompt, which echoes."""
    return b"\r\nMicroPython v1.26.1 on 2025-09-11; Raspberry Pi Pico2 with RP2350\r\n>>> " + heard if heard else b""


def modem(heard: bytes) -> bytes:
    return b"\r\nERROR\r\n" if heard else b""


def echo(heard: bytes) -> bytes:
    """A plug that joins both wires: the station hears itself."""
    return heard


class Terminal:
    """A pseudoterminal: the station opens `path`, a thread serves the other end until the block ends."""

    def __init__(self) -> None:
        # The station's end stays open here too, so that no end-of-file comes between two commands.
        self.end, self._station = pty.openpty()
        tty.setraw(self._station)
        os.set_blocking(self.end, False)
        self.path = os.ttyname(self._station)
        self.stop = threading.Event()
        self._thread = threading.Thread(target=self.serve, daemon=True)

    def serve(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._thread.join()
        os.close(self.end)
        os.close(self._station)


class Device(Terminal):
    """Says what `talk` says."""

    def __init__(self, talk: Talk) -> None:
        super().__init__()
        self._talk = talk

    def serve(self) -> None:
        while not self.stop.is_set():
            ready, _, _ = select.select([self.end], [], [], TICK_S)
            said = self._talk(os.read(self.end, 65536) if ready else b"")
            try:
                os.write(self.end, said)
            except BlockingIOError:  # nobody reads
                continue


class Bridge(Terminal):
    """A recorder's line as a serial device: what a USB adapter is."""

    def __init__(self, url: str) -> None:
        super().__init__()
        host, port = url.removeprefix("socket://").split(":")
        self._line = socket.create_connection((host, int(port)))
        self._line.setblocking(False)

    def serve(self) -> None:
        up, down = bytearray(), bytearray()
        while not self.stop.is_set():
            writers = [end for end, waiting in ((self.end, up), (self._line, down)) if waiting]
            ready, free, _ = select.select([self.end, self._line], writers, [], TICK_S)
            if self._line in ready:
                up += self._line.recv(4096)
            if self.end in ready:
                down += os.read(self.end, 4096)
            if self.end in free:
                del up[: os.write(self.end, up)]
            if self._line in free:
                del down[: self._line.send(down)]

    def __exit__(self, *about: object) -> None:
        super().__exit__(*about)
        self._line.close()
