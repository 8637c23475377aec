# SPDX-License-Identifier: Apache-2.0
"""X25519 (RFC 7748 section 5). Not constant in time."""

from sealcam.curve25519 import script
from sealcam.curve25519.group import machine, montgomery_u

_A24 = (121665).to_bytes(32, "little")
_ONE = b"\x01" + bytes(31)
_ZERO = bytes(32)


def x25519(scalar: bytes, u: bytes) -> bytes:
    """The shared secret, 32 bytes, of a 32-byte private scalar and a 32-byte public u.

    As in the RFC the scalar is clamped, bit 255 of u is ignored and u >= p is reduced. ValueError for wrong lengths and
    for the all-zero secret, which only points of small order give.
    """
    if len(scalar) != 32 or len(u) != 32:
        raise ValueError("X25519 takes 32 and 32 bytes")
    secret = _multiply(_clamped(scalar), u)
    if secret == _ZERO:
        raise ValueError("the public key gives an all-zero secret")
    return secret


def public(scalar: bytes) -> bytes:
    """The public key of a private scalar (both 32 bytes); ValueError for a wrong length."""
    if len(scalar) != 32:
        raise ValueError("an X25519 private key has 32 bytes")
    clamped = _clamped(scalar)
    u = montgomery_u(clamped)
    clamped[:] = bytes(32)
    return u


def _clamped(scalar: bytes) -> bytearray:
    clamped = bytearray(scalar)
    clamped[0] &= 248
    clamped[31] = clamped[31] & 127 | 64
    return clamped


def _multiply(clamped: bytearray, u: bytes) -> bytes:
    """The ladder: X2, X3, Z2, Z3 in registers 0 to 3. Everything it used is overwritten."""
    registers = machine()
    for register, number in ((0, _ONE), (2, _ZERO), (1, u), (3, _ONE), (12, u), (13, _A24)):
        registers.load(register, number)
    steps = script.ladder(clamped)
    registers.run(steps)
    registers.divide(script.BY_Z)
    secret = registers.store(0)
    registers.wipe()
    for used in (steps, clamped):
        used[:] = bytes(len(used))
    return secret
