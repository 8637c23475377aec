# SPDX-License-Identifier: Apache-2.0
"""HKDF-SHA-256 (RFC 5869)."""

from sealcam.crypto.hmac_sha256 import hmac


def extract(salt: bytes, ikm: bytes) -> bytes:
    """The 32-byte pseudorandom key; an empty salt stands for 32 zero bytes."""
    return hmac(salt, ikm)


def expand(prk: bytes, info: bytes, n: int) -> bytes:
    """n bytes of key material, 0 <= n <= 8160; ValueError otherwise."""
    if not 0 <= n <= 255 * 32:
        raise ValueError("HKDF-SHA-256 gives at most 8160 bytes")
    block = okm = b""
    while len(okm) < n:
        block = hmac(prk, block, info, bytes([len(okm) // 32 + 1]))
        okm += block
    return okm[:n]
