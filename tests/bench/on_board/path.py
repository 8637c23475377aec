# SPDX-License-Identifier: Apache-2.0
"""Runs on the simulated Cortex-M3: what sealing media costs, and what the C calls in it cost. Prints `name value`, instructions and bytes.

What is counted is everything from the bytes of the microphone's buffer to a leaf that was written and read back: copying, hashing, the
trailer, the card. The card is plain memory; the media source and Matroska's own bytes are not counted. Bytes come in blocks of 4096 at
odd addresses; each block more costs what `call` says.
"""

import gc
from binascii import crc32
from hashlib import sha256

import board
from mps2_parts.counter import cost

from sealcam.media.cardstore import CardStore
from sealcam.media.segment import ENCRYPTED, Segment
from sealproto.merkle import LEAF_BYTES
from sealproto.slot import SECTOR

LEAVES = 8
CHUNK = 4096


def new_segment(store: CardStore, number: int) -> Segment:
    return Segment(store, store.take(None, bytes(16), 0, number, 1), number, 0, 1, None, 0, 0)


def feed(segment: Segment, chunk: memoryview, times: int) -> None:
    for _ in range(times):
        segment.write(chunk)


def hash_cost() -> int:
    """Of one leaf's bytes in C."""
    digest = sha256(b"\x00")
    return cost(digest.update, bytes(LEAF_BYTES))


def allocated(function, *arguments) -> int:
    """Bytes of heap that a call took, with nothing collected in between."""
    gc.collect()
    before = gc.mem_alloc()
    function(*arguments)
    return gc.mem_alloc() - before


def c_calls(piece: memoryview, body: memoryview) -> None:
    """The C calls of so many leaves, whose results and contexts cannot be used again."""
    for _ in range(LEAVES):
        digest = sha256(b"\x00")
        for _ in range(LEAF_BYTES // CHUNK):
            digest.update(piece)
        digest.digest()
        crc32(body)


def measure() -> None:
    assert not ENCRYPTED
    store = CardStore(board.card, board.SLOT_BYTES, board.CARD_PIECE_BYTES)
    store.format(bytes(16), bytes(32))
    chunk = memoryview(bytes(range(256)) * (CHUNK // 256 + 1))[3 : CHUNK + 3]
    body = chunk[: SECTOR - 4]
    times = LEAVES * LEAF_BYTES // CHUNK
    feed(new_segment(store, 0), chunk, CHUNK // 256)
    segment = new_segment(store, 1)
    gc.collect()
    gc.threshold(-1)  # a collection is not of the path, which leaves nothing to collect
    print("path", cost(feed, segment, chunk, times) // LEAVES)
    print("hash", hash_cost())
    print("call", cost(segment.write, chunk[:1]))
    segment = new_segment(store, 2)
    gc.disable()
    print("allocated", max(0, allocated(feed, segment, chunk, times) - allocated(c_calls, chunk, body)))


measure()
