# SPDX-License-Identifier: Apache-2.0
"""The layout of docs/protocol.md section 5, read from a file or block device that is opened for reading only.

    with Card(path) as card:
        for slot in card.slots(): print(slot.number, slot.copy is not None)

Nothing here is believed: a checksum tells damage from content, and whether the content is the recorder's own is for settle.py to say.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from sealdock.errors import SealdockError
from sealdock.text import say
from sealproto import records as rec
from sealproto import slot as layout
from sealproto.merkle import LEAF_BYTES
from sealproto.slot import BLOCK_SECTORS, COPY_SECTORS, FIRST_SECTOR, SECTOR, Header, SlotError, Superblock, Trailer

HEAD_BYTES = (1 + COPY_SECTORS) * SECTOR
BLOCK_BYTES = BLOCK_SECTORS * SECTOR
_MOST_LEAVES = 4096  # of a slot, which is held in memory: 64 MiB, thirty times what any board uses


class CardError(SealdockError):
    """The path is no card, or one that cannot be read."""


class Slot:
    """One slot as it lies there. `header` and `copy` are None when they do not hold; `damaged` when there is something that does not."""

    def __init__(self, number: int, handle: int, start: int, end: int) -> None:
        """Bytes start .. end of an open file; a slot of a truncated image may end early."""
        self.number = number
        self._handle = handle
        self._start = start
        self._end = end
        head = self._read(0, HEAD_BYTES)
        self.header = _header(head[:SECTOR])
        self.copy = _copy(head[SECTOR:])
        sectors = ((self.header, head[:SECTOR]), (self.copy, head[SECTOR:]))
        self.damaged = any(found is None and any(raw.strip(b"\xff")) for found, raw in sectors)

    def _read(self, at: int, size: int) -> bytes:
        """What can be read of it: less behind the end, and behind a sector that the reader refuses."""
        size = min(size, self._end - self._start - at)
        try:
            return os.pread(self._handle, size, self._start + at) if size > 0 else b""
        except OSError:
            return b""

    @property
    def size(self) -> int:
        """Leaves for which there is room."""
        return max(0, (self._end - self._start - HEAD_BYTES) // BLOCK_BYTES)

    @property
    def media_bytes(self) -> int:
        """Stored bytes of the segment, or of what there is of an unsealed one."""
        if self.copy is not None and self.copy.fields is not None:
            return int(self.copy.fields["stored_bytes"])
        return sum(len(leaf) for _, leaf in self.blocks())

    def block(self, index: int) -> bytes:
        """A leaf's block, its trailer sector last; shorter when it cannot be read."""
        return self._read(HEAD_BYTES + index * BLOCK_BYTES, BLOCK_BYTES)

    def head(self) -> bytes:
        """Header and copy as stored."""
        return self._read(0, HEAD_BYTES)

    def leaves(self, stored_bytes: int) -> list[bytes]:
        """The leaves of a sealed segment of that size, as far as they can be read."""
        out = []
        for index in range(-(-stored_bytes // LEAF_BYTES)):
            length = min(LEAF_BYTES, stored_bytes - index * LEAF_BYTES)
            leaf = self.block(index)[:length]
            if index >= self.size or len(leaf) < length:
                break
            out.append(leaf)
        return out

    def blocks(self) -> list[tuple[bytes, bytes]]:
        """(trailer sector, leaf) from the first on, while trailers hold and belong together."""
        out: list[tuple[bytes, bytes]] = []
        use = None if self.header is None else (self.header.segment, self.header.generation, self.header.part, self.header.boot)
        for index in range(self.size):
            block = self.block(index)
            try:
                trailer, _ = Trailer.unpack(block[LEAF_BYTES:])
            except SlotError:
                break
            mine = (trailer.segment, trailer.generation, trailer.part, trailer.boot)
            use = use or mine
            if mine != use or trailer.index != index or not 0 < trailer.length <= LEAF_BYTES:
                break
            out.append((block[LEAF_BYTES:], block[: trailer.length]))
        return out


def _header(sector: bytes) -> Header | None:
    try:
        return Header.unpack(sector)
    except SlotError:
        return None


def _copy(raw: bytes) -> rec.Record | None:
    """The sealed segment record that a slot carries; its signature is not checked."""
    try:
        record = rec.Record(layout.read_copy(raw)) if len(raw) == COPY_SECTORS * SECTOR else None
    except (SlotError, rec.RecordError):
        return None
    return record if record and record.type == rec.SEGMENT and record.fields is not None else None


class Card:
    """A whole card. `slots_there` is how many of its slots the image reaches, at least in part; `whole` whether it reaches all."""

    def __init__(self, path: Path) -> None:
        """CardError in one line when this is no card."""
        self.path = path
        self._handle = _open(path)
        try:
            self._size = os.lseek(self._handle, 0, os.SEEK_END)
            self.super, self._base = self._find()
        except OSError as error:
            os.close(self._handle)
            raise CardError(say("card-unreadable", path=path, why=error.strerror or error)) from error
        except BaseException:
            os.close(self._handle)
            raise
        slot_bytes = self.super.slot_sectors * SECTOR
        there = self._size - self._offset(0)
        self.slots_there = max(0, min(self.super.slots, -(-there // slot_bytes)))
        self.whole = there >= self.super.slots * slot_bytes

    def __enter__(self) -> "Card":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def slots(self) -> Iterator[Slot]:
        """All slots that the image reaches, in order."""
        for number in range(self.slots_there):
            start = self._offset(number)
            yield Slot(number, self._handle, start, min(start + self.super.slot_sectors * SECTOR, self._size))

    def _offset(self, number: int) -> int:
        return self._base + (self.super.slot_sector(number) - FIRST_SECTOR) * SECTOR

    def _find(self) -> tuple[Superblock, int]:
        """The superblock and where it stands: behind the protective partition, or first, in an image of the card's own partition."""
        seen = b""
        for base in (FIRST_SECTOR * SECTOR, 0):
            sector = os.pread(self._handle, SECTOR, base)
            seen += sector[: len(layout.SUPER_MAGIC)]
            try:
                found = Superblock.unpack(sector)
            except SlotError:
                continue
            if not 1 <= found.leaves() <= _MOST_LEAVES or found.slots < 1:
                raise CardError(say("card-damaged", path=self.path))
            return found, base
        if layout.SUPER_MAGIC in seen:
            raise CardError(say("card-damaged", path=self.path))
        raise CardError(say("card-short" if self._size <= FIRST_SECTOR * SECTOR else "card-none", path=self.path))


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise CardError(say("card-unreadable", path=path, why=error.strerror or error)) from error
