# SPDX-License-Identifier: Apache-2.0
"""The CBOR codec has one spelling of each value and refuses every other."""

from sealproto.cbor import CborError, Tag, decode, decode_at, encode

VALUE = {0: 1, 1: [1, -5, b"ab", "中文", None, True, False, {3: 2**40}], 2: 2**64 - 1, 3: -(2**64), 23: Tag(18, [b"", {}, b"x"])}


def test_kinds_of_bytes_have_one_spelling():
    assert encode(bytearray(b"ab")) == encode(memoryview(b"ab")) == encode(b"ab")


def refused(data):
    try:
        decode(data)
    except CborError:
        return True
    return False


def not_encodable(value):
    try:
        encode(value)
    except CborError:
        return True
    return False


def test_round_trip():
    assert decode(encode(VALUE)) == VALUE


def test_every_changed_byte_is_refused_or_another_value():
    raw = encode(VALUE)
    for at in range(len(raw)):
        for byte in range(256):
            changed = raw[:at] + bytes([byte]) + raw[at + 1 :]
            try:
                value = decode(changed)
            except CborError:
                continue
            assert encode(value) == changed


def test_every_truncation_and_any_tail_is_refused():
    raw = encode(VALUE)
    for at in range(len(raw)):
        assert refused(raw[:at])
    assert refused(raw + b"\x00")


def test_what_rfc_8949_calls_not_deterministic_is_refused():
    for text in (
        "1800", "1817", "1900ff", "1a0000ffff", "1b00000000ffffffff",  # longer than needed
        "5f4161ff", "7f6161ff", "9f01ff", "bf0001ff",  # indefinite
        "a200010002", "a201010002", "a1616100", "a1182000", "a12000",  # duplicate, falling, text, large and negative keys
        "f90000", "fa00000000", "fb0000000000000000", "f7", "f0", "f814", "c000", "d9d9f700", "1c", "1f", "ff",
    ):  # fmt: skip
        assert refused(bytes.fromhex(text)), text


def test_utf8_is_strict():
    for text in ("61ff", "62c080", "63e08080", "63eda080", "64f4908080", "62c341", "61c3", "64f0808080", "65f888808080"):
        assert refused(bytes.fromhex(text)), text
    for point in (0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF):
        assert decode(encode(chr(point))) == chr(point)


def test_depth_and_size_are_bounded():
    assert refused(b"\x81" * 13 + b"\x00")
    assert not refused(b"\x81" * 12 + b"\x00")
    assert refused(bytes.fromhex("9b7fffffffffffffff"))
    assert refused(bytes.fromhex("5b7fffffffffffffff"))
    assert refused(bytes.fromhex("b9ffff"))


def test_what_has_no_encoding_is_refused():
    for value in (1.5, {24: 0}, {-1: 0}, {"a": 0}, {True: 0}, 2**64, -(2**64) - 1, object(), Tag(17, 0)):
        assert not_encodable(value)


def test_sequence():
    raw = encode([1]) + encode(b"x")
    value, at = decode_at(raw, 0)
    assert value == [1] and decode_at(raw, at) == (b"x", len(raw))
