# SPDX-License-Identifier: Apache-2.0
"""Multiples of the base point by a signed comb: 8 teeth, 2 tables, 16 columns.

A scalar n is written with 256 digits of +1 or -1, which is possible for every n modulo L: n = 2*b - (2**256 - 1), where the
bits of b are the digits' signs. Digits 32 places apart make a column; the comb of one column is looked up, so 16 columns of
two tables need 15 doublings and 32 additions. Half of a table is enough, since the other half is its negative.

Table layout, 2 x 128 entries of 96 bytes: entry m of table k is the point 2**(16*k) * (2**224 + sum of +-2**(32*j) for
j < 7, plus where bit j of m is set) * B, stored as y + x, y - x and 2*d*x*y, each 32 bytes, little-endian, canonical.
"""

from sealcam.ed25519_curve import BASE, D2, IDENTITY, L, P, add, cached, double, inverse, negate

TABLE_BYTES = 2 * 128 * 96
_COLUMNS = 16
_OFFSET = (1 << 256) - 1
_HALF = (L + 1) // 2


_table = []  # built at first use


def table() -> bytes:
    """The table, computed once: 13 ms on the unix port."""
    if not _table:
        _table.append(build())
    return _table[0]


def build() -> bytes:
    """Computes the table: 24,576 bytes. Firmware may freeze the result into flash (tests pin its SHA-256)."""
    point = (BASE[0], BASE[1], 1, BASE[0] * BASE[1] % P)
    teeth = []
    for _ in range(_COLUMNS * 16):
        teeth.append(point)
        point = double(point)
    points = []
    for table in range(2):
        points += _combinations(teeth[_COLUMNS * table :: 2 * _COLUMNS])
    return b"".join(_normalised(points))


def _combinations(teeth: list) -> list:
    """The 128 sums of 8 teeth, signs of the lower seven given by the bits of the index."""
    points = [teeth[7]]
    for tooth in teeth[:7]:
        plus, minus = cached(tooth), cached(negate(tooth))
        points = [add(p, minus) for p in points] + [add(p, plus) for p in points]
    return points


def _normalised(points: list) -> list:
    """Table entries of points; one inversion serves them all (Montgomery's trick)."""
    products = [1]
    for p in points:
        products.append(products[-1] * p[2] % P)
    inverted = inverse(products[-1])
    entries = []
    for i in range(len(points) - 1, -1, -1):
        x, y, z, _ = points[i]
        z_inverse = inverted * products[i] % P
        inverted = inverted * z % P
        entries.insert(0, _entry(x * z_inverse % P, y * z_inverse % P))
    return entries


def _entry(x: int, y: int) -> bytes:
    return b"".join([(n % P).to_bytes(32, "little") for n in (y + x, y - x, D2 * x * y)])


def multiply_base(scalar: int, table: bytes) -> tuple:
    """scalar * B for any scalar >= 0."""
    signs = ((scalar + _OFFSET) * _HALF % L).to_bytes(32, "little")
    point = IDENTITY
    for column in range(_COLUMNS - 1, -1, -1):
        point = double(point)
        for k in range(2):
            point = add(point, _column(signs, column + _COLUMNS * k, table, k))
    return point


def _column(signs: bytes, column: int, table: bytes, k: int) -> tuple:
    """The cached point for the digits column, column + 32, column + 64 ..."""
    index = 0
    for j in range(8):
        index |= (signs[(column >> 3) + 4 * j] >> (column & 7) & 1) << j
    positive = index & 128
    at = (k * 128 + ((index if positive else ~index) & 127)) * 96
    plus = int.from_bytes(table[at : at + 32], "little")
    minus = int.from_bytes(table[at + 32 : at + 64], "little")
    t = int.from_bytes(table[at + 64 : at + 96], "little")
    return (plus, minus, t, 2) if positive else (minus, plus, -t, 2)
