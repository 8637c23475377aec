# SPDX-License-Identifier: Apache-2.0
"""The link's primitives on the recorder: what `sealproto.suites` asks for, from this recorder's own modules."""

from sealcam import ed25519, x25519
from sealcam.crypto import hkdf, hmac_sha256
from sealproto.suites import AES_CBC, HMAC_STREAM

try:
    from cryptolib import aes

    _SUITES: tuple = (AES_CBC, HMAC_STREAM)
except ImportError:  # a board without AES says so by its suites, and its certificate does too
    _SUITES = (HMAC_STREAM,)

_MODE_CBC = 2


class LinkCrypto:
    """random: a function of n that gives n bytes of the recorder's generator, or raises."""

    def __init__(self, random) -> None:
        self.suites = _SUITES
        self.random = random

    def hmac(self, key: bytes, *parts: bytes) -> bytes:
        return hmac_sha256.hmac(key, *parts)

    def extract(self, salt: bytes, ikm: bytes) -> bytes:
        return hkdf.extract(salt, ikm)

    def expand(self, prk: bytes, info: bytes, n: int) -> bytes:
        return hkdf.expand(prk, info, n)

    def encrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        return aes(key, _MODE_CBC, iv).encrypt(data)

    def decrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        return aes(key, _MODE_CBC, iv).decrypt(data)

    def x25519(self, scalar: bytes, u: bytes) -> bytes:
        return x25519.x25519(scalar, u)

    def x25519_public(self, scalar: bytes) -> bytes:
        return x25519.public(scalar)

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        return ed25519.verify(public, message, signature)
