# SPDX-License-Identifier: Apache-2.0
"""The recorder's card: raw slots of fixed size behind a protective partition table. Layout only; docs/protocol.md draws it.

A slot is a header sector, seven sectors for the copy of the sealed record, and then blocks of one leaf (16 KiB of stored media) and its
trailer sector. Everything little-endian; every header and trailer ends in the CRC-32 of what stands before it in its sector.
"""

import struct
from binascii import crc32

from .merkle import LEAF_BYTES

SECTOR = 512
FIRST_SECTOR = 2048  # of the card's superblock; before it: partition table and a tiny FAT with a README for a strange PC
COPY_SECTORS = 7
BLOCK_SECTORS = LEAF_BYTES // SECTOR + 1
TAG_BYTES = 16

_SUPER = "<8sI16s32sII"  # magic, version, card id, chain, sectors in a slot, slots
SUPER_BYTES = struct.calcsize(_SUPER)  # of the superblock's sector that say which card it is, and whose
_HEADER = "<8sI16s32s16sHIIQ"  # magic, slot, card id, chain, session, part, segment, generation, boot
_TRAILER = "<4sIIHHIQQIIIII"  # see Trailer
_TRAILER_MIDDLE = "<HIQQII"  # index to samples
_MIDDLE_AT = struct.calcsize("<4sIIH")
TRAILER_BYTES = struct.calcsize(_TRAILER)  # of a trailer that the tag covers; the tag follows
SUPER_MAGIC = b"SEALCARD"
HEADER_MAGIC = b"SEALSLOT"
TRAILER_MAGIC = b"SLLF"


class SlotError(ValueError):
    """The sector does not hold what it should."""


def _close(body: bytes) -> bytes:
    """A sector: body, zeros, CRC-32."""
    sector = body + bytes(SECTOR - 4 - len(body))
    return sector + struct.pack("<I", crc32(sector))


def _open(layout: str, magic: bytes, sector: bytes) -> tuple:
    sector = bytes(sector)
    if len(sector) != SECTOR or crc32(sector[:-4]) != struct.unpack("<I", sector[-4:])[0]:
        raise SlotError("checksum is wrong")
    values = struct.unpack(layout, sector[: struct.calcsize(layout)])
    if values[0] != magic:
        raise SlotError("not a sector of this kind")
    return values


class Superblock:
    """The card as a whole: its id, whose chain it belongs to, and how it is divided."""

    def __init__(self, card: bytes, chain: bytes, slot_sectors: int, slots: int) -> None:
        self.card = card
        self.chain = chain
        self.slot_sectors = slot_sectors
        self.slots = slots

    def pack(self) -> bytes:
        return _close(struct.pack(_SUPER, SUPER_MAGIC, 1, self.card, self.chain, self.slot_sectors, self.slots))

    @staticmethod
    def unpack(sector: bytes) -> "Superblock":
        _, version, card, chain, slot_sectors, slots = _open(_SUPER, SUPER_MAGIC, sector)
        if version != 1:
            raise SlotError("card of a later version")
        return Superblock(card, chain, slot_sectors, slots)

    def slot_sector(self, slot: int) -> int:
        """The card's sector where a slot begins."""
        return FIRST_SECTOR + 1 + slot * self.slot_sectors

    def leaves(self) -> int:
        """Leaves that a slot holds."""
        return (self.slot_sectors - 1 - COPY_SECTORS) // BLOCK_SECTORS


class Header:
    """What a slot is in use for. `generation` counts the uses of the slot, from 1."""

    def __init__(self, slot: int, card: bytes, chain: bytes, session: bytes, part: int, segment: int, generation: int, boot: int) -> None:
        self.slot = slot
        self.card = card
        self.chain = chain
        self.session = session
        self.part = part
        self.segment = segment
        self.generation = generation
        self.boot = boot

    def pack(self) -> bytes:
        return _close(
            struct.pack(
                _HEADER, HEADER_MAGIC, self.slot, self.card, self.chain, self.session, self.part, self.segment,
                self.generation, self.boot,
            )
        )  # fmt: skip

    @staticmethod
    def unpack(sector: bytes) -> "Header":
        return Header(*_open(_HEADER, HEADER_MAGIC, sector)[1:])


