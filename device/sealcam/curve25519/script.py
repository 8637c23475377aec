# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
"""Scripts for `code`: which routine follows which, for each bit of a scalar."""

import micropython
from micropython import const

from sealcam import thumb2

# Numbers of the routines in `code`. Those with T also compute the coordinate T, which only an addition needs.
DOUBLE = const(0)
DOUBLE_T = const(1)
ADD_POINT = const(2)
SUB_POINT = const(3)
ADD_POINT_T = const(4)
SUB_POINT_T = const(5)
SUB_ENTRY = const(6)
ADD_ENTRY = const(7)
SUB_ENTRY_T = const(8)
ADD_ENTRY_T = const(9)
PREPARE = const(10)
INVERT = const(11)
ROOT = const(12)
TIMES_ROOT = const(13)
NEGATE_X = const(14)
MAKE_T = const(15)
LADDER_0 = const(16)
LADDER_1 = const(17)
BY_DIFFERENCE = const(18)
SCALE = const(19)
COMPARE = const(20)
BY_Z = const(21)
_ABOVE = const(16)  # so far behind SUB_ENTRY to ADD_ENTRY_T lie, last of all, the routines for entries of tables 2 and 3

_COLUMNS = const(8)
_TABLES = const(4)
_QUARTER = const(64)


def multiplication(digits: bytes, signs: bytes) -> memoryview:
    """Computes the point that digits (of scalar.windows) make of a prepared point, plus the one that signs (of scalar.signs) make of B.

    Either may be empty. P and 3 * P are arguments 0 and 1, those of 2**64 * P are 2 and 3, and so on to 2**192 * P: each fourth of the
    digits falls to its own, so 64 doublings do. The comb has 8 teeth, 32 places apart, and 4 tables of 8 columns, so it joins in the
    last 8 doublings. The first doubling would be that of the neutral element, and is left out.
    """
    script = bytearray(2 * (_QUARTER + 4 * 22 + _TABLES * _COLUMNS))
    length = _write(script, digits or bytes(4 * _QUARTER), signs or bytes(32), bool(signs))
    return memoryview(script)[2:length]


def ladder(scalar: bytes) -> bytearray:
    """255 steps of RFC 7748's ladder for a clamped scalar, top bit first; the result is in the first of the two points."""
    script = bytearray(2 * 255)
    _ladder(script, scalar)
    return script


@micropython.viper
def _multiplication(script: ptr8, digits: ptr8, signs: ptr8, comb: bool) -> int:
    """Each addition makes the step before it compute T, which lies 1 behind DOUBLE and 2 behind every addition."""
    i = 63
    while i > 7 and digits[i] | digits[i + 64] | digits[i + 128] | digits[i + 192] == 0:
        i -= 1
    at = 0
    while i >= 0:
        script[at] = DOUBLE
        script[at + 1] = 0
        at += 2
        more = DOUBLE_T - DOUBLE
        for quarter in range(4):
            digit = int(digits[i + (quarter << 6)])
            if digit:
                script[at - 2] = script[at - 2] + more
                more = ADD_POINT_T - ADD_POINT
                routine = ADD_POINT
                if digit > 127:
                    routine = SUB_POINT
                    digit = 256 - digit
                script[at] = routine
                script[at + 1] = (digit >> 1) + (quarter << 1)
                at += 2
        if comb and i < 8:
            for table in range(4):
                teeth = ptr8(int(signs) + table)  # bit i of every fourth byte
                index = teeth[28] >> i & 1
                index = index << 1 | teeth[24] >> i & 1
                index = index << 1 | teeth[20] >> i & 1
                index = index << 1 | teeth[16] >> i & 1
                index = index << 1 | teeth[12] >> i & 1
                index = index << 1 | teeth[8] >> i & 1
                index = index << 1 | teeth[4] >> i & 1
                index = index << 1 | teeth[0] >> i & 1
                script[at - 2] = script[at - 2] + more
                more = ADD_ENTRY_T - ADD_ENTRY
                routine = ADD_ENTRY
                if index < 128:
                    routine = SUB_ENTRY
                    index ^= 127
                script[at] = routine + (table >> 1) * _ABOVE
                script[at + 1] = (table & 1) << 7 | index & 127
                at += 2
        i -= 1
    return at


@micropython.viper
def _ladder(script: ptr8, scalar: ptr8):
    at = 0
    i = 254
    while i >= 0:
        script[at] = LADDER_0 + (scalar[i >> 3] >> (i & 7) & 1)
        script[at + 1] = 0
        at += 2
        i -= 1


if thumb2.here():
    from sealcam.curve25519.thumb2_code import multiplication as _write
else:
    _write = _multiplication  # type: ignore[assignment]  # its arguments have names
