# SPDX-License-Identifier: Apache-2.0
"""One segment on its way to the card: plain bytes in, encrypted leaves with tags out, and what its record will say of it.

Buffers are the card store's; a piece of a leaf is encrypted in place, hashed, written and read back, and the leaf's tag follows with the
last. Beside the objects of the interpreter's hash and cipher, which cannot be used again, a leaf allocates nothing. What runs for each
block and leaf is native code, here and where it leads: docs/decisions/0010-recorder-on-a-cortex-m3.md.
"""

import struct
from hashlib import sha256

import micropython

from sealcam.media.leafkeys import ENCRYPTED, LeafKeys
from sealcam.media.words import copy
from sealproto.merkle import LEAF_BYTES, root
from sealproto.slot import BLOCK_SECTORS, SECTOR, TRAILER_BYTES, begin_trailers, next_trailer

TYPE_CHECKING = False
if TYPE_CHECKING:  # the recorder has no `typing`
    from typing import Any

__all__ = ["ENCRYPTED", "Segment"]
_LEAF = b"\x00"  # RFC 9162: what a leaf's hash begins with


class Segment:
    """`content` is the part's ContentKey, or None when media are not encrypted. Sets `frames`, `samples`, `ms` before writing."""

    def __init__(self, store, place: tuple, number: int, part: int, boot: int, content, first_frame: int, first_sample: int) -> None:
        self._store = store
        self._block = store.block
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
        self.capacity = store.leaves() * LEAF_BYTES  # plain bytes that the slot takes
        self._keys = LeafKeys(content, number) if content else None
        self._fields = self._block.trailer[:TRAILER_BYTES]
        self._data = self._block.data
        self._body = self._block.body
        self._piece = self._block.piece
        self._fill = 0  # bytes of the piece that is gathered
        self._place = 0  # and where in its leaf it begins
        self._index = 0
        self._sector = store.leaf_sector(self.slot, 0)  # of the card, where it begins
        self._hash: Any = None
        self._cipher: Any = None
        begin_trailers(self._block.trailer, number, self.generation, part, first_frame, first_sample, boot)

    @micropython.native
    def write(self, data: memoryview) -> None:
        """Appends plain bytes. OSError when the card does not keep a leaf."""
        fill = self._fill
        left = len(data)
        at = 0
        while left:
            count = self._piece - fill
            if count > left:
                count = left
            copy(self._data, data, count, fill, at)
            self.plain_bytes += count
            fill += count
            at += count
            left -= count
            self._fill = fill
            if fill == self._piece:
                self._flush(self._body)
                fill = 0

    def finish(self) -> bytes:
        """Writes the last leaf and returns the Merkle root over all."""
        if self._fill:
            size = -(-self._fill // 16) * 16
            self._block.blank(self._fill)
            self._flush(self._block.body[:size])
        if self._place:
            self._end_leaf(self._place, False)
        if self._keys:
            self._keys.erase()
            self._keys = None
        return root([bytes(self._store.hashes[at : at + 32]) for at in range(0, 32 * self._index, 32)])

    @micropython.native
    def _flush(self, body: memoryview) -> None:
        """The piece is full, or the last."""
        if self._place == 0:
            self._hash = sha256(_LEAF)
            if self._keys:
                self._cipher = self._keys.cipher(self._index)
        if self._cipher:
            self._cipher.encrypt(body, body)
        self._hash.update(body)
        self._fill = 0
        size = self._place + len(body)
        if size == LEAF_BYTES or len(body) < self._piece:
            self._end_leaf(size, True)
        else:
            self._block.put_piece(self._sector + (self._place // SECTOR))
            self._place = size

    @micropython.native
    def _end_leaf(self, size: int, gathered: bool) -> None:
        """The leaf has `size` bytes; the last of them, if gathered, are not on the card yet."""
        digest = self._hash.digest()
        block = self._block
        next_trailer(block.trailer, self._index, size, self.plain_bytes, self.ms, self.frames, self.samples)
        if self._keys:
            self._keys.put_tag(block.trailer, self._fields, digest)
        block.end_leaf(self._sector, self._place, gathered)
        struct.pack_into("32s", self._store.hashes, 32 * self._index, digest)
        self._hash = self._cipher = None
        self.stored_bytes += size
        self._index += 1
        self._sector += BLOCK_SECTORS
        self._place = 0
