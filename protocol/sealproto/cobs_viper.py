# SPDX-License-Identifier: Apache-2.0
"""COBS as machine code for MicroPython; the same two functions as in `cobs`, which has the reasons and the portable form."""

# ruff: noqa: F821
# mypy: ignore-errors

import micropython


@micropython.viper
def encode(source: ptr8, n: int, target: ptr8, at: int) -> int:
    """Writes the encoding of source[:n] to target from `at` on; the offset behind it."""
    mark = at
    at += 1
    code = 1
    i = 0
    while i < n:
        byte = source[i]
        i += 1
        if byte:
            target[at] = byte
            at += 1
            code += 1
            if code < 255:
                continue
            target[mark] = 255
            if i == n:
                return at
        else:
            target[mark] = code
        mark = at
        at += 1
        code = 1
    target[mark] = code
    return at


@micropython.viper
def decode(buffer: ptr8, n: int) -> int:
    """Decodes buffer[:n] in place; the length of what came out, or -1."""
    at = 0
    out = 0
    while at < n:
        code = buffer[at]
        end = at + code
        if code == 0 or end > n:
            return -1
        at += 1
        while at < end:
            buffer[out] = buffer[at]
            out += 1
            at += 1
        if code != 255 and end < n:
            buffer[out] = 0
            out += 1
    return out
