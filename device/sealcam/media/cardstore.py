# SPDX-License-Identifier: Apache-2.0
"""The card's slots, used in a ring: always the next one, and again only under a receipt, so the oldest goes first.

The ring needs no table in RAM: a slot's generation is the number of laps, so where it falls is where the next segment goes. But headers
can be damaged, and a card can be put back to an older state. The chain cannot, so the ring goes on behind the slot that it names last.
"""

import errno
from hashlib import sha256

from sealcam.media.leafbuffer import TRAILER_AT, LeafBuffer
from sealproto import slot
from sealproto.merkle import LEAF_BYTES

NO_SPACE = 28  # ENOSPC, which MicroPython's errno does not name


class CardFull(Exception):
    """No slot may be written: every one holds what no receipt covers."""


class CardForeign(Exception):
    """The card is not this recorder's."""


class CardSwapped(OSError):
    """Another card is in than the one that was opened."""


class CardStore:
    """One card. `block` gathers a leaf, `hashes` holds those of the segment being written; nothing is allocated for a leaf."""

    def __init__(self, card, slot_bytes: int, piece: int = LEAF_BYTES) -> None:
        """piece: bytes of a leaf that are gathered in RAM, a divisor of 16 KiB and a multiple of 64."""
        self._card = card
        self._slot_sectors = slot_bytes // slot.SECTOR
        self._super: slot.Superblock | None = None
        self._label: bytes | None = None  # of the card that was opened, or was to be: the bytes by which it is known again
        self._strange = False  # another one was in since
        self.next = 0
        self.generation = 1
        self.block = LeafBuffer(card, piece)
        self._seen = self.block.check[: slot.SUPER_BYTES]
        self.hashes = bytearray(32 * (slot_bytes // (slot.BLOCK_SECTORS * slot.SECTOR)))

    def format(self, card_id: bytes, chain: bytes) -> None:
        """Makes the card this recorder's own. Only at enrolment, or on a person's word: what lay there is given up."""
        slots = self._room()
        if slots < 2:
            raise OSError(NO_SPACE)
        from sealcam.media.cardguard import protect  # once in a card's life

        protect(self._card)
        block = slot.Superblock(card_id, chain, self._slot_sectors, slots)
        sector = block.pack()
        self._put(slot.FIRST_SECTOR, sector)
        self._super = block
        self._label = sector[: slot.SUPER_BYTES]
        self._strange = False
        self.next, self.generation = 0, 1

    def _room(self) -> int:
        """Slots for which the card has sectors."""
        return (self._card.sectors() - slot.FIRST_SECTOR - 1) // self._slot_sectors

    def open(self, chain: bytes, newest: tuple | None = None) -> bytes:
        """Finds the ring's place on the card that is in, and returns the card's id. CardForeign, OSError.

        newest: (slot, generation) that the chain names last.
        """
        self._super = None
        self._label = b""  # one that cannot be read now is another as soon as it can, and is opened then
        self._strange = False
        sector = self._sector(slot.FIRST_SECTOR)
        self._label = bytes(sector[: slot.SUPER_BYTES])
        try:
            block = slot.Superblock.unpack(sector)
        except slot.SlotError:
            raise CardForeign("no Sealdock card")
        if (block.chain, block.slot_sectors, block.slots) != (chain, self._slot_sectors, self._room()):  # the ring counts by them
            raise CardForeign("another recorder's card")
        self._super = block
        if newest is not None and newest[0] < block.slots:
            self._follow(newest)
        else:
            self._find_next()
        return block.card

    def swapped(self) -> bool:
        """Whether another card is in than the one that was looked at last, even if that was not this recorder's. True until `open`.

        A card that was swapped between two looks at its switch, or that no switch tells of, is known by its superblock alone. One that
        cannot be read tells nothing here; whoever writes to it finds out.
        """
        if self._label is not None and not self._strange:
            try:
                self._card.read(slot.FIRST_SECTOR, self.block.sector)
            except OSError:
                return False
            self._strange = self._seen != self._label
        return self._strange

    def demand_same(self) -> None:
        """CardSwapped when the card that was opened is not in any more."""
        if self.swapped():
            raise CardSwapped(errno.ENODEV)

    def demand_taken(self, number: int, generation: int) -> None:
        """CardSwapped when the card that is in does not hold the header under which its slot was taken: not even a copy made of the card
        before does, though it bears the same superblock.
        """
        self.demand_same()
        try:
            header = self.header(number)
        except OSError:  # see swapped()
            return
        if header is None or header.generation != generation:
            self._strange = True
            raise CardSwapped(errno.ENODEV)

    @property
    def ready(self) -> bool:
        return self._super is not None and not self._strange

    @property
    def slots(self) -> int:
        return self._super.slots if self._super else 0

    @property
    def card_id(self) -> bytes | None:
        return self._super.card if self._super else None

    def leaves(self) -> int:
        """Leaves that a slot holds."""
        return self._super.leaves()

    def free(self, oldest: int | None) -> int:
        """Slots that may be written, when `oldest` is the slot of the oldest segment that no receipt covers (None: all are covered)."""
        if self._super is None:
            return 0
        return self._super.slots if oldest is None else (oldest - self.next) % self._super.slots

    def take(self, oldest: int | None, session: bytes, part: int, segment: int, boot: int) -> tuple:
        """Claims the next slot with a durable header: (slot, generation). CardFull, CardSwapped, OSError."""
        self.demand_same()
        if self.free(oldest) == 0:
            raise CardFull("no slot is free")
        number, generation = self.next, self.generation
        header = slot.Header(number, self._super.card, self._super.chain, session, part, segment, generation, boot)
        start = self._super.slot_sector(number)
        sectors = self._sectors(1 + slot.COPY_SECTORS)
        slot.clear(sectors)
        sectors[: slot.SECTOR] = header.pack()
        self._put(start, sectors)
        self._advance()
        return number, generation

    def trailer(self, number: int, index: int) -> memoryview:
        """The trailer sector of a leaf; overwritten by the next call."""
        return self.block.read_trailer(self.leaf_sector(number, index) + TRAILER_AT)

    def read_leaf(self, number: int, index: int, place: int, buf: memoryview) -> None:
        """Fills buf, some sectors long, from `place` bytes behind the begin of a leaf."""
        self._card.read(self.leaf_sector(number, index) + place // slot.SECTOR, buf)

    def put_copy(self, number: int, raw: bytes) -> None:
        """The sealed record's copy, in the slot that it seals."""
        sectors = self._sectors(slot.COPY_SECTORS)
        slot.put_record_copy(sectors, raw)
        self._put(self._super.slot_sector(number) + 1, sectors)

    def copy(self, number: int) -> bytes | None:
        """The record that a slot's copy holds, or None."""
        buf = bytearray(slot.COPY_SECTORS * slot.SECTOR)
        self._card.read(self._super.slot_sector(number) + 1, buf)
        try:
            return slot.read_copy(buf)
        except slot.SlotError:
            return None

    def header(self, number: int) -> slot.Header | None:
        """What a slot is in use for; None when this card never used it."""
        try:
            header = slot.Header.unpack(self._sector(self._super.slot_sector(number)))
        except slot.SlotError:
            return None
        same = header.card == self._super.card and header.chain == self._super.chain and header.slot == number
        return header if same else None

    def last(self) -> slot.Header | None:
        """The header of the slot written last, or None on a fresh card."""
        return self.header((self.next - 1) % self._super.slots)

    def leaf_sector(self, number: int, index: int) -> int:
        """The sector where leaf `index` of a slot begins."""
        return self._super.slot_sector(number) + 1 + slot.COPY_SECTORS + index * slot.BLOCK_SECTORS

    def _generation_of(self, number: int) -> int:
        header = self.header(number)
        return header.generation if header else 0

    def _follow(self, newest: tuple) -> None:
        """Behind the slot that the chain names last, and behind those that were claimed since and never sealed."""
        self.next, self.generation = newest
        self._advance()
        for _ in range(self._super.slots - 1):
            if self._generation_of(self.next) != self.generation:
                return
            self._advance()

    def _find_next(self) -> None:
        """By the headers alone, for a card of which the chain tells nothing any more. Without slot 0's, a lap was just to begin."""
        self.generation = self._generation_of(0) or self._generation_of(self._super.slots - 1) + 1
        low, high = 0, self._super.slots  # slots below low are of this lap, those from high on are not
        while low < high:
            middle = (low + high) // 2
            if self._generation_of(middle) == self.generation:
                low = middle + 1
            else:
                high = middle
        self.next = low - 1
        self._advance()

    def _advance(self) -> None:
        self.next += 1
        if self.next == self._super.slots:
            self.next = 0
            self.generation += 1

    def _sectors(self, count: int) -> memoryview:
        """Memory for sectors between two segments: that of the leaf, which is empty then, where it is large enough."""
        size = count * slot.SECTOR
        return self.block.body[:size] if len(self.block.body) >= size else memoryview(bytearray(size))

    def _sector(self, sector: int) -> bytearray:
        buf = bytearray(slot.SECTOR)
        self._card.read(sector, buf)
        return buf

    def _put(self, sector: int, data: bytes) -> None:
        self._card.write(sector, data)
        view, check = memoryview(data), self.block.check
        for at in range(0, len(data), len(check)):
            part = view[at : at + len(check)]
            again = check[: len(part)]
            self._card.read(sector + at // slot.SECTOR, again)
            if again != part:
                raise OSError(errno.EIO)


def tail(store: CardStore, header: slot.Header) -> list:
    """The trailers of the leaves of an unsealed segment that belong to it, with the hashes of those leaves: [(Trailer, hash), ...]."""
    found: list = []
    for index in range(store.leaves()):
        try:
            trailer, _ = slot.Trailer.unpack(store.trailer(header.slot, index))
        except slot.SlotError:
            break
        mine = (trailer.segment, trailer.generation, trailer.part, trailer.index) == (header.segment, header.generation, header.part, index)
        if not mine or trailer.boot != header.boot or trailer.length > LEAF_BYTES:
            break
        found.append((trailer, _leaf_hash(store, header.slot, index, trailer.length)))
    return found


def _leaf_hash(store: CardStore, number: int, index: int, length: int) -> bytes:
    """RFC 9162 hash of a leaf on the card."""
    digest = sha256(b"\x00")
    buf = store.block.check
    for place in range(0, length, len(buf)):
        store.read_leaf(number, index, place, buf)
        digest.update(buf[: min(len(buf), length - place)])
    return digest.digest()
