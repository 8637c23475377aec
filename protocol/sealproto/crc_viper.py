# SPDX-License-Identifier: Apache-2.0
"""CRC-32 as machine code for MicroPython on a computer: a word at a time from four tables (Kounavis and Berry, 2005)."""

# ruff: noqa: F821
# mypy: ignore-errors

from array import array

import micropython

_POLYNOMIAL = 0xEDB88320  # of RFC 1952, its lowest coefficient in the highest bit


def _tables() -> array:
    """Entry 256 k + b: what byte b becomes k bytes further on."""
    tables = array("I", bytes(4096))
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ _POLYNOMIAL if value & 1 else value >> 1
        tables[byte] = value
    for at in range(256, 1024):
        value = tables[at - 256]
        tables[at] = value >> 8 ^ tables[value & 255]
    return tables


_TABLES = _tables()


@micropython.viper
def _sum(data, n: int, tables) -> uint:
    bytes_ = ptr8(data)
    words = ptr32(data)
    table = ptr32(tables)
    value = uint(0xFFFFFFFF)
    i = 0
    while i < n >> 2:
        value = value ^ uint(words[i])
        near = uint(table[int(value & uint(255)) + 768]) ^ uint(table[int((value >> 8) & uint(255)) + 512])
        value = near ^ uint(table[int((value >> 16) & uint(255)) + 256]) ^ uint(table[int((value >> 24) & uint(255))])
        i += 1
    i <<= 2
    while i < n:
        value = uint(table[int((value ^ uint(bytes_[i])) & uint(255))]) ^ (value >> 8)
        i += 1
    return value ^ uint(0xFFFFFFFF)


def crc32(data: memoryview) -> int:
    """Of bytes that begin at any address."""
    return _sum(data, len(data), _TABLES)
