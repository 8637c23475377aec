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
    """256 digits, lowest first, as signed bytes: 0, 1, 3, -1 or -3, at most one of three neighbours not 0.

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
    """Adds a * b, two bytes of a at a time, and carries, so that 64 limbs are bytes."""
    i = 16
    while i > 0:
        x = int(a[0]) | int(a[1]) << 8
        to = ptr32(int(limbs))
        from_b = ptr8(int(b))
        j = 8
        while j > 0:
            to[0] = x * from_b[0] + to[0]
            to[1] = x * from_b[1] + to[1]
            to[2] = x * from_b[2] + to[2]
            to[3] = x * from_b[3] + to[3]
            to = ptr32(int(to) + 16)
            from_b = ptr8(int(from_b) + 4)
            j -= 1
        a = ptr8(int(a) + 2)
        limbs = ptr32(int(limbs) + 8)
        i -= 1
    limbs = ptr32(int(limbs) - 128)
    x = 0
    i = 64
    while i > 0:
        x += limbs[0]
        limbs[0] = x & 255
        x >>= 8
        limbs = ptr32(int(limbs) + 4)
        i -= 1


@micropython.viper
def _reduce(scalar: ptr8, limbs: ptr32, order: ptr8):
    """64 byte limbs, and one more that is 0, modulo L.

    Each limb from the top is taken away with 16 * limb * L, 32 places lower, where L's low half has 16 bytes. What that leaves reaches
    limb 47 at most, so carries may wait until limbs 63 to 48 are gone; the last of them goes into limb 48, which is taken away again.
    """
    sign = 1
    sign <<= 31
    i = 63
    stop = 48
    while True:
        while i >= stop:
            to = ptr32(int(limbs) + (i - 32 << 2))
            top = ((to[32] ^ sign) - sign) << 4
            to[32] = 0
            from_order = ptr8(int(order))
            j = 4
            while j > 0:
                to[0] = to[0] - top * from_order[0]
                to[1] = to[1] - top * from_order[1]
                to[2] = to[2] - top * from_order[2]
                to[3] = to[3] - top * from_order[3]
                to = ptr32(int(to) + 16)
                from_order = ptr8(int(from_order) + 4)
                j -= 1
            i -= 1
        if stop == 32:
            break
        to = ptr32(int(limbs) + 64)
        carry = 0
        j = 32
        while j > 0:
            carry += (to[0] ^ sign) - sign
            to[0] = carry & 255
            carry >>= 8
            to = ptr32(int(to) + 4)
            j -= 1
        to[0] = carry
        i = 48
        stop = 32
    carry = 0
    to = ptr32(int(limbs))
    j = 32
    while j > 0:
        carry += (to[0] ^ sign) - sign
        to[0] = carry & 255
        carry >>= 8
        to = ptr32(int(to) + 4)
        j -= 1
    # Twice the bits from 252 on, of either sign; then L once more if that went below 0.
    i = 2
    while i >= 0:
        limbs[31] = limbs[31] + (carry << 8)
        top = carry
        if i > 0:
            top = ((limbs[31] ^ sign) - sign) >> 4
        carry = 0
        for j in range(32):
            x = ((limbs[j] ^ sign) - sign) + carry - top * order[j]
            carry = x >> 8
            limbs[j] = x & 255
        i -= 1
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
        window = (scalar[at] | scalar[at + 1] << 8) >> (i & 7) & 7
        if window & 1 == carry:
            i += 1
        else:
            window += carry
            carry = 0
            if window > 4:
                window -= 8
                carry = 1
            digits[i] = window
            i += 3
