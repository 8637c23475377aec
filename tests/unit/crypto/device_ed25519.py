# SPDX-License-Identifier: Apache-2.0
"""Ed25519 on the recorder: vectors, tricks, hedging, the check before release, malformed input."""

from sealcam import ed25519
from sealcam.ed25519 import Key, SignatureFault, verify
from vectors import load, octets, raises, wycheproof

SEED = bytes(range(32))
L = 2**252 + 27742317777372353535851937790883648493


def test_rfc8032():
    for vector in load("tests/vectors/ed25519_rfc8032.json"):
        key = Key(octets(vector["seed"]))
        message = octets(vector["message"])
        signature = octets(vector["signature"])
        assert key.public == octets(vector["public"])
        assert key.sign(message, b"") == signature
        assert verify(key.public, message, signature)


def test_wycheproof():
    cases = wycheproof("ed25519_test.json")
    assert len(cases) == 151
    for group, test in cases:
        verdict = verify(octets(group["publicKey"]["pk"]), octets(test["msg"]), octets(test["sig"]))
        assert verdict is (test["result"] == "valid"), test["tcId"]


def test_tricks():
    for trick in load("tests/unit/crypto/tricks.json"):
        verdict = verify(octets(trick["public"]), octets(trick["message"]), octets(trick["signature"]))
        assert verdict is trick["valid"], trick["name"]


def test_hedged_signatures_differ_and_verify():
    key = Key(SEED)
    seen = {key.sign(b"message", noise) for noise in (b"", bytes(16), bytes(17), bytes(32), b"\x01" * 32, bytes(95))}
    assert len(seen) == 6
    assert all(verify(key.public, b"message", signature) for signature in seen)
    assert key.sign(b"message", bytes(32)) == key.sign(b"message", bytes(32))


def test_noise_and_message_cannot_run_into_each_other():
    key = Key(SEED)
    first = key.sign(b"\x07 message", bytes(32))[:32]
    assert first != key.sign(b" message", bytes(31) + b"\x07")[:32]
    assert first != key.sign(b" message", bytes(32) + b"\x07")[:32]


def test_every_changed_bit_is_refused():
    key = Key(SEED)
    message = b"one small message"
    signature = key.sign(message, b"")
    for i in range(0, 512, 5):
        changed = bytearray(signature)
        changed[i >> 3] ^= 1 << (i & 7)
        assert not verify(key.public, message, changed), i


def test_malleable():
    key = Key(SEED)
    signature = key.sign(b"m", b"")
    s = int.from_bytes(signature[32:], "little") + L
    assert not verify(key.public, b"m", signature[:32] + s.to_bytes(32, "little"))


def test_wrong_lengths():
    key = Key(SEED)
    signature = key.sign(b"m", b"")
    for n in (0, 31, 33, 64):
        assert raises(ValueError, Key, bytes(n))
        assert verify((key.public * 2)[:n], b"m", signature) is False
    for n in (0, 32, 63, 65):
        assert verify(key.public, b"m", (signature * 2)[:n]) is False
    for n in (1, 15, 96, 128):
        assert raises(ValueError, key.sign, b"m", bytes(n))


def test_wrong_types():
    key = Key(SEED)
    signature = key.sign(b"m", b"")
    for strange in (None, 7, "m" * 32, [1] * 32):
        assert raises(TypeError, Key, strange)
        assert raises(TypeError, key.sign, strange, b"")
        assert raises(TypeError, key.sign, b"m", strange)
        assert raises(TypeError, verify, strange, b"m", signature)
        assert raises(TypeError, verify, key.public, strange, signature)
        assert raises(TypeError, verify, key.public, b"m", strange)


def test_buffers_of_other_types():
    key = Key(bytearray(SEED))
    message = memoryview(b"xxmessage")[2:]
    signature = key.sign(message, bytearray(16))
    assert verify(bytearray(key.public), bytearray(b"message"), memoryview(signature))


def test_input_is_left_alone():
    seed = bytearray(SEED)
    message = bytearray(b"message")
    noise = bytearray(32)
    Key(seed).sign(message, noise)
    assert seed == SEED and message == b"message" and noise == bytes(32)


def test_erase():
    key = Key(SEED)
    key.erase()
    assert raises(ValueError, key.sign, b"m", b"")


def test_a_faulty_signature_is_not_released():
    """A processor that errs while the nonce point is computed: the wrong R would give away the secret."""
    key = Key(SEED)
    right = ed25519.multiply_base

    def wrong_once(scalar):
        ed25519.multiply_base = right
        return right(bytes([scalar[0] ^ 1]) + scalar[1:])

    ed25519.multiply_base = wrong_once
    try:
        assert raises(SignatureFault, key.sign, b"m", b"")
    finally:
        ed25519.multiply_base = right
    assert verify(key.public, b"m", key.sign(b"m", b""))


def test_key_cache_is_bounded_and_changes_no_verdict():
    keys = [Key(bytes([i]) * 32) for i in range(11)]
    signatures = [key.sign(b"m", b"") for key in keys]
    for _ in range(2):
        for i, key in enumerate(keys):
            assert verify(key.public, b"m", signatures[i])
            assert not verify(key.public, b"m", signatures[i - 1])
    assert len(ed25519._checked) <= 8
