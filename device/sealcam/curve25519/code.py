# SPDX-License-Identifier: Apache-2.0
"""Programs of the kernel for curve25519 in both shapes.

Registers: 0 to 3 hold a point (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z, or the ladder's two points; 4 to 11 are scratch;
12 to 15 hold constants or a loaded table entry; from 16 on come points ready for addition, 4 registers each: (Y + X, Y - X,
2*d*T, 2*Z).

Bounds, in units of 4096, of what is multiplied: tight 1, sum of two 2, of three 3. A product of bounds up to 6 fits (see `kernel`).
Formulas: Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited" (2008), for a = -1; RFC 7748 section 5 for the ladder.
"""

from sealcam.curve25519 import script
from sealcam.curve25519.kernel import ABOVE, ADD, ARGUMENT, CARRY, LOAD, MUL, SQR, SUB

D2 = 15
_P, _M, _T, _Z = ARGUMENT, ARGUMENT + 1, ARGUMENT + 2, ARGUMENT + 3
_TIMES_Z = ((MUL, 7, 2, _Z),)

# E = 3, F = 1 (after the carry), G = 2, H = 2.
_DOUBLE = (
    (SQR, 4, 0, 1),
    (SQR, 5, 1, 1),
    (SQR, 6, 2, 1),
    (ADD, 7, 0, 1),
    (SQR, 7, 7, 1),
    (ADD, 8, 4, 5),
    (SUB, 7, 8, 7),
    (SUB, 9, 4, 5),
    (ADD, 6, 6, 6),
    (ADD, 6, 9, 6),
    (CARRY, 6, 6, 0),
    (MUL, 0, 7, 6),
    (MUL, 1, 9, 8),
    (MUL, 2, 6, 9),
)
_WITH_T = ((MUL, 3, 7, 8),)


def _addition(plus: int, minus: int, t: int, twice_z: tuple, sign: int) -> tuple:
    """The point plus (sign ADD) or minus (sign SUB) a prepared one; all of E, F, G, H are 2. T comes last, so that it can be left out."""
    if sign == SUB:
        plus, minus = minus, plus
    d = 7 if twice_z else 2
    products = ((SUB, 4, 1, 0), (ADD, 5, 1, 0), (MUL, 4, 4, minus), (MUL, 5, 5, plus), (MUL, 6, 3, t))
    return (
        products
        + twice_z
        + (
            (SUB, 8, 5, 4),
            (SUB if sign == ADD else ADD, 9, d, 6),
            (sign, 10, d, 6),
            (ADD, 11, 5, 4),
            (MUL, 0, 8, 9),
            (MUL, 1, 10, 11),
            (MUL, 2, 9, 10),
            (MUL, 3, 8, 11),
        )
    )


def _from_table(sign: int, above: int = 0) -> tuple:
    """Adds or subtracts the table entry of the step's argument, ABOVE or not. The entry being halved, Z stands where 2*Z would."""
    loads = ((LOAD, 12, 0, above), (LOAD, 13, 0, above + 1), (LOAD, 14, 0, above + 2))
    return loads + _addition(12, 13, 14, (), sign)


# z**(2**250 - 1) of register 4 in 6, with z**11 in 5.
_POWER = (
    (SQR, 5, 4, 1),
    (SQR, 6, 5, 2),
    (MUL, 6, 4, 6),
    (MUL, 5, 5, 6),
    (SQR, 7, 5, 1),
    (MUL, 6, 6, 7),
    (SQR, 7, 6, 5),
    (MUL, 6, 7, 6),
    (SQR, 7, 6, 10),
    (MUL, 7, 7, 6),
    (SQR, 8, 7, 20),
    (MUL, 7, 8, 7),
    (SQR, 7, 7, 10),
    (MUL, 6, 7, 6),
    (SQR, 7, 6, 50),
    (MUL, 7, 7, 6),
    (SQR, 8, 7, 100),
    (MUL, 7, 8, 7),
    (SQR, 7, 7, 50),
    (MUL, 6, 7, 6),
)
# The inverse of register 4 in 6, its power p - 2; 0 for 0. Only a machine without Machine.invert() of its own runs this.
_INVERT = _POWER + ((SQR, 6, 6, 5), (MUL, 6, 6, 5))
# From y in 1, d in 14, 1 in 2: u = y*y - 1 in 9, v = d*y*y + 1 in 10, the candidate x = u*v**3 * (u*v**7)**((p-5)/8) in 0;
# v*x*x - u in 5, v*x*x + u in 6.
_ROOT = (
    (
        (SQR, 4, 1, 1),
        (SUB, 9, 4, 2),
        (MUL, 10, 4, 14),
        (ADD, 10, 10, 2),
        (SQR, 11, 10, 1),
        (MUL, 11, 11, 10),
        (MUL, 0, 11, 9),
        (SQR, 4, 11, 1),
        (MUL, 4, 4, 10),
        (MUL, 4, 4, 9),
    )
    + _POWER
    + (
        (SQR, 6, 6, 2),
        (MUL, 6, 6, 4),
        (MUL, 0, 0, 6),
        (SQR, 4, 0, 1),
        (MUL, 4, 4, 10),
        (SUB, 5, 4, 9),
        (ADD, 6, 4, 9),
    )
)


