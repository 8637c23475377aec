# SPDX-License-Identifier: Apache-2.0
"""One leaf on its way to the card: gathered in pieces, each written and read back when it is full. Nothing is allocated for a leaf.

A board with little RAM gathers a quarter of a leaf at a time. The last piece goes out with the trailer behind it, in one write.
"""

import errno

from sealcam.media.words import same
from sealproto.merkle import LEAF_BYTES
from sealproto.slot import SECTOR

TRAILER_AT = LEAF_BYTES // SECTOR  # sectors of a leaf before its trailer


class LeafBuffer:
    """`data` holds a piece of `piece` bytes; `body` is a view of it, `trailer` one of the sector behind it, which stays zero where nobody
    writes; `check` is for reading, `sector` a view of
    its first 512 bytes.
    """

    def __init__(self, card, piece: int) -> None:
        self._card = card
        self.piece = piece
        self.data = bytearray(piece + SECTOR)
        self.body = memoryview(self.data)[:piece]
        self.trailer = memoryview(self.data)[piece:]
        self.check = memoryview(bytearray(piece))
        self._whole = memoryview(self.data)
        self._parts = [self.body[at : at + len(self.check)] for at in range(0, piece, len(self.check))]
        self.sector = self.check[:SECTOR]
        self._step = len(self.check) // SECTOR

    def put_piece(self, sector: int) -> None:
        """Writes the body to a sector of the card. OSError(EIO) when the card does not keep it."""
        self._card.write(sector, self.body)
        self._compare_body(sector)

    def end_leaf(self, sector: int, place: int, gathered: bool) -> None:
        """Writes the trailer of the leaf that begins at a sector, and the body to `place` bytes behind it, if one is gathered."""
        if gathered:
            if place + self.piece == LEAF_BYTES:
                self._card.write(sector + place // SECTOR, self._whole)
                self._compare_body(sector + place // SECTOR)
                self._compare_trailer(sector + TRAILER_AT)
                return
            self.put_piece(sector + place // SECTOR)
        self._card.write(sector + TRAILER_AT, self.trailer)
        self._compare_trailer(sector + TRAILER_AT)

    def _compare_body(self, sector: int) -> None:
        times = len(self.check) // 16
        for part in self._parts:
            self._card.read(sector, self.check)
            if not same(self.check, part, times):
                raise OSError(errno.EIO)
            sector += self._step

    def _compare_trailer(self, sector: int) -> None:
        self._card.read(sector, self.sector)
        if not same(self.sector, self.trailer, SECTOR // 16):
            raise OSError(errno.EIO)

    def read_trailer(self, sector: int) -> memoryview:
        """A trailer sector; overwritten by the next reading."""
        self._card.read(sector, self.sector)
        return self.sector
