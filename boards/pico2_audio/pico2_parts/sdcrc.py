# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
"""The two checksums of the SD bus: CRC-7 (x7 + x3 + 1) over commands, CRC-16 (x16 + x12 + x5 + 1) over data, both from zero."""

import micropython


@micropython.viper
def crc7(data: ptr8, count: int) -> int:
    """Left-aligned with the end bit set, as it goes on the bus."""
    crc = 0
    for i in range(count):
        crc ^= data[i]
        for _ in range(8):
            crc = (crc << 1) ^ (0x12 if crc & 0x80 else 0)
    return crc & 0xFF | 1


@micropython.viper
def crc16(data: ptr8, count: int) -> int:
    crc = 0
    for i in range(count):
        crc = (crc >> 8 | crc << 8) & 0xFFFF ^ data[i]
        crc ^= (crc & 0xFF) >> 4
        crc ^= crc << 12 & 0xFFFF
        crc ^= (crc & 0xFF) << 5
    return crc