def _ladder(x2: int, z2: int, x3: int, z3: int) -> tuple:
    """One step of RFC 7748's ladder; x1 in 12, 121665 in 13."""
    return (
        (ADD, 4, x2, z2),
        (SUB, 5, x2, z2),
        (ADD, 6, x3, z3),
        (SUB, 7, x3, z3),
        (MUL, 7, 7, 4),
        (MUL, 6, 6, 5),
        (ADD, 8, 7, 6),
        (SQR, x3, 8, 1),
        (SUB, 8, 7, 6),
        (SQR, 8, 8, 1),
        (MUL, z3, 8, 12),
        (SQR, 4, 4, 1),
        (SQR, 5, 5, 1),
        (MUL, x2, 4, 5),
        (SUB, 9, 4, 5),
        (MUL, 5, 9, 13),
        (ADD, 5, 4, 5),
        (MUL, z2, 9, 5),
    )


ROUTINES = {
    script.DOUBLE: _DOUBLE,
    script.DOUBLE_T: _DOUBLE + _WITH_T,
    script.ADD_POINT: _addition(_P, _M, _T, _TIMES_Z, ADD)[:-1],
    script.SUB_POINT: _addition(_P, _M, _T, _TIMES_Z, SUB)[:-1],
    script.ADD_POINT_T: _addition(_P, _M, _T, _TIMES_Z, ADD),
    script.SUB_POINT_T: _addition(_P, _M, _T, _TIMES_Z, SUB),
    script.SUB_ENTRY: _from_table(SUB)[:-1],
    script.ADD_ENTRY: _from_table(ADD)[:-1],
    script.SUB_ENTRY_T: _from_table(SUB),
    script.ADD_ENTRY_T: _from_table(ADD),
    script.PREPARE: ((ADD, _P, 1, 0), (SUB, _M, 1, 0), (MUL, _T, 3, D2), (ADD, _Z, 2, 2)),
    script.INVERT: _INVERT,
    script.ROOT: _ROOT,
    script.TIMES_ROOT: ((MUL, 0, 0, 13),),
    script.NEGATE_X: ((SUB, 0, 12, 0),),
    script.MAKE_T: ((MUL, 3, 0, 1),),
    script.LADDER_0: _ladder(0, 2, 1, 3),
    script.LADDER_1: _ladder(1, 3, 0, 2),
    script.BY_DIFFERENCE: ((SUB, 4, 2, 1), (ADD, 0, 2, 1)),  # (Z + Y) / (Z - Y), the u of RFC 7748 section 4.1
    script.SCALE: ((MUL, 0, 0, 6), (MUL, 1, 1, 6)),
    script.COMPARE: ((MUL, 4, 2, 12), (SUB, 4, 0, 4), (MUL, 5, 2, 13), (SUB, 5, 1, 5)),
    script.BY_Z: ((CARRY, 4, 2, 0),),
}
for _routine in (_from_table(SUB, ABOVE)[:-1], _from_table(ADD, ABOVE)[:-1], _from_table(SUB, ABOVE), _from_table(ADD, ABOVE)):
    ROUTINES[len(ROUTINES)] = _routine


def assemble() -> bytes:
    """The code of all routines, as run() wants it."""
    directory = bytearray()
    operations = bytearray()
    for number in range(len(ROUTINES)):
        start = 3 * len(ROUTINES) + len(operations)
        directory += bytes([start & 255, start >> 8, len(ROUTINES[number])])
        for operation in ROUTINES[number]:
            operations += bytes(operation)
    return bytes(directory + operations)
