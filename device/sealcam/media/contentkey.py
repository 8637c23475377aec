# SPDX-License-Identifier: Apache-2.0
"""The content key of one part of a session: random, in RAM only, wrapped for the bureau's recipients.

ECDH-ES + A256KW (RFC 9053 section 6.4.1) with one ephemeral X25519 key for all recipients of the part.
"""

from hashlib import sha256

from sealcam import x25519
from sealcam.crypto import aes_kw, hkdf
from sealcam.crypto.hmac_sha256 import Keyed
from sealproto import derive


class ContentKey:
    """Made when a part begins, erased when it ends. `wraps` and `digest` go into its first record, `tags` makes the tags of leaves."""

    def __init__(self, random, session: bytes, part: int, recipients: list) -> None:
        """recipients: (kid, X25519 public key) of at least two certified keys. ValueError for fewer."""
        if len(recipients) < 2:
            raise ValueError("a content key wants at least two recipients")
        self._key = bytearray(random(32))
        self.digest = sha256(self._key).digest()
        secret = bytearray(random(32))
        info = derive.kek_info(session, part)
        wrapped = [[kid, self._wrap(secret, public, info)] for kid, public in recipients]
        self.wraps = [x25519.public(bytes(secret)), wrapped]
        _wipe(secret)
        self.tags = Keyed(derive.tag_key(hkdf.expand, self._key))

    def _wrap(self, secret: bytearray, public: bytes, info: bytes) -> bytes:
        prk = hkdf.extract(b"", x25519.x25519(bytes(secret), public))
        return aes_kw.wrap(hkdf.expand(prk, info, 32), bytes(self._key))

    def segment_keys(self, number: int) -> tuple:
        """(AES-256 key, IV key) of segment `number`."""
        return derive.cipher_keys(hkdf.expand, derive.segment_key(hkdf.expand, self._key, number))

    def erase(self) -> None:
        _wipe(self._key)
        self.tags.erase()


def _wipe(secret: bytearray) -> None:
    for place in range(len(secret)):
        secret[place] = 0
