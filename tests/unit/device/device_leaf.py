# SPDX-License-Identifier: Apache-2.0
"""Leaves on the card: what was written, in any blocks and pieces, with trailers as the layout has them; a card that lies is caught."""

import errno
import gc
from binascii import crc32
from hashlib import sha256

from fake_board import FIRST, Card

from sealcam.media import cardguard, trailercrc
from sealcam.media.cardstore import CardStore
from sealcam.media.segment import Segment
from sealcam.media.words import copy
from sealproto.merkle import LEAF_BYTES, leaf_hash, root
from sealproto.slot import BLOCK_SECTORS, SECTOR, Trailer

cardguard.protect = lambda card: None
SLOT_SECTORS = 8 + 3 * BLOCK_SECTORS
FIRST_LEAF = (1 + 8) * SECTOR  # in the card's data: behind the superblock, the slot's header and the record's copy
MEDIA = bytes([(n * n >> 3) + n & 255 for n in range(2 * LEAF_BYTES + 5000)])
SEGMENT, PART, BOOT = 7, 2, 9


class Liar(Card):
    """Keeps one byte of a leaf wrong: `at` counts from the first leaf's begin; None: tells the truth."""

    def __init__(self) -> None:
        super().__init__(1 + 2 * SLOT_SECTORS + 1)
        self.at: int | None = None

    def write(self, sector: int, buf: bytes) -> None:
        super().write(sector, buf)
        begin = (sector - FIRST) * SECTOR
        if self.at is not None and begin <= FIRST_LEAF + self.at < begin + len(buf):
            self.data[FIRST_LEAF + self.at] ^= 0x40


def fresh(piece: int) -> tuple:
    card = Liar()
    store = CardStore(card, SLOT_SECTORS * SECTOR, piece)
    store.format(bytes(16), bytes(32))
    segment = Segment(store, store.take(None, bytes(16), PART, SEGMENT, BOOT), SEGMENT, PART, BOOT, None, 40, 50)
    segment.ms, segment.frames, segment.samples = 1200, 3, 4
    return card, segment


def feed(segment: Segment, size: int, media: bytes = MEDIA) -> None:
    """In blocks of a size, each at an odd address."""
    for at in range(0, len(media), size):
        block = b"\x00" + media[at : at + size]
        segment.write(memoryview(block)[1:])


def trailer(index: int, length: int, plain: int) -> bytes:
    return Trailer(
        segment=SEGMENT, generation=1, part=PART, index=index, length=length, plain=plain, ms=1200, frames=3, samples=4, first_frame=40,
        first_sample=50, boot=BOOT,
    ).sector(bytes(16))  # fmt: skip


