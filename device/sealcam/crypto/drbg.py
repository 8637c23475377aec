# SPDX-License-Identifier: Apache-2.0
"""HMAC_DRBG with SHA-256 (NIST SP 800-90A Rev. 1, section 10.1.2)."""

from sealcam.crypto.hmac_sha256 import hmac

_ENTROPY_MIN = 32  # security strength 256, table 2
_NONCE_MIN = 16
_REQUEST_MAX = 65536


class Drbg:
    """A deterministic generator. After every call its state no longer tells what it gave before."""

    def __init__(self, entropy: bytes, nonce: bytes, personalization: bytes) -> None:
        """entropy: at least 32 bytes of full entropy; nonce: at least 16 bytes; ValueError for less."""
        if len(entropy) < _ENTROPY_MIN or len(nonce) < _NONCE_MIN:
            raise ValueError("the generator wants 32 bytes of entropy and a nonce of 16")
        self._key = bytes(32)
        self._value = b"\x01" * 32
        self._update(entropy, nonce, personalization)

    def random(self, n: int) -> bytes:
        """n bytes, at most 65536; ValueError for more."""
        if not 0 <= n <= _REQUEST_MAX:
            raise ValueError("at most 65536 random bytes in one call")
        out = bytearray()
        while len(out) < n:
            self._value = hmac(self._key, self._value)
            out += self._value
        self._update()
        return bytes(out[:n])

    def reseed(self, entropy: bytes, additional: bytes = b"") -> None:
        """Mixes in at least 32 fresh bytes of entropy (ValueError for less) and anything else that is at hand."""
        if len(entropy) < _ENTROPY_MIN:
            raise ValueError("reseeding wants 32 bytes of entropy")
        self._update(entropy, additional)

    def _update(self, *seed: bytes) -> None:
        """HMAC_DRBG_Update. Its one-way step after each output is what gives backtracking resistance."""
        for domain in (b"\x00", b"\x01"):
            self._key = hmac(self._key, self._value, domain, *seed)
            self._value = hmac(self._key, self._value)
            if not any(seed):
                return
