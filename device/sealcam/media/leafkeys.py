# SPDX-License-Identifier: Apache-2.0
"""What encrypts and tags the leaves of one segment, as sealproto.derive says it. For a leaf it makes the cipher and hashes, and no more."""

import struct

import micropython

from sealcam.crypto.hmac_sha256 import Keyed

try:
    from cryptolib import aes
except ImportError:  # a board without AES; its certificate says so
    aes = None  # type: ignore[misc]

ENCRYPTED = aes is not None
_CBC = 2


class LeafKeys:
    """`content` is the part's ContentKey. erase() when the segment is sealed."""

    def __init__(self, content, number: int) -> None:
        key, iv_key = content.segment_keys(number)
        self._key = bytearray(key)
        self._ivs = Keyed(iv_key)
        self._tags = content.tags
        self._index = bytearray(4)
        self._iv = bytearray(16)

    @micropython.native
    def cipher(self, index: int):
        """Encrypts leaf `index`, in order, in pieces of whole blocks."""
        struct.pack_into(">I", self._index, 0, index)
        inner = self._ivs.begin()
        inner.update(self._index)
        struct.pack_into("16s", self._iv, 0, self._ivs.end(inner))
        return aes(self._key, _CBC, self._iv)

    @micropython.native
    def put_tag(self, trailer: memoryview, fields: memoryview, digest: bytes) -> None:
        """Writes the tag behind a trailer's fields."""
        inner = self._tags.begin()
        inner.update(fields)
        inner.update(digest)
        struct.pack_into("16s", trailer, len(fields), self._tags.end(inner))

    def erase(self) -> None:
        self._ivs.erase()
        for buf in (self._key, self._iv):
            for place in range(len(buf)):
                buf[place] = 0
