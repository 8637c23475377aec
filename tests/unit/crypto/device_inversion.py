# SPDX-License-Identifier: Apache-2.0
"""Inverses by division steps against what an inverse is."""

from hashlib import sha256

from sealcam.curve25519 import group, script
from sealcam.curve25519.inversion import invert

P = 2**255 - 19


def inverse(value: int) -> int:
    number = bytearray(value.to_bytes(32, "little"))
    invert(number)
    return int.from_bytes(number, "little")


def is_inverse(value: int) -> bool:
    found = inverse(value)
    return found < 2**255 and found * value % P == (1 if value % P else 0)


def test_edges():
    """0 has none and gives 0; the last few are p and more, which a number in 255 bits may be."""
    for value in [0, 1, 2, 19, (P + 1) // 2, P - 1, P - 2] + [P + i for i in range(19)]:
        assert is_inverse(value), value


def test_powers_of_two_and_their_negatives():
    """They take the division steps to their limits: one number vanishes early or late."""
    for i in range(0, 255, 3):
        assert is_inverse(1 << i) and is_inverse(P - (1 << i)), i


def test_random_numbers():
    for i in range(100):
        assert is_inverse(int.from_bytes(sha256(bytes([i])).digest(), "little") >> 1), i


def test_division():
    """By Z and by a difference, and by 0."""
    for routine, divisor in ((script.BY_Z, 5), (script.BY_DIFFERENCE, 2), (script.BY_Z, 0)):
        registers = group.machine()
        z = 0 if divisor == 0 else 5
        for register, value in ((0, 7), (1, 3), (2, z)):
            registers.load(register, value.to_bytes(32, "little"))
        registers.divide(routine)
        dividend = 8 if routine == script.BY_DIFFERENCE else 7
        assert int.from_bytes(registers.store(0), "little") == dividend * pow(divisor, P - 2, P) % P
