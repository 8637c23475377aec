# SPDX-License-Identifier: Apache-2.0
"""Sealed messages: encrypted, then authenticated, in one direction, in order.

Each message counts: its number (u64, little-endian, from 0) is never sent, only hashed in, so a message left out, repeated or moved does
not open. Suite 1: A256CBC with PKCS #7 padding, IV = first 16 bytes of HMAC-SHA-256(iv key, number). Suite 2, for boards without AES: XOR
with the blocks HMAC-SHA-256(encryption key, number || block u32). Both end in the first 16 bytes of
HMAC-SHA-256(mac key, number || ciphertext).

The primitives come in as an object `crypto`:
    suites                          numbers of the suites that it can do
    hmac(key, *parts) -> 32 bytes   HMAC-SHA-256
    extract(salt, ikm), expand(prk, info, n)   HKDF-SHA-256
    encrypt(key, iv, data), decrypt(key, iv, data)   AES-256-CBC of whole blocks, no padding
    x25519(scalar, u), x25519_public(scalar)   ValueError for an all-zero secret
    verify(public, message, signature) -> bool   strict Ed25519
    random(n) -> n bytes
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .crypto_interface import Crypto

AES_CBC = 1
HMAC_STREAM = 2
KEY_BYTES = 96  # encryption, MAC and IV key
TAG_BYTES = 16
_BLOCK = 16


class SealError(ValueError):
    """The message was not sealed with these keys at this number."""


def sealed_bytes(suite: int, n: int) -> int:
    """What n bytes become."""
    return (n // _BLOCK + 1) * _BLOCK + TAG_BYTES if suite == AES_CBC else n + TAG_BYTES


def _same(a: bytes, b: bytes) -> bool:
    """Compares without telling where they differ."""
    different = len(a) ^ len(b)
    for x, y in zip(a, b):
        different |= x ^ y
    return not different


class Seal:
    """One direction's keys and counter: the sender calls close(), the receiver open()."""

    def __init__(self, crypto: "Crypto", suite: int, keys: bytes) -> None:
        if suite not in (AES_CBC, HMAC_STREAM) or len(keys) != KEY_BYTES:
            raise ValueError("no such suite, or not its keys")
        self._crypto = crypto
        self._suite = suite
        self._key = keys[:32]
        self._mac = keys[32:64]
        self._iv = keys[64:]
        self._number = 0

    def close(self, plain: bytes) -> bytes:
        """The next message, sealed."""
        number = self._number.to_bytes(8, "little")
        if self._suite == AES_CBC:
            gap = _BLOCK - len(plain) % _BLOCK
            hidden = self._crypto.encrypt(self._key, self._vector(number), plain + bytes([gap]) * gap)
        else:
            hidden = self._stream(number, plain)
        self._number += 1
        return b"".join((hidden, self._crypto.hmac(self._mac, number, hidden)[:TAG_BYTES]))

    def open(self, sealed: bytes) -> bytes | bytearray:
        """The next message. SealError, and nothing has changed, when it is not that."""
        number = self._number.to_bytes(8, "little")
        sealed = memoryview(sealed)
        hidden = sealed[:-TAG_BYTES]
        if len(sealed) < TAG_BYTES or not _same(self._crypto.hmac(self._mac, number, hidden)[:TAG_BYTES], sealed[-TAG_BYTES:]):
            raise SealError("the message does not authenticate")
        plain = self._unpad(number, hidden) if self._suite == AES_CBC else self._stream(number, hidden)
        self._number += 1
        return plain

    def _vector(self, number: bytes) -> bytes:
        return self._crypto.hmac(self._iv, number)[:_BLOCK]

    def _unpad(self, number: bytes, hidden: bytes) -> bytes:
        if not hidden or len(hidden) % _BLOCK:
            raise SealError("not whole blocks")
        plain = self._crypto.decrypt(self._key, self._vector(number), hidden)
        gap = plain[-1]
        if not 1 <= gap <= _BLOCK or plain[-gap:] != bytes([gap]) * gap:
            raise SealError("wrong padding")
        return plain[:-gap]

    def _stream(self, number: bytes, data: bytes) -> bytearray:
        out = bytearray(data)
        for at in range(0, len(out), 32):
            block = self._crypto.hmac(self._key, number, (at // 32).to_bytes(4, "little"))
            for i in range(min(32, len(out) - at)):
                out[at + i] ^= block[i]
        return out
