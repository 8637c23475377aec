# SPDX-License-Identifier: Apache-2.0
"""X25519 (RFC 7748 section 5) on big integers. Not constant in time."""

from sealcam.ed25519_comb import multiply_base, table
from sealcam.ed25519_curve import P, inverse

_A24 = 121665


def x25519(scalar: bytes, u: bytes) -> bytes:
    """The shared secret, 32 bytes, of a 32-byte private scalar and a 32-byte public u.

    As in the RFC the scalar is clamped, bit 255 of u is ignored and u >= P is reduced. ValueError for wrong lengths and
    for the all-zero secret, which only points of small order give.
    """
    if len(scalar) != 32 or len(u) != 32:
        raise ValueError("X25519 takes 32 and 32 bytes")
    secret = _ladder(_clamped(scalar), (int.from_bytes(u, "little") & (1 << 255) - 1) % P)
    if not secret:
        raise ValueError("the public key gives an all-zero secret")
    return secret.to_bytes(32, "little")


def public(scalar: bytes) -> bytes:
    """The public key of a private scalar (both 32 bytes); ValueError for a wrong length.

    The base point's multiple on the Edwards curve, where a table serves, mapped by u = (1 + y) / (1 - y): RFC 7748 section 4.1.
    """
    if len(scalar) != 32:
        raise ValueError("an X25519 private key has 32 bytes")
    _, y, z, _ = multiply_base(_clamped(scalar), table())
    return ((z + y) * inverse((z - y) % P) % P).to_bytes(32, "little")


def _clamped(scalar: bytes) -> int:
    k = bytearray(scalar)
    k[0] &= 248
    k[31] = k[31] & 127 | 64
    return int.from_bytes(k, "little")


def _ladder(k: int, x1: int) -> int:
    x2, z2, x3, z3 = 1, 0, x1, 1
    swap = 0
    for t in range(254, -1, -1):
        bit = k >> t & 1
        if bit != swap:
            x2, z2, x3, z3 = x3, z3, x2, z2
            swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb = d * a % P, c * b % P
        x3 = (da + cb) * (da + cb) % P
        z3 = x1 * ((da - cb) * (da - cb) % P) % P
        aa, bb = a * a % P, b * b % P
        e = aa - bb
        x2 = aa * bb % P
        z2 = e * (aa + _A24 * e) % P
    if swap:
        x2, z2 = x3, z3
    return x2 * inverse(z2) % P if z2 else 0
