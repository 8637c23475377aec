# SPDX-License-Identifier: Apache-2.0
"""X25519 on the recorder: RFC 7748, Wycheproof, and what is refused."""

from sealcam.x25519 import public, x25519
from vectors import octets, raises, wycheproof

# RFC 7748 section 6.1.
ALICE = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"
BOB = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"


def test_rfc7748():
    scalar = octets("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    u = octets("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    assert x25519(scalar, u) == octets("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")
    scalar = octets("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d")
    u = octets("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493")
    assert x25519(scalar, u) == octets("95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")


def test_rfc7748_agreement():
    alice = octets(ALICE)
    bob = octets(BOB)
    assert public(alice) == octets("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
    assert public(bob) == octets("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
    secret = octets("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
    assert x25519(alice, public(bob)) == x25519(bob, public(alice)) == secret


def test_wycheproof():
    refused = 0
    cases = wycheproof("x25519_test.json")
    assert len(cases) == 518
    for _, test in cases:
        scalar, u = octets(test["private"]), octets(test["public"])
        if "ZeroSharedSecret" in test["flags"]:
            refused += 1
            assert raises(ValueError, x25519, scalar, u), test["tcId"]
        else:
            assert x25519(scalar, u) == octets(test["shared"]), test["tcId"]
    assert refused == 31


def test_wrong_lengths():
    for n in (0, 31, 33):
        assert raises(ValueError, x25519, bytes(n), b"\x09" + bytes(31))
        assert raises(ValueError, x25519, bytes(32), bytes(n))
        assert raises(ValueError, public, bytes(n))


def test_public_is_the_ladder_from_nine():
    for i in range(8):
        scalar = bytes([i * 31 + 1]) * 32
        assert public(scalar) == x25519(scalar, b"\x09" + bytes(31))
