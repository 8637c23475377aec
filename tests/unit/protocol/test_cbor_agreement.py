# SPDX-License-Identifier: Apache-2.0
"""Our codec against an independent one: the same bytes for each value, and the same verdict on bytes that were tampered with."""

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealproto.cbor import CborError, Tag, decode, encode

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**64), 2**64 - 1),
    st.binary(max_size=300),
    st.text(max_size=100),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.integers(0, 23), inner, max_size=5),
    max_leaves=12,
)


def independent(data: bytes) -> object:
    """Strict decoding as cbor2 does it, with the re-encoding that it leaves to its caller. Raises ValueError."""
    try:
        value = cbor2.loads(data, allow_duplicate_keys=False, allow_indefinite=False)
        again = cbor2.dumps(value, canonical=True)
    except (cbor2.CBORError, ArithmeticError, TypeError) as error:  # also numbers and tags that we do not know
        raise ValueError(str(error)) from error
    if again != data:
        raise ValueError("not deterministic")
    return value


@given(VALUES)
def test_both_encode_to_the_same_bytes(value: object) -> None:
    data = encode(value)
    assert data == cbor2.dumps(value, canonical=True)
    assert decode(data) == value == independent(data)


@given(VALUES)
def test_tagged_values_agree(value: object) -> None:
    assert encode(Tag(18, value)) == cbor2.dumps(cbor2.CBORTag(18, value), canonical=True)


@settings(max_examples=800)
@given(VALUES, st.data())
def test_what_we_accept_the_other_accepts_too(value: object, data: st.DataObject) -> None:
    damaged = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        read = decode(bytes(damaged))
    except CborError:
        return
    if not isinstance(read, Tag) and b"\xd2" not in damaged:
        assert independent(bytes(damaged)) == read
    assert encode(read) == bytes(damaged)


@given(st.integers(0, 6), st.integers(0, 2**32 - 1), st.integers(0, 3))
def test_longer_heads_are_refused_by_both(major: int, argument: int, wider: int) -> None:
    data = bytes([major << 5 | 24 + wider]) + (argument % (1 << (4 << wider) if wider else 24)).to_bytes(1 << wider, "big")
    for read in (decode, independent):
        with pytest.raises(ValueError):
            read(data)