def wanted(media: bytes) -> list:
    """(stored bytes, trailer sector) of each leaf, without encryption."""
    leaves = []
    for at in range(0, len(media), LEAF_BYTES):
        stored = media[at : at + LEAF_BYTES]
        plain = at + len(stored)
        stored += bytes(-len(stored) % 16)
        leaves.append((stored, trailer(at // LEAF_BYTES, len(stored), plain)))
    return leaves


def test_leaves_and_trailers_are_those_of_the_layout():
    for piece in (4096, 8192, LEAF_BYTES):
        for size in (1021, 4096, 20_000):
            card, segment = fresh(piece)
            feed(segment, size)
            head = segment.finish()
            leaves = wanted(MEDIA)
            assert head == root([leaf_hash(stored) for stored, _ in leaves])
            assert segment.plain_bytes == len(MEDIA) and segment.stored_bytes == sum(len(stored) for stored, _ in leaves)
            for index, (stored, sector) in enumerate(leaves):
                at = FIRST_LEAF + index * BLOCK_SECTORS * SECTOR
                assert card.data[at : at + len(stored)] == stored, (piece, size, index)
                assert card.data[at + LEAF_BYTES : at + LEAF_BYTES + SECTOR] == sector, (piece, size, index)


def test_a_segment_that_ends_with_its_leaf_or_its_piece():
    for length in (LEAF_BYTES, LEAF_BYTES + 4096, LEAF_BYTES + 8192):
        for piece in (4096, 8192, LEAF_BYTES):
            card, segment = fresh(piece)
            feed(segment, 4096, MEDIA[:length])
            assert segment.finish() == root([leaf_hash(stored) for stored, _ in wanted(MEDIA[:length])])
            for index, (stored, sector) in enumerate(wanted(MEDIA[:length])):
                at = FIRST_LEAF + index * BLOCK_SECTORS * SECTOR
                assert card.data[at : at + len(stored)] == stored and card.data[at + LEAF_BYTES :][:SECTOR] == sector


def test_nothing_of_a_segment_that_was_given_up_reaches_the_card_behind_the_next():
    """When its card fails a part ends with plain sound in the buffer, of which a short segment fills the begin only."""
    for piece in (4096, 8192, LEAF_BYTES):
        card, segment = fresh(piece)
        segment.write(memoryview(b"plain sound;" * 1300)[: piece - 1])
        store = segment._store
        segment = Segment(store, store.take(None, bytes(16), PART, SEGMENT, BOOT), SEGMENT, PART, BOOT, None, 40, 50)
        segment.write(b"short" * 20)
        segment.finish()
        at = FIRST_LEAF + SLOT_SECTORS * SECTOR
        assert card.data[at : at + 100] == b"short" * 20
        assert card.data[at + 100 : at + LEAF_BYTES] == bytes(LEAF_BYTES - 100), piece


def test_a_byte_that_the_card_keeps_wrong_is_found():
    for piece in (4096, LEAF_BYTES):
        for at in (0, 1, 4095, 4096, 9999, LEAF_BYTES - 1, LEAF_BYTES, LEAF_BYTES + 71, LEAF_BYTES + 300, LEAF_BYTES + SECTOR - 1):
            card, segment = fresh(piece)
            card.at = at
            try:
                feed(segment, 4096, MEDIA[:LEAF_BYTES])
            except OSError as error:
                assert error.errno == errno.EIO
            else:
                raise AssertionError(at)


def test_a_last_leaf_that_the_card_keeps_wrong_is_found():
    for piece in (4096, LEAF_BYTES):
        for at in (0, 4999, LEAF_BYTES + 71, LEAF_BYTES + SECTOR - 1):
            card, segment = fresh(piece)
            card.at = at
            try:
                feed(segment, 1000, MEDIA[:5000])
                segment.finish()
            except OSError as error:
                assert error.errno == errno.EIO
            else:
                raise AssertionError(at)


def test_the_checksum_of_a_trailer_is_that_of_all_its_bytes():
    images = trailercrc.images()
    sector = bytearray(SECTOR)
    live = memoryview(sector)[: trailercrc.LIVE_BYTES]
    for number in range(100):
        seed = sha256(bytes([number])).digest()
        live[:] = (seed * 3)[: len(live)]
        trailercrc.close(memoryview(sector), crc32(live), images)
        assert int.from_bytes(sector[-4:], "little") == crc32(sector[:-4]), number


def c_calls(piece: memoryview, live: memoryview) -> None:
    """The calls in C of a leaf whose results and contexts cannot be used again."""
    digest = sha256(b"\x00")
    digest.update(piece)
    digest.digest()
    crc32(live)


def allocated(function, *arguments) -> int:
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    function(*arguments)
    after = gc.mem_alloc()
    gc.enable()
    return after - before


class Last:
    """A card that keeps what was written last, in memory made before."""

    def __init__(self) -> None:
        self.data = bytearray(LEAF_BYTES + SECTOR)
        self.begin = 0

    def write(self, sector: int, buf: memoryview) -> None:
        self.begin = sector
        copy(self.data, buf, len(buf), 0, 0)

    def read(self, sector: int, buf: memoryview) -> None:
        copy(buf, self.data, len(buf), 0, (sector - self.begin) * SECTOR)


def test_a_leaf_allocates_nothing():
    _, segment = fresh(LEAF_BYTES)
    block = memoryview(MEDIA)[:LEAF_BYTES]
    segment.write(block)
    segment._block._card = Last()
    bare = allocated(c_calls, block, block[: trailercrc.LIVE_BYTES])
    assert allocated(segment.write, block) <= bare
