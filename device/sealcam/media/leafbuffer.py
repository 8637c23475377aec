# SPDX-License-Identifier: Apache-2.0
"""One leaf on its way to the card: gathered in pieces, each written and read back when it is full. Nothing is allocated for a leaf.

A board with little RAM gathers a quarter of a leaf at a time. The last piece goes out with the trailer behind it, in one write.
"""

import errno
from binascii import crc32

import micropython

from sealcam.media.trailercrc import LIVE_BYTES, close, images
from sealcam.media.words import same
from sealproto.merkle import LEAF_BYTES
from sealproto.slot import SECTOR

TRAILER_AT = LEAF_BYTES // SECTOR  # sectors of a leaf before its trailer


class LeafBuffer:
    """`data` holds a piece of `piece` bytes; `body` is a view of it, `trailer` one of the sector behind it, which stays zero where nobody
    writes; `check` is for reading, `sector` a view of its first 512 bytes.
    """

    def __init__(self, card, piece: int) -> None:
        self._card = card
        self.piece = piece
        self.data = bytearray(piece + SECTOR)
        self.body = memoryview(self.data)[:piece]
        self.trailer = memoryview(self.data)[piece:]
        self.check = memoryview(bytearray(piece))
        self._live = self.trailer[:LIVE_BYTES]
        self._images = images()
        self._whole = memoryview(self.data)
        self.sector = self.check[:SECTOR]
        self._times = piece // 16

    def blank(self, fill: int) -> None:
        """Sets the body to zero from `fill` on: it is written as a whole, and what was given up may have left plain sound in it."""
        zeros = bytes(SECTOR)
        for at in range(fill, self.piece, SECTOR):
            part = self.body[at : at + SECTOR]
            part[:] = zeros[: len(part)]

    @micropython.native
    def put_piece(self, sector: int) -> None:
        """Writes the body to a sector of the card. OSError(EIO) when the card does not keep it."""
        self._card.write(sector, self.body)
        self._compare(sector, self.check, self.body, self._times)

    @micropython.native
    def end_leaf(self, sector: int, place: int, gathered: bool) -> None:
        """Closes and writes the trailer of the leaf that begins at a sector, and writes the body to `place` bytes behind it, if one is
        gathered. OSError(EIO) when the card does not keep them.
        """
        close(self.trailer, crc32(self._live), self._images)
        first = sector + place // SECTOR
        if gathered and place + self.piece == LEAF_BYTES:
            self._card.write(first, self._whole)
            self._compare(first, self.check, self.body, self._times)
        else:
            if gathered:
                self.put_piece(first)
            self._card.write(sector + TRAILER_AT, self.trailer)
        self._compare(sector + TRAILER_AT, self.sector, self.trailer, SECTOR // 16)

    @micropython.native
    def _compare(self, sector: int, again: memoryview, written: memoryview, times: int) -> None:
        self._card.read(sector, again)
        if not same(again, written, times):
            raise OSError(errno.EIO)

    def read_trailer(self, sector: int) -> memoryview:
        """A trailer sector; overwritten by the next reading."""
        self._card.read(sector, self.sector)
        return self.sector
