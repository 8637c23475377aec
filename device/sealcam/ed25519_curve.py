# SPDX-License-Identifier: Apache-2.0
"""The twisted Edwards curve edwards25519 (RFC 7748 section 4.1, RFC 8032 section 5.1) on big integers.

A point is (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z. A point prepared for additions ("cached") is
(Y + X, Y - X, 2*d*T, 2*Z). Formulas: Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited" (2008), for a = -1.
Nothing here runs in constant time; docs/threat-model.md says what follows from that.
"""

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D2 = 0x2406D9DC56DFFCE7198E80F2EEF3D13000E0149A8283B156EBD69B9426B2F159
_D = 0x52036CEE2B6FFE738CC740797779E89800700A4D4141D8AB75EB4DCA135978A3
_ROOT = 0x2B8324804FC1DF0B2B4D00993DFBD7A72F431806AD2FE478C4EE1B274A0EA0B0  # of -1
BASE = (
    0x216936D3CD6E53FEC0A4E231FDD6DC5C692CC7609525A7B2C9562D608F25D51A,
    0x6666666666666666666666666666666666666666666666666666666666666658,
)
IDENTITY = (0, 1, 1, 0)
_WINDOW = 5


def inverse(z: int) -> int:
    """1/z modulo P for z not 0; Euclid's algorithm, several times faster than a power here."""
    u, v = z, P
    x, y = 1, 0
    while u != 1:
        q = v // u
        u, v = v - q * u, u
        x, y = y - q * x, x
    return x % P


def add(p: tuple, c: tuple) -> tuple:
    """The sum of a point and a cached point; right for every pair."""
    x, y, z, t = p
    a = (y - x) * c[1]
    b = (y + x) * c[0]
    e = t * c[2] % P
    f = z * c[3] % P
    x, y, z, t = b - a, f + e, f - e, b + a
    return x * z % P, y * t % P, z * y % P, x * t % P


def double(p: tuple) -> tuple:
    """p + p."""
    x, y, z, _ = p
    a = x * x % P
    b = y * y % P
    e = (x + y) * (x + y) - a - b
    g = b - a
    f = g - 2 * z * z % P
    h = -a - b
    e %= P
    return e * f % P, g * h % P, f * g % P, e * h % P


def cached(p: tuple) -> tuple:
    """The form that add() wants on its right side."""
    x, y, z, t = p
    return y + x, y - x, t * D2 % P, 2 * z


def negate(p: tuple) -> tuple:
    """-p."""
    return -p[0], p[1], p[2], -p[3]


def encode(p: tuple) -> bytes:
    """The 32 bytes of RFC 8032 section 5.1.2."""
    z = inverse(p[2])
    y = p[1] * z % P
    return (y | (p[0] * z % P & 1) << 255).to_bytes(32, "little")


def decode(data: bytes) -> tuple | None:
    """The point of 32 bytes, or None when they are not the canonical encoding of a point on the curve."""
    y = int.from_bytes(data, "little")
    sign = y >> 255
    y &= (1 << 255) - 1
    if y >= P:
        return None
    x = _x_of(y)
    if x is None or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _x_of(y: int) -> int | None:
    """A square root of (y*y - 1) / (d*y*y + 1), or None: RFC 8032 section 5.1.3."""
    u = y * y - 1
    v = _D * y * y + 1
    v3 = v * v * v % P
    x = u * v3 * pow(u * v3 * v3 * v % P, (P - 5) // 8, P) % P
    check = v * x * x % P
    if check == u % P:
        return x
    if check == -u % P:
        return x * _ROOT % P
    return None


def odd_multiples(p: tuple) -> list:
    """Cached p, 3p, 5p ... 15p: what multiply() works from."""
    double_p = cached(double(p))
    table = [cached(p)]
    for _ in range((1 << _WINDOW - 2) - 1):
        p = add(p, double_p)
        table.append(cached(p))
    return table


def multiply(scalar: int, table: list) -> tuple:
    """scalar * p, scalar >= 0, from odd_multiples(p): signed sliding windows of 5 bits."""
    point = IDENTITY
    for digit in reversed(_digits(scalar)):
        point = double(point)
        if digit > 0:
            point = add(point, table[digit >> 1])
        elif digit < 0:
            plus, minus, t, z = table[-digit >> 1]
            point = add(point, (minus, plus, -t, z))
    return point


def _digits(scalar: int) -> list:
    """Digits, lowest first, each 0 or odd within -15..15, at most one of five neighbours not 0."""
    digits = []
    size = 1 << _WINDOW
    while scalar:
        digit = 0
        if scalar & 1:
            digit = scalar & size - 1
            if digit > size >> 1:
                digit -= size
            scalar -= digit
        digits.append(digit)
        scalar >>= 1
    return digits


def of_prime_order(table: list) -> bool:
    """Whether the point behind odd_multiples() generates the subgroup of order L."""
    y_plus_x, y_minus_x, _, z2 = table[0]
    if y_plus_x == y_minus_x and (y_plus_x + y_minus_x - z2) % P == 0:
        return False
    x, y, z, _ = multiply(L, table)
    return x == 0 and y == z
