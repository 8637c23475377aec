# SPDX-License-Identifier: Apache-2.0
"""edwards25519 in the plainest way, by other formulas than the recorder uses: an oracle that shares no line with it."""

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
NEUTRAL = (0, 1)


def plus(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    k = D * a[0] * b[0] * a[1] * b[1] % P
    x = (a[0] * b[1] + a[1] * b[0]) * pow(1 + k, P - 2, P)
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - k + P, P - 2, P)
    return x % P, y % P


def times(n: int, point: tuple[int, int]) -> tuple[int, int]:
    total, addend = (0, 1, 1), (point[0], point[1], 1)
    while n:
        if n & 1:
            total = projective(total, addend)
        addend = projective(addend, addend)
        n >>= 1
    z = pow(total[2], P - 2, P)
    return total[0] * z % P, total[1] * z % P


def projective(p: tuple[int, int, int], q: tuple[int, int, int]) -> tuple[int, int, int]:
    """Bernstein, Birkner, Joye, Lange, Peters, "Twisted Edwards Curves" (2008), section 6, for a = -1."""
    a = p[2] * q[2] % P
    b, c, d = a * a % P, p[0] * q[0] % P, p[1] * q[1] % P
    e = D * c * d % P
    f, g = b - e, b + e
    x = a * f * ((p[0] + p[1]) * (q[0] + q[1]) - c - d) % P
    return x, a * g * (d + c) % P, f * g % P


def root(square: int) -> int | None:
    """The even square root modulo P, if there is one."""
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 else x


def with_y(y: int) -> tuple[int, int] | None:
    x = root((y * y - 1) * pow(D * y * y + 1, P - 2, P) % P)
    return None if x is None else (x, y)


def order_eight() -> tuple[int, int]:
    """A generator of the eight points whose order divides the cofactor."""
    y = 2
    while True:
        point = with_y(y)
        torsion = NEUTRAL if point is None else times(L, point)
        if times(4, torsion) != NEUTRAL:
            return torsion
        y += 1


def base() -> tuple[int, int]:
    point = with_y(4 * pow(5, P - 2, P) % P)
    assert point is not None
    return point


BASE = base()
