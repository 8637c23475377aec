# SPDX-License-Identifier: Apache-2.0
"""A serial cable of a given speed and quality between two ends of this machine: ptys or sockets.

Each direction carries RATE bytes a second (921,600 baud, 8N1: ten bits a byte) and flips data bits with a given probability, from a
seed. Start and stop bits are not hit: a real line would lose framing too, which a UART turns into more wrong bytes.
"""

import os
import pty
import random
import select
import threading
import time
import tty

import numpy as np

BAUD = 921_600
RATE = BAUD / 10
CHUNK = 4096
PIECE_S = 0.0005  # bytes are passed on when so much of them is there, or all of them
IDLE_S = 0.02
# What a UART's driver holds; a pty or socket alone would hold seconds of line.
HELD = 8192


class Errors:
    """Flips each data bit with probability `rate`."""

    def __init__(self, rate: float, seed: int) -> None:
        self._rate = rate
        self._random = np.random.default_rng(seed)

    def __call__(self, data: bytes) -> bytes:
        if not self._rate:
            return data
        bits = len(data) * 8
        places = self._random.integers(0, bits, self._random.binomial(bits, self._rate))
        out = bytearray(data)
        for place in places:
            out[place >> 3] ^= 1 << (place & 7)
        return bytes(out)


class Way:
    """One direction."""

    def __init__(self, source: int, sink: int, errors: Errors, rate: float | None) -> None:
        self.source, self.sink = source, sink
        self.passed = 0
        self._errors = errors
        self._rate = rate
        self._waiting = bytearray()
        self._free_at = time.monotonic()

    @property
    def reads(self) -> bool:
        return len(self._waiting) < HELD

    def read(self) -> None:
        data = os.read(self.source, CHUNK)
        if not self._waiting:
            self._free_at = max(self._free_at, time.monotonic())
        self._waiting += self._errors(data)

    def write(self) -> None:
        """Passes what the line has carried by now."""
        count = len(self._waiting)
        if self._rate is not None:
            count = min(count, int((time.monotonic() - self._free_at) * self._rate))
        if count <= 0:
            return
        try:
            count = os.write(self.sink, self._waiting[:count])
        except BlockingIOError:
            return
        del self._waiting[:count]
        self.passed += count
        if self._rate is not None:
            self._free_at += count / self._rate

    def due(self, now: float) -> float:
        """Seconds until the line will have carried what waits, at most PIECE_S: a short answer is not held back until a clock ticks."""
        if not self._waiting or self._rate is None:
            return IDLE_S if not self._waiting else PIECE_S
        return min(PIECE_S, max(0.0, self._free_at + len(self._waiting) / self._rate - now))


class Relay:
    """Moves bytes between file descriptors `a` and `b` until closed; `up` is from b to a."""

    def __init__(self, a: int, b: int, bit_errors: float = 0.0, seed: int = 1, rate: float | None = RATE) -> None:
        self.up = Way(b, a, Errors(bit_errors, seed), rate)
        self.down = Way(a, b, Errors(bit_errors, seed + 1), rate)
        self._running = True
        for end in (a, b):
            os.set_blocking(end, False)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._running = False
        self._thread.join(timeout=5)

    def _run(self) -> None:
        ways = (self.up, self.down)
        while self._running:
            sources = [way.source for way in ways if way.reads]
            now = time.monotonic()
            ready, _, _ = select.select(sources, [], [], min(way.due(now) for way in ways))
            try:
                for way in ways:
                    if way.source in ready:
                        way.read()
                    way.write()
            except OSError:  # an end was closed; the other may still be read until close()
                time.sleep(0.01)


def open_pty() -> tuple[int, int, str]:
    """(master, slave, path of the slave), both raw; the slave is kept open so that the master never sees a hang-up."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    tty.setraw(master)
    return master, slave, os.ttyname(slave)


def noise(size: int, seed: int = 7) -> bytes:
    """Bytes that do not compress, as encrypted media do not."""
    return random.Random(seed).randbytes(size)
