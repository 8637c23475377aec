# SPDX-License-Identifier: Apache-2.0
"""COBS as machine code for MicroPython; the same two functions as in `cobs`, which has the reasons and the portable form."""

# ruff: noqa: F821
# mypy: ignore-errors

import micropython


@micropython.viper
def encode(source: ptr8, n: int, target: ptr8, at: int) -> int:
    """Writes the encoding of source[:n] to target from `at` on; the offset behind it. `source` begins at a word's address."""
    words = ptr32(source)
    ones = 0x01010101
    high = ones << 7  # more than a small integer where words have 32 bits
    mark = at
    at += 1
    room = 254
    i = 0
    while i < n:
        if i & 3 == 0:  # four bytes at once, while none of them is a zero and none ends a run
            while room > 4 and i + 3 < n:
                word = words[i >> 2]
                if (word - ones) & ~word & high:
                    break
                target[at] = word
                target[at + 1] = word >> 8
                target[at + 2] = word >> 16
                target[at + 3] = word >> 24
                at += 4
                i += 4
                room -= 4
            if i >= n:
                break
        byte = source[i]
        i += 1
        if byte:
            target[at] = byte
            at += 1
            room -= 1
            if room:
                continue
            target[mark] = 255
            if i == n:
                return at
        else:
            target[mark] = at - mark
        mark = at
        at += 1
        room = 254
    target[mark] = at - mark
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
