# SPDX-License-Identifier: Apache-2.0
"""Card layout: every sector says what it is, and one wrong byte is noticed."""

from sealproto.slot import (
    SECTOR,
    Header,
    SlotError,
    Superblock,
    Trailer,
    begin_trailers,
    next_trailer,
    read_copy,
    record_copy,
)


def refuses(read, sector):
    try:
        read(sector)
    except SlotError:
        return True
    return False


def test_sectors_round_trip():
    block = Superblock(bytes(range(16)), bytes(range(32)), 4096, 30)
    again = Superblock.unpack(block.pack())
    assert (again.card, again.chain, again.slot_sectors, again.slots) == (block.card, block.chain, 4096, 30)
    assert again.leaves() == 123 and again.slot_sector(1) == 2049 + 4096
    header = Header(3, bytes(16), bytes(32), bytes(range(16)), 2, 7, 9, 11)
    again = Header.unpack(header.pack())
    assert (again.slot, again.session, again.part, again.segment, again.generation, again.boot) == (3, bytes(range(16)), 2, 7, 9, 11)


def test_trailer_round_trips_with_its_tag():
    trailer = Trailer(**{name: n + 1 for n, name in enumerate(Trailer.FIELDS)})
    again, tag = Trailer.unpack(trailer.sector(bytes(range(16))))
    assert tag == bytes(range(16)) and again.pack() == trailer.pack()


def test_trailers_written_in_place_are_the_same_bytes():
    tag = bytes(range(16))
    sector = bytearray(SECTOR)
    begin_trailers(memoryview(sector), 7, 3, 1, 90, 80_000, 5)
    for index in range(3):
        trailer = Trailer(
            segment=7, generation=3, part=1, index=index, length=16384, plain=16000 - index, ms=1000 * index, frames=index,
            samples=9 * index,
            first_frame=90, first_sample=80_000, boot=5,
        )  # fmt: skip
        next_trailer(memoryview(sector), index, 16384, 16000 - index, 1000 * index, index, 9 * index)
        sector[len(trailer.pack()) : len(trailer.pack()) + 16] = tag
        assert sector[:-4] == trailer.sector(tag)[:-4]


def test_a_changed_byte_is_noticed():
    trailer = Trailer(**{name: 1 for name in Trailer.FIELDS}).sector(bytes(16))
    sectors = ((Superblock.unpack, Superblock(bytes(16), bytes(32), 1, 1).pack()), (Trailer.unpack, trailer))
    for read, sector in sectors:
        assert len(sector) == SECTOR
        for at in range(0, SECTOR, 5):
            assert refuses(read, sector[:at] + bytes([sector[at] ^ 4]) + sector[at + 1 :])
    assert refuses(Header.unpack, trailer)
    assert refuses(Header.unpack, b"\xff" * SECTOR)


def test_record_copy():
    copy = record_copy(b"record")
    assert len(copy) == 7 * SECTOR and read_copy(copy) == b"record"
    assert refuses(read_copy, bytes(7 * SECTOR)) and refuses(read_copy, b"\xff" * 7 * SECTOR)
    assert refuses(read_copy, copy[:5] + b"x" + copy[6:])
    assert refuses(record_copy, bytes(7 * SECTOR))
