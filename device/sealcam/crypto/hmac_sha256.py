# SPDX-License-Identifier: Apache-2.0
"""HMAC-SHA-256 (RFC 2104, FIPS 198-1) on the interpreter's own SHA-256."""

from hashlib import sha256

_BLOCK = 64


def hmac(key: bytes, *parts: bytes) -> bytes:
    """The 32-byte tag over the concatenation of parts, which is never built."""
    pad = bytearray(_BLOCK)
    pad[: min(len(key), _BLOCK)] = key if len(key) <= _BLOCK else sha256(key).digest() + bytes(_BLOCK - 32)
    _mask(pad, 0x36)
    inner = sha256(pad)
    for part in parts:
        inner.update(part)
    _mask(pad, 0x36 ^ 0x5C)
    outer = sha256(pad)
    outer.update(inner.digest())
    _mask(pad, 0, 0)
    return outer.digest()


def _mask(pad: bytearray, mask: int, keep: int = 0xFF) -> None:
    for i in range(_BLOCK):
        pad[i] = pad[i] & keep ^ mask
