# SPDX-License-Identifier: Apache-2.0
"""Consistent overhead byte stuffing (Cheshire and Baker, 1997): bytes without zeros, so that a zero can end a frame.

Two functions over buffers that the caller owns. MicroPython runs them as viper code; CPython, and a MicroPython without the viper
emitter, run the portable ones, which move whole runs between zeros and so are quick for anything but long rows of zeros.
"""

import sys

RUN = 254  # longest run of bytes without a zero behind one code byte


def bound(n: int) -> int:
    """The most bytes that n bytes can become."""
    return n + n // RUN + 1


def encode_portable(source: bytearray, n: int, target: bytearray, at: int) -> int:
    """Writes the encoding of source[:n] to target from `at` on, without the closing zero; the offset behind it."""
    start = 0
    while True:
        zero = source.find(b"\0", start, n)
        end = n if zero < 0 else zero
        while end - start >= RUN:
            target[at] = 255
            target[at + 1 : at + 1 + RUN] = source[start : start + RUN]
            at += 1 + RUN
            start += RUN
            if start == n:  # a full run says by itself that no zero follows
                return at
        target[at] = end - start + 1
        target[at + 1 : at + 1 + end - start] = source[start:end]
        at += 1 + end - start
        if zero < 0:
            return at
        start = zero + 1


def decode_portable(buffer: bytearray, n: int) -> int:
    """Decodes buffer[:n] in place and returns the length of what came out, or -1 for bytes that no encoder writes."""
    at = 0
    out = 0
    while at < n:
        code = buffer[at]
        end = at + code
        if code == 0 or end > n:
            return -1
        buffer[out : out + code - 1] = buffer[at + 1 : end]
        out += code - 1
        if code != 255 and end < n:
            buffer[out] = 0
            out += 1
        at = end
    return out


def _choose() -> tuple:
    if sys.implementation.name == "micropython":
        try:
            from . import cobs_viper

            return cobs_viper.encode, cobs_viper.decode
        except SyntaxError:  # the emitter is not in this build
            pass
    return encode_portable, decode_portable


encode, decode = _choose()
