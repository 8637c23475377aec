# SPDX-License-Identifier: Apache-2.0
"""Slots whose record is not archived yet, kept as they lay on the card: staged/CHAIN/SEQ-DIGEST.slot or staged/CHAIN/tail-DIGEST.slot.

A card tells segments, not the chain between them, so it can never bring records in. When the chain arrives at a dock, each staged slot is
settled like one on a card, and the line carries only what no card held.
"""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sealdock import durable
from sealdock.archive import Archive, media
from sealdock.station import Station
from sealproto.slot import SECTOR

from .image import HEAD_BYTES, Slot
from .settle import Outcome, settle

_NUMBER = struct.Struct("<I")


def stage(archive: Archive, chain: bytes, slot: Slot) -> int:
    """Keeps a slot's bytes durably until its record is here; how many bytes of media."""
    if slot.copy is not None and slot.copy.fields is not None:
        count, name = -(-slot.copy.fields["stored_bytes"] // media.LEAF_BYTES), str(slot.copy.seq)
    else:
        count, name = len(slot.blocks()), "tail"
    blocks = b"".join(slot.block(index) for index in range(min(count, slot.size)))
    data = _NUMBER.pack(slot.number) + bytes(SECTOR - _NUMBER.size) + slot.head() + blocks
    folder = durable.make_folder(_folder(archive, chain))
    durable.write_file(folder / f"{name}-{sha256(data).hexdigest()[:16]}.slot", data)
    return len(blocks)


def settle_staged(station: Station, chain: bytes) -> list[Outcome]:
    """Settles what an earlier import left, as far as the chain has arrived; what was settled, in the order of its records."""
    done: list[Outcome] = []
    for path in sorted(_folder(station.archive, chain).glob("[!.]*.slot"), key=_order):
        with _opened(path) as slot:
            outcome = settle(station, chain, slot)
        if outcome in (Outcome.UNKNOWN, Outcome.CLOSED):
            continue
        path.unlink()
        done.append(outcome)
    return done


def _folder(archive: Archive, chain: bytes) -> Path:
    return archive.folder / "staged" / chain.hex()


def _order(path: Path) -> tuple[int, str]:
    seq = path.name.partition("-")[0]
    return (int(seq) if seq.isdigit() else 1 << 62, path.name)


@contextmanager
def _opened(path: Path) -> Iterator[Slot]:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        (number,) = _NUMBER.unpack(os.pread(handle, _NUMBER.size, 0))
        yield Slot(number, handle, SECTOR, max(SECTOR + HEAD_BYTES, os.fstat(handle).st_size))
    finally:
        os.close(handle)
