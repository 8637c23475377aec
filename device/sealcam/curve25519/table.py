# SPDX-License-Identifier: Apache-2.0
"""The comb's table of multiples of the base point: 4 x 128 entries of 96 bytes.

Entry m of table k is the point 2**(8*k) * (2**224 + sum of +-2**(32*j) for j < 7, plus where bit j of m is set) * B, stored
as (y + x)/2, (y - x)/2 and d*x*y, each 32 bytes, little-endian, canonical.

Big integers suffice, since this runs once. This file needs nothing of MicroPython, so that a firmware build can run it as well
and put the result into flash.
"""

TABLE_BYTES = 4 * 128 * 96
_P = 2**255 - 19
_D = 0x52036CEE2B6FFE738CC740797779E89800700A4D4141D8AB75EB4DCA135978A3
_X = 0x216936D3CD6E53FEC0A4E231FDD6DC5C692CC7609525A7B2C9562D608F25D51A
_Y = 0x6666666666666666666666666666666666666666666666666666666666666658
_HALF = (_P + 1) // 2
_SPACING = 32
_COLUMNS = 8


def build() -> bytes:
    """Computes the table: 49,152 bytes, always the same (tests pin their SHA-256)."""
    point = (_X, _Y, 1, _X * _Y % _P)
    multiples = []  # 2**i * B
    for _ in range(8 * _SPACING):
        multiples.append(point)
        point = _double(point)
    points = []
    for table in range(4):
        points += _combinations(multiples[_COLUMNS * table :: _SPACING])
    return _normalised(points)


def _combinations(teeth: list) -> list:
    """The 128 sums of 8 teeth, signs of the lower seven given by the bits of the index."""
    points = [teeth[7]]
    for x, y, z, t in teeth[:7]:
        prepared = y - x, y + x, 2 * _D * t % _P, 2 * z
        both = [_difference_and_sum(p, prepared) for p in points]
        points = [difference for difference, _ in both] + [total for _, total in both]
    return points


def _difference_and_sum(p: tuple, prepared: tuple) -> tuple:
    """Two points, of (X, Y, Z, T) and (Y - X, Y + X, 2*d*T, 2*Z): Hisil, Wong, Carter, Dawson (2008), section 3.1, for a = -1."""
    minus, plus, t, z = prepared
    c = p[3] * t % _P
    d = p[2] * z
    low, high = p[1] - p[0], p[1] + p[0]
    a, b = low * plus, high * minus
    difference = _completed(b - a, d + c, d - c, b + a)
    a, b = low * minus, high * plus
    return difference, _completed(b - a, d - c, d + c, b + a)


def _completed(e: int, f: int, g: int, h: int) -> tuple:
    e, f, g, h = e % _P, f % _P, g % _P, h % _P
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _double(p: tuple) -> tuple:
    """Section 3.3 of the same."""
    x, y, z, _ = p
    a, b = x * x, y * y
    return _completed(a + b - (x + y) * (x + y), 2 * z * z + a - b, a - b, a + b)


def _normalised(points: list) -> bytes:
    """The entries of points; one inversion serves them all (Montgomery's trick)."""
    products = [1]
    for p in points:
        products.append(products[-1] * p[2] % _P)
    inverse = pow(products[-1], _P - 2, _P)
    table = bytearray(96 * len(points))
    for i in range(len(points) - 1, -1, -1):
        x, y, z, _ = points[i]
        one_over_z = inverse * products[i] % _P
        inverse = inverse * z % _P
        table[96 * i : 96 * i + 96] = _entry(x * one_over_z % _P, y * one_over_z % _P)
    return bytes(table)


def _entry(x: int, y: int) -> bytes:
    numbers = ((y + x) * _HALF, (y - x) * _HALF, _D * x * y)
    return b"".join([(number % _P).to_bytes(32, "little") for number in numbers])
