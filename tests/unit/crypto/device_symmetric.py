# SPDX-License-Identifier: Apache-2.0
"""HMAC and HKDF on the recorder: RFC 4231, RFC 5869 and Wycheproof."""

from sealcam.crypto import hkdf
from sealcam.crypto.hmac_sha256 import hmac
from vectors import octets, raises, wycheproof

# RFC 4231: key, data, tag (test case 5 is cut to 16 bytes there).
RFC4231 = (
    ("0b" * 20, "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (
        "4a656665",
        "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    ("aa" * 20, "dd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    ("0c" * 20, "546573742057697468205472756e636174696f6e", "a3b6167473100ee06e0c796c2955552b"),
    (
        "aa" * 131,
        "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
)
# RFC 5869 appendix A: ikm, salt, info, prk, okm.
RFC5869 = (
    (
        "0b" * 22,
        "000102030405060708090a0b0c",
        "f0f1f2f3f4f5f6f7f8f9",
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        "0b" * 22,
        "",
        "",
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
)


def test_rfc4231():
    for key, data, tag in RFC4231:
        full = hmac(octets(key), octets(data))
        assert len(full) == 32 and full[: len(tag) // 2] == octets(tag)


def test_parts_are_joined():
    data = bytes(range(200))
    assert hmac(b"key", data) == hmac(b"key", data[:1], b"", memoryview(data)[1:90], bytearray(data[90:]))
    assert hmac(b"key") == hmac(b"key", b"")


def test_key_lengths_around_a_block():
    """RFC 2104: a key longer than the block is hashed, one of exactly the block is not."""
    assert hmac(b"k" * 63, b"") == hmac(b"k" * 63 + b"\0", b"")
    assert hmac(b"k" * 64, b"") != hmac(b"k" * 65, b"")


def test_wycheproof_hmac():
    for group, test in wycheproof("hmac_sha256_test.json"):
        tag = hmac(octets(test["key"]), octets(test["msg"]))[: group["tagSize"] // 8]
        assert (tag == octets(test["tag"])) is (test["result"] == "valid"), test["tcId"]


def test_rfc5869():
    for ikm, salt, info, prk, okm in RFC5869:
        assert hkdf.extract(octets(salt), octets(ikm)) == octets(prk)
        assert hkdf.expand(octets(prk), octets(info), 42) == octets(okm)


def test_wycheproof_hkdf():
    for _, test in wycheproof("hkdf_sha256_test.json"):
        prk = hkdf.extract(octets(test["salt"]), octets(test["ikm"]))
        if test["result"] == "valid":
            assert hkdf.expand(prk, octets(test["info"]), test["size"]) == octets(test["okm"]), test["tcId"]
        else:
            assert raises(ValueError, hkdf.expand, prk, octets(test["info"]), test["size"]), test["tcId"]


def test_hkdf_limits():
    prk = bytes(32)
    assert hkdf.expand(prk, b"", 0) == b""
    assert len(hkdf.expand(prk, b"", 8160)) == 8160
    assert raises(ValueError, hkdf.expand, prk, b"", 8161)
    assert raises(ValueError, hkdf.expand, prk, b"", -1)
