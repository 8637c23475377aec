# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""HMAC-SHA-256 (RFC 2104, FIPS 198-1) on the interpreter's own SHA-256."""

from hashlib import sha256

import micropython

_BLOCK = 64


def hmac(key: bytes, *parts: bytes) -> bytes:
    """The 32-byte tag over the concatenation of parts, which is never built."""
    keyed = Keyed(key)
    inner = keyed.begin()
    for part in parts:
        inner.update(part)
    tag = keyed.end(inner)
    keyed.erase()
    return tag


class Keyed:
    """One key for many tags: begin(), update what that gave, end(). Takes no memory but for the hashes and the tag. erase() when done."""

    def __init__(self, key: bytes) -> None:
        self._inner = bytearray(_BLOCK)
        self._inner[: min(len(key), _BLOCK)] = key if len(key) <= _BLOCK else sha256(key).digest() + bytes(_BLOCK - 32)
        self._outer = bytearray(self._inner)
        _mask(self._inner, 0x36, 255)
        _mask(self._outer, 0x5C, 255)

    @micropython.native
    def begin(self):
        """A SHA-256 that waits for the text."""
        return sha256(self._inner)

    @micropython.native
    def end(self, inner) -> bytes:
        """The 32-byte tag of what was begun."""
        outer = sha256(self._outer)
        outer.update(inner.digest())
        return outer.digest()

    def erase(self) -> None:
        """Overwrites the key."""
        _mask(self._inner, 0, 0)
        _mask(self._outer, 0, 0)


@micropython.viper
def _mask(pad: ptr8, mask: int, keep: int):
    for i in range(64):
        pad[i] = pad[i] & keep ^ mask