class Trailer:
    """What stands behind a leaf: which one it is, how far media had come, and the tag that tells it from older bytes.

    `length` is the leaf's stored bytes, `plain` the segment's plain bytes up to its end; frames and samples count from the segment's start.
    """

    FIELDS = (
        "segment",
        "generation",
        "part",
        "index",
        "length",
        "plain",
        "ms",
        "frames",
        "samples",
        "first_frame",
        "first_sample",
        "boot",
    )

    segment: int
    generation: int
    part: int
    index: int
    length: int
    plain: int
    ms: int
    frames: int
    samples: int
    first_frame: int
    first_sample: int
    boot: int

    def __init__(self, **values: int) -> None:
        for name in self.FIELDS:
            setattr(self, name, values[name])

    def pack(self) -> bytes:
        """The bytes that the tag covers (with the leaf's hash)."""
        return struct.pack(_TRAILER, TRAILER_MAGIC, *[getattr(self, name) for name in self.FIELDS])

    def sector(self, tag: bytes) -> bytes:
        """The whole trailer sector."""
        return _close(self.pack() + tag)

    @staticmethod
    def unpack(sector: bytes) -> "tuple[Trailer, bytes]":
        """Of a sector: the trailer and its tag."""
        values = _open(_TRAILER, TRAILER_MAGIC, sector)[1:]
        named = {name: value for name, value in zip(Trailer.FIELDS, values)}
        return Trailer(**named), bytes(sector[TRAILER_BYTES : TRAILER_BYTES + TAG_BYTES])


def begin_trailers(sector: memoryview, segment: int, generation: int, part: int, first_frame: int, first_sample: int, boot: int) -> None:
    """Prepares a sector for the trailers of one segment; next_trailer(), the tag and the CRC complete each."""
    fields = struct.pack(_TRAILER, TRAILER_MAGIC, segment, generation, part, 0, 0, 0, 0, 0, 0, first_frame, first_sample, boot)
    sector[:] = fields + bytes(SECTOR - len(fields))


def next_trailer(sector: memoryview, index: int, length: int, plain: int, ms: int, frames: int, samples: int) -> None:
    """Writes what differs from leaf to leaf. Allocates nothing."""
    struct.pack_into(_TRAILER_MIDDLE, sector, _MIDDLE_AT, index, length, plain, ms, frames, samples)


def record_copy(raw: bytes) -> bytes:
    """The sealed record as it stands in a slot: length, record, zeros, CRC-32, in COPY_SECTORS sectors. SlotError when too long."""
    copy = bytearray(COPY_SECTORS * SECTOR)
    put_record_copy(copy, raw)
    return bytes(copy)


def put_record_copy(sectors: "bytearray | memoryview", raw: bytes) -> None:
    """Writes what record_copy() returns over so many sectors. SlotError, and nothing is written, when the record is too long."""
    if len(raw) > len(sectors) - 8:
        raise SlotError("record is too long for its slot")
    clear(sectors)
    struct.pack_into("<I", sectors, 0, len(raw))
    sectors[4 : 4 + len(raw)] = raw
    struct.pack_into("<I", sectors, len(sectors) - 4, crc32(memoryview(sectors)[:-4]))


def clear(sectors: "bytearray | memoryview") -> None:
    """Sets whole sectors to zero, without so many zeros beside them."""
    zeros = bytes(SECTOR)
    for at in range(0, len(sectors), SECTOR):
        sectors[at : at + SECTOR] = zeros


def read_copy(copy: bytes) -> bytes:
    """The sealed record that a slot holds. SlotError when there is none."""
    copy = bytes(copy)
    length = struct.unpack("<I", copy[:4])[0]
    if not 0 < length <= len(copy) - 8 or crc32(copy[:-4]) != struct.unpack("<I", copy[-4:])[0]:
        raise SlotError("no sealed record")
    return copy[4 : 4 + length]
