# SPDX-License-Identifier: Apache-2.0
"""AES key wrap on the recorder: RFC 3394."""

from sealcam.crypto import aes_kw
from vectors import octets, raises

# RFC 3394 section 4: key, data, wrapped; only with keys that the recorder uses.
RFC3394 = (
    (
        "000102030405060708090A0B0C0D0E0F",
        "00112233445566778899AABBCCDDEEFF",
        "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5",
    ),
    (
        "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
        "00112233445566778899AABBCCDDEEFF",
        "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7",
    ),
    (
        "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
        "00112233445566778899AABBCCDDEEFF0001020304050607",
        "A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1",
    ),
    (
        "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
        "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
        "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21",
    ),
)


def test_rfc3394():
    for kek, key, wrapped in RFC3394:
        assert aes_kw.wrap(octets(kek), octets(key)) == octets(wrapped)
        assert aes_kw.unwrap(octets(kek), octets(wrapped)) == octets(key)


def test_every_changed_byte_of_a_wrap_is_refused():
    wrapped = aes_kw.wrap(bytes(32), bytes(range(32)))
    for i in range(len(wrapped)):
        changed = bytearray(wrapped)
        changed[i] ^= 1
        assert raises(ValueError, aes_kw.unwrap, bytes(32), bytes(changed))
    assert raises(ValueError, aes_kw.unwrap, b"\x01" * 32, wrapped)


def test_wrap_refuses_lengths():
    for n in (0, 15, 17, 24, 33):
        assert raises(ValueError, aes_kw.wrap, bytes(n), bytes(32))
    for n in (0, 8, 15, 33):
        assert raises(ValueError, aes_kw.wrap, bytes(32), bytes(n))
        assert raises(ValueError, aes_kw.unwrap, bytes(32), bytes(n + 8))
    assert raises(ValueError, aes_kw.unwrap, bytes(32), b"")
