# SPDX-License-Identifier: Apache-2.0
"""The group below signatures: encodings, multiples, the table of the base point; the oracle is plain affine arithmetic."""

from binascii import hexlify
from hashlib import sha256

from oracle import BASE, L, P, order_eight, plus, times

from sealcam.curve25519 import group
from sealcam.curve25519.group import (
    IDENTITY,
    combine,
    combines_to,
    decode,
    encode,
    montgomery_u,
    multiples,
    multiply_base,
    negate,
    of_prime_order,
)


def octets(value: int) -> bytes:
    return value.to_bytes(32, "little")


def point(pair: tuple) -> bytes:
    return octets(pair[0]) + octets(pair[1])


def numbers() -> list:
    random = [int.from_bytes(sha256(bytes([i])).digest(), "little") >> 1 for i in range(3)]
    return [0, 1, 2, 15, 16, 17, L - 1, L, L + 1, 2**255 - 1] + random


def test_only_canonical_encodings_are_points():
    """Of the 19 values of y that have a second encoding y + p, those on the curve must be refused in that form, with either sign."""
    seen = 0
    for y in range(19):
        seen += decode(octets(y)) is not None
        assert decode(octets(y + P)) is None
        assert decode(octets(y + P + 2**255)) is None
    assert seen > 5


def test_minus_zero_is_no_x():
    assert decode(octets(1)) == IDENTITY
    assert decode(octets(1 + 2**255)) is None
    assert decode(octets(P - 1 + 2**255)) is None


def test_encode_undoes_decode():
    seen = 0
    for i in range(60):
        data = sha256(bytes([i])).digest()
        decoded = decode(data)
        if decoded is not None:
            seen += 1
            assert encode(decoded) == data
            assert encode(negate(decoded)) == data[:31] + bytes([data[31] ^ 128])
    assert 15 < seen < 45


def test_base_multiples():
    for n in numbers():
        assert multiply_base(octets(n)) == point(times(n, BASE)), n


def test_combinations():
    a = times(sum(numbers()), BASE)
    points = multiples(point(a))
    for s in numbers():
        for k in (0, L - 1, s * s % L):
            expected = point(plus(times(s, BASE), times(k, a)))
            assert combine(octets(s), octets(k), points) == expected, (s, k)
            assert combines_to(expected, octets(s), octets(k), points)
            assert not combines_to(point(plus(BASE, plus(times(s, BASE), times(k, a)))), octets(s), octets(k), points)


def test_a_comparison_sees_each_coordinate_and_other_names_of_it():
    a = point(times(7, BASE))
    right = point(times(9, BASE))
    one, nine = octets(1), octets(2)
    assert combines_to(right, nine, one, multiples(a))
    for i in (0, 31, 32, 63):
        wrong = bytearray(right)
        wrong[i] ^= 1
        assert not combines_to(bytes(wrong), nine, one, multiples(a)), i
    assert combines_to(IDENTITY, octets(0), octets(0), multiples(a))
    assert not combines_to(octets(P) + octets(1), octets(0), octets(0), multiples(a))
    assert not combines_to(octets(0) + octets(P + 1), octets(0), octets(0), multiples(a))


def test_multiples():
    for n in (1, 2, L - 1, 12345):
        expected = [point(times(2 ** (64 * i) * n % L, BASE)) for i in range(4)]
        assert multiples(point(times(n, BASE))) == b"".join(expected)


def test_montgomery_u():
    for n in numbers():
        y = times(n, BASE)[1]
        u = (1 + y) * pow(1 - y, P - 2, P) % P
        assert montgomery_u(octets(n)) == octets(u)


def order_is_prime(pair: tuple) -> bool:
    return of_prime_order(multiples(point(pair)))


def test_prime_order():
    torsion = order_eight()
    assert order_is_prime(BASE)
    for n in range(8):
        small = times(n, torsion)
        assert not order_is_prime(small)
        assert order_is_prime(plus(small, BASE)) is (n == 0)


def test_the_table_is_the_known_one():
    table = group.table()
    assert len(table) == 49152
    assert hexlify(sha256(table).digest()) == b"9e4f6b485e119fd1964022347a121c20f96859428995255aceac8ce72c3ab683"
