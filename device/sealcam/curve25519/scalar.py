# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
"""Scalars: numbers modulo L, the order of the base point (RFC 8032 section 5.1), as 32 bytes, little-endian.

Secret scalars never become big integers, whose digits would stay on the heap; work memory is overwritten. Limbs are bytes in 32-bit
words. `sign`, 2**31 as the word size allows, extends the sign that a 32-bit load loses on 64-bit ports: (x ^ sign) - sign.
"""

import micropython

from sealcam import thumb2

_L = 2**252 + 27742317777372353535851937790883648493
L_BYTES = _L.to_bytes(32, "little")
_OFFSET = ((2**256 - 1) % _L).to_bytes(32, "little")  # see signs()


def reduce(number: bytes) -> bytearray:
    """A number of 64 bytes modulo L."""
    scalar = bytearray(32)
    _reduce_into(scalar, number)
    return scalar


def multiply_add(a: bytes, b: bytes, c: bytes) -> bytearray:
    """(a * b + c) modulo L."""
    scalar = bytearray(32)
    _multiply_add_into(scalar, a, b, c)
    return scalar


def _portable_reduce(scalar: bytearray, number: bytes) -> None:
    limbs = bytearray(65 * 4)
    _spread(limbs, number, 64)
    _reduce(scalar, limbs, L_BYTES)
    limbs[:] = bytes(len(limbs))


def _portable_multiply_add(scalar: bytearray, a: bytes, b: bytes, c: bytes) -> None:
    limbs = bytearray(65 * 4)
    _spread(limbs, c, 32)
    _multiply_add(limbs, a, b)
    _reduce(scalar, limbs, L_BYTES)
    limbs[:] = bytes(len(limbs))


if thumb2.here():
    from sealcam.curve25519.thumb2_scalar import multiply_add as _multiply_add_into
    from sealcam.curve25519.thumb2_scalar import reduce as _reduce_into
else:
    _reduce_into = _portable_reduce
    _multiply_add_into = _portable_multiply_add


def is_reduced(scalar: bytes) -> bool:
    """Whether 32 bytes are below L."""
    for i in range(31, -1, -1):
        if scalar[i] != L_BYTES[i]:
            return scalar[i] < L_BYTES[i]
    return False


def signs(scalar: bytes) -> bytearray:
    """The bits of b with 2*b - (2**256 - 1) = scalar modulo L: bit i set means that digit i is +1, else -1."""
    bits = bytearray(32)
    _signs(bits, scalar, _OFFSET, L_BYTES)
    return bits


def windows(scalar: bytes) -> bytearray:
    """256 digits, lowest first, as signed bytes: 0 or odd within -7..7, at most one of four neighbours not 0.

    scalar must be below 2**255, or the last carry would be lost.
    """
    digits = bytearray(256)
    padded = bytearray(34)
    padded[:32] = scalar
    _windows(digits, padded)
    padded[:] = bytes(34)
    return digits


@micropython.viper
def _spread(limbs: ptr32, number: ptr8, count: int):
    for i in range(count):
        limbs[i] = number[i]


@micropython.viper
def _multiply_add(limbs: ptr32, a: ptr8, b: ptr8):
    """Adds a * b and carries, so that 64 limbs are bytes."""
    for i in range(32):
        x = int(a[i])
        to = ptr32(int(limbs) + (i << 2))
        for j in range(32):
            to[j] = to[j] + x * b[j]
    x = 0
    for i in range(64):
        x += limbs[i]
        limbs[i] = x & 255
        x >>= 8


@micropython.viper
def _reduce(scalar: ptr8, limbs: ptr32, order: ptr8):
    """64 byte limbs modulo L: each limb from the top is taken away with 16 * limb * L, 31 places lower."""
    sign = 1
    sign <<= 31
    i = 63
    while i >= 32:
        to = ptr32(int(limbs) + (i - 32 << 2))
        top = ((to[32] ^ sign) - sign) << 4
        carry = 0
        for j in range(20):
            x = (to[j] ^ sign) - sign
            x += carry
            if j < 16:
                x -= top * order[j]
            carry = x + 128 >> 8
            to[j] = x - (carry << 8)
        to[20] = to[20] + carry
        to[32] = 0
        i -= 1
    # Bits from 252 on, at most a few and of either sign; then L once more if that went below 0.
    top = ((limbs[31] ^ sign) - sign) >> 4
    for _ in range(2):
        carry = 0
        for j in range(32):
            x = ((limbs[j] ^ sign) - sign) + carry - top * order[j]
            carry = x >> 8
            limbs[j] = x & 255
        top = carry
    for j in range(32):
        scalar[j] = limbs[j]


@micropython.viper
def _signs(bits: ptr8, scalar: ptr8, offset: ptr8, order: ptr8):
    """(scalar + offset, plus L if that is odd) / 2."""
    odd = (scalar[0] ^ offset[0]) & 1
    carry = 0
    for i in range(32):
        carry += scalar[i] + offset[i] + odd * order[i]
        if i:
            bits[i - 1] = bits[i - 1] | (carry & 1) << 7
        bits[i] = (carry & 255) >> 1
        carry >>= 8


@micropython.viper
def _windows(digits: ptr8, scalar: ptr8):
    carry = 0
    i = 0
    while i < 256:
        at = i >> 3
        window = (scalar[at] | scalar[at + 1] << 8) >> (i & 7) & 15
        if window & 1 == carry:
            i += 1
        else:
            window += carry
            carry = 0
            if window > 8:
                window -= 16
                carry = 1
            digits[i] = window
            i += 4
