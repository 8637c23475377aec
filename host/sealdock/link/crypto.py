# SPDX-License-Identifier: Apache-2.0
"""The link's primitives at the station: what `sealproto.suites` asks for, from libsodium and OpenSSL."""

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from sealdock.errors import SignatureError
from sealdock.keys import AgreementKey, check_signature
from sealproto.suites import AES_CBC, HMAC_STREAM


class LinkCrypto:
    """Without state, but for the source of randomness, which tests may fix."""

    suites: tuple[int, ...] = (AES_CBC, HMAC_STREAM)

    def hmac(self, key: bytes, *parts: bytes) -> bytes:
        return hmac.digest(key, b"".join(parts), "sha256")

    def extract(self, salt: bytes, ikm: bytes) -> bytes:
        return self.hmac(salt or bytes(32), ikm)

    def expand(self, prk: bytes, info: bytes, n: int) -> bytes:
        okm = block = b""
        for turn in range(-(-n // hashlib.sha256().digest_size)):
            block = self.hmac(prk, block, info, bytes([turn + 1]))
            okm += block
        return okm[:n]

    def encrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        context = Cipher(AES256(key), CBC(iv)).encryptor()
        return context.update(data) + context.finalize()

    def decrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        context = Cipher(AES256(key), CBC(iv)).decryptor()
        return context.update(data) + context.finalize()

    def x25519(self, scalar: bytes, u: bytes) -> bytes:
        return AgreementKey(scalar).agree(u)

    def x25519_public(self, scalar: bytes) -> bytes:
        return AgreementKey(scalar).public

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        try:
            check_signature(public, message, signature)
        except SignatureError:
            return False
        return True

    def random(self, n: int) -> bytes:
        return secrets.token_bytes(n)
