# SPDX-License-Identifier: Apache-2.0
"""The check before release: a processor that errs once, wherever that is, gives no signature; a decayed table gives no wrong one."""

from sealcam import ed25519
from sealcam.curve25519 import group
from sealcam.ed25519 import Key, SignatureFault, verify
from vectors import raises

SEED = bytes(range(32))


def once_wrong(right, at: int):
    """The function, whose result has one bit changed at call number `at`."""
    calls = [0]

    def wrong(*arguments):
        result = right(*arguments)
        calls[0] += 1
        if calls[0] == at:
            result = bytearray(result)
            result[3] ^= 16
        return result

    return wrong


def released_with(name: str, at: int) -> bool:
    """Whether a signature comes out when call number `at` of a part of ed25519 errs; the key was made before."""
    key = Key(SEED)
    right = getattr(ed25519, name)
    setattr(ed25519, name, once_wrong(right, at))
    try:
        return not raises(SignatureFault, key.sign, b"message", bytes(32))
    finally:
        setattr(ed25519, name, right)


def test_every_step_of_a_signature():
    """The hash of the nonce may err: another nonce is as good. From there on nothing may."""
    assert released_with("sha512", 1)
    for name, at in (
        ("sha512", 2),
        ("sha512", 3),
        ("reduce", 2),
        ("reduce", 3),
        ("multiply_base", 1),
        ("multiply_add", 1),
        ("encode", 1),
        ("encode", 2),
    ):
        assert not released_with(name, at), (name, at)
    assert released_with("reduce", 9)  # the control: a call that never comes


def test_a_damaged_key_in_memory():
    for at in (0, 7, 31):
        key = Key(SEED)
        key._secret[at] ^= 8
        assert raises(SignatureFault, key.sign, b"message", b"")
    key = Key(SEED)
    for at in (0, 63, 64, 130, 255):
        right = key._negated
        key._negated = right[:at] + bytes([right[at] ^ 1]) + right[at + 1 :]
        assert raises(SignatureFault, key.sign, b"message", b"")
        key._negated = right
    assert len(key.sign(b"message", b"")) == 64


def test_a_decayed_table():
    """An entry of the base point's table is wrong for good: what uses it is refused, what does not is right."""
    key = Key(SEED)
    right = group.table()
    refused, released = 0, []
    for entry in range(0, 512, 11):
        wrong = bytearray(right)
        wrong[96 * entry + 5] ^= 2
        group._table[0] = bytes(wrong)
        message = entry.to_bytes(2, "big")
        try:
            released.append((message, key.sign(message, b"")))
        except SignatureFault:
            refused += 1
        finally:
            group._table[0] = right
    assert refused > 2
    assert all(verify(key.public, message, signature) for message, signature in released)
