# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""The CRC-32 (ISO 3309, as `binascii.crc32`) of a leaf's trailer sector without going over the zeros behind its tag.

What zeros do to a CRC's register is linear over GF(2): of each single bit something is made that is always the same, and of a register the
exclusive or of what is made of its bits.
"""

import struct
from binascii import crc32

import micropython

from sealproto.slot import SECTOR, TAG_BYTES, TRAILER_BYTES

LIVE_BYTES = TRAILER_BYTES + TAG_BYTES  # of a trailer's sector; then zeros up to the CRC, which is its last word
_ALL = 0xFFFFFFFF


def images() -> bytearray:
    """What the zeros make of each bit of the register, the lowest first: 32 words of this processor's order."""
    zeros = bytes(SECTOR - LIVE_BYTES - 4)
    made = bytearray(4 * 32)
    for bit in range(32):
        struct.pack_into("I", made, 4 * bit, crc32(zeros, 1 << bit ^ _ALL) ^ _ALL)
    return made


@micropython.viper
def close(sector: ptr32, crc: uint, images: ptr32):
    """Writes the CRC to a trailer's sector, as its last word and in this processor's order, which is the layout's: the low byte first.
    crc: that of the sector's first LIVE_BYTES. Allocates nothing.
    """
    register = int(crc) ^ -1
    out = -1
    for bit in range(32):
        if register & (1 << bit):
            out ^= images[bit]
    sector[127] = out
