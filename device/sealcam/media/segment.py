# SPDX-License-Identifier: Apache-2.0
"""One segment on its way to the card: plain bytes in, encrypted leaves with tags out, and what its record will say of it.

Buffers are the card store's; a full leaf is encrypted in place, hashed, tagged, written and read back.
"""

try:
    from cryptolib import aes
except ImportError:  # a board without AES; its certificate says so
    aes = None  # type: ignore[misc]

from sealcam.crypto.hmac_sha256 import hmac
from sealproto import derive
from sealproto.merkle import LEAF_BYTES, root
from sealproto.slot import TAG_BYTES, Trailer

ENCRYPTED = aes is not None
_CBC = 2


class Segment:
    """`content` is the part's ContentKey, or None when media are not encrypted. Sets `frames`, `samples`, `ms` before writing."""

    def __init__(self, store, place: tuple, number: int, part: int, boot: int, content, first_frame: int, first_sample: int) -> None:
        self._store = store
        self.slot, self.generation = place
        self.number = number
        self.part = part
        self.first_frame = first_frame
        self.first_sample = first_sample
        self.frames = 0
        self.samples = 0
        self.ms = 0
        self.plain_bytes = 0
        self.stored_bytes = 0
        self._boot = boot
        self._content = content
        self._keys = content.segment_keys(number) if content else None
        self._fill = 0
        self._hashes: list[bytes] = []

    def room(self) -> int:
        """Bytes that the slot still takes."""
        return self._store.leaves() * LEAF_BYTES - self.plain_bytes

    def write(self, data: memoryview) -> None:
        """Appends plain bytes. OSError when the card does not keep a leaf."""
        data = memoryview(data)
        leaf = memoryview(self._store.leaf)
        at = 0
        while at < len(data):
            size = min(LEAF_BYTES - self._fill, len(data) - at)
            leaf[self._fill : self._fill + size] = data[at : at + size]
            self._fill += size
            at += size
            self.plain_bytes += size
            if self._fill == LEAF_BYTES:
                self._flush()

    def finish(self) -> bytes:
        """Writes the last leaf and returns the Merkle root over all."""
        if self._fill:
            self._flush()
        self._keys = None
        return root(self._hashes)

    def _flush(self) -> None:
        size = -(-self._fill // 16) * 16
        leaf = memoryview(self._store.leaf)
        for place in range(self._fill, size):
            leaf[place] = 0
        index = len(self._hashes)
        if self._keys:
            body = leaf[:size]
            aes(self._keys[0], _CBC, derive.leaf_iv(hmac, self._keys[1], index)).encrypt(body, body)
        digest = self._store.leaf_hash(size)
        trailer = self._trailer(index, size)
        tag = self._content.tag(trailer.pack(), digest) if self._content else bytes(TAG_BYTES)
        leaf[LEAF_BYTES:] = trailer.sector(tag)
        self._store.write_leaf(self.slot, index)
        self._hashes.append(digest)
        self.stored_bytes += size
        self._fill = 0

    def _trailer(self, index: int, size: int) -> Trailer:
        return Trailer(
            segment=self.number,
            generation=self.generation,
            part=self.part,
            index=index,
            length=size,
            plain=self.plain_bytes,
            ms=self.ms,
            frames=self.frames,
            samples=self.samples,
            first_frame=self.first_frame,
            first_sample=self.first_sample,
            boot=self._boot,
        )
