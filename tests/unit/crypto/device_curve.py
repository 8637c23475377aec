# SPDX-License-Identifier: Apache-2.0
"""The curve's arithmetic below signatures: encodings, the group law, the table of the base point."""

from binascii import hexlify
from hashlib import sha256

from sealcam import ed25519_comb, ed25519_curve
from sealcam.ed25519_curve import BASE, IDENTITY, L, P, add, cached, decode, double, encode, multiply, negate, odd_multiples

B = (BASE[0], BASE[1], 1, BASE[0] * BASE[1] % P)


def octets(value: int) -> bytes:
    return value.to_bytes(32, "little")


def test_only_canonical_encodings_are_points():
    """Of the 19 values of y that have a second encoding y + p, those on the curve must be refused in that form, with either sign."""
    seen = 0
    for y in range(19):
        seen += decode(octets(y)) is not None
        assert decode(octets(y + P)) is None
        assert decode(octets(y + P + 2**255)) is None
    assert seen > 5


def test_minus_zero_is_no_x():
    assert decode(octets(1)) is not None
    assert decode(octets(1 + 2**255)) is None
    assert decode(octets(P - 1 + 2**255)) is None


def test_encode_undoes_decode():
    for i in range(60):
        data = sha256(bytes([i])).digest()
        point = decode(data)
        if point is not None:
            assert encode(point) == data


def test_group_law():
    p = B
    total = add(IDENTITY, cached(p))
    for n in range(2, 40):
        total = add(total, cached(p))
        assert encode(total) == encode(multiply(n, odd_multiples(p)))
        assert encode(add(total, cached(negate(total)))) == encode(IDENTITY)
        assert encode(add(total, cached(total))) == encode(double(total))


def test_base_point_has_order_l():
    assert encode(multiply(L, odd_multiples(B))) == encode(IDENTITY)
    assert encode(multiply(L - 1, odd_multiples(B))) == encode(negate(B))


def test_comb_and_windows_agree():
    table = ed25519_comb.table()
    numbers = [0, 1, 2, 8, L - 1, L, L + 1, 2 * L, 2**255 - 1, 2**256 - 1]
    numbers += [int.from_bytes(sha256(bytes([i])).digest(), "little") for i in range(20)]
    for n in numbers:
        assert encode(ed25519_comb.multiply_base(n, table)) == encode(multiply(n, odd_multiples(B))), n


def test_the_table_is_the_known_one():
    table = ed25519_comb.build()
    assert len(table) == ed25519_comb.TABLE_BYTES
    assert hexlify(sha256(table).digest()) == b"651a9091e8e91462108fb92d53870a074703702cc1e7f4b04a6fdec6990f9add"


def test_inverse():
    for z in (1, 2, P - 1, ed25519_curve.D2, 2**254):
        assert ed25519_curve.inverse(z) * z % P == 1
