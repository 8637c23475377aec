# SPDX-License-Identifier: Apache-2.0
"""Randomness: the operating system's, or a repeatable stream for runs that must give the same bytes twice."""

import errno
import hashlib
import os


class Entropy:
    """Faults: "off" (OSError), "stuck" (one byte for ever), "repeat" (the same 16 bytes again and again), or None.

    With a seed (a string of the settings, different for each boot) nothing is random and SOURCE says so.
    """

    def __init__(self, seed, fault, control):
        """fault: the one that it is switched on with."""
        self._seed = seed
        self._count = 0
        self._fault = fault
        self.SOURCE = "operating system" if seed is None else "simulator's seed, not random"
        control.on("entropy", self._ops)

    def read(self, n):
        if self._fault == "off":
            raise OSError(errno.EIO)
        if self._fault == "stuck":
            return b"\x5a" * n
        if self._fault == "repeat":
            return (bytes(range(16)) * (n // 16 + 1))[:n]
        return os.urandom(n) if self._seed is None else self._stream(n)

    def _stream(self, n):
        out = b""
        while len(out) < n:
            self._count += 1
            out += hashlib.sha256("%s %d" % (self._seed, self._count)).digest()
        return out[:n]

    def _ops(self, op):
        """{"op": "entropy", "fault": null | "off" | "stuck" | "repeat"}"""
        self._fault = op["fault"]
