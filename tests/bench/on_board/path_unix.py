# SPDX-License-Identifier: Apache-2.0
"""Runs on MicroPython's unix port: what sealing media costs, and what the bulk hash and cipher calls in it cost. Prints `name value`.

Counted is everything from a block of 4096 bytes at an odd address to a leaf that was written and read back: copying, encryption, hashing,
the IV and the tag (HMAC), the trailer, the card, which is plain memory. The calls in C are the update of the hash and the encryption of
each leaf, alone: making the cipher, and the short hashes of IV and tag, count as ours. Both in turn, many times; seconds of the
processor; of each the best but for a hundredth of the rounds: other work disturbs and never speeds up, but the clock of a virtual machine
now and then tells too little.
"""

import gc
import os
from hashlib import sha256

import ffi
from cryptolib import aes

from sealcam import x25519
from sealcam.media.cardstore import CardStore
from sealcam.media.contentkey import ContentKey
from sealcam.media.segment import ENCRYPTED, Segment
from sealproto.merkle import LEAF_BYTES
from sealproto.slot import BLOCK_SECTORS, FIRST_SECTOR, SECTOR, TRAILER_BYTES

LEAVES = 8
ROUNDS = 400
CHUNK = 4096
SLOTS = 2
SESSION = bytes(16)
CBC = 2
INIT = bytes(16)
INDEX = bytes(4)
clock = ffi.open(None).func("l", "clock", "")  # ISO C; microseconds by POSIX, where time.clock() gives milliseconds


class Card:
    """Plain memory."""

    def __init__(self, sectors: int) -> None:
        self._count = sectors
        self._memory = memoryview(bytearray(sectors * SECTOR))

    def present(self) -> bool:
        return True

    def sectors(self) -> int:
        return self._count

    def read(self, sector: int, buf: memoryview) -> None:
        buf[:] = self._memory[sector * SECTOR : sector * SECTOR + len(buf)]

    def write(self, sector: int, buf: memoryview) -> None:
        self._memory[sector * SECTOR : sector * SECTOR + len(buf)] = buf


def new_store() -> CardStore:
    slot_sectors = (LEAVES + 1) * BLOCK_SECTORS
    store = CardStore(Card(FIRST_SECTOR + (SLOTS + 1) * slot_sectors), slot_sectors * SECTOR)
    store.format(bytes(16), bytes(32))
    return store


def new_content() -> ContentKey:
    return ContentKey(os.urandom, SESSION, 0, [(bytes((n,)) * 8, x25519.public(os.urandom(32))) for n in range(2)])


def path(segment: Segment, chunk: memoryview) -> None:
    for _ in range(LEAVES * LEAF_BYTES // CHUNK):
        segment.write(chunk)


def calls(body: memoryview, key: bytes, pad: bytes, fields: memoryview) -> None:
    """The hash and cipher calls of so many leaves, on memory like the path's: IV, cipher, leaf, tag."""
    for _ in range(LEAVES):
        inner = sha256(pad)
        inner.update(INDEX)
        hmac_end(pad, inner)
        cipher = aes(key, CBC, INIT)
        digest = sha256(b"\x00")
        cipher.encrypt(body, body)
        digest.update(body)
        inner = sha256(pad)
        inner.update(fields)
        inner.update(digest.digest())
        hmac_end(pad, inner)


def hmac_end(pad: bytes, inner) -> None:
    outer = sha256(pad)
    outer.update(inner.digest())
    outer.digest()


def bulk(body: memoryview, cipher, digest) -> None:
    """Of these, those whose cost goes with the bytes."""
    for _ in range(LEAVES):
        cipher.encrypt(body, body)
        digest.update(body)


def microseconds(function, *arguments) -> int:
    """Of the processor's time."""
    gc.collect()
    begun = clock()
    function(*arguments)
    return clock() - begun


def measure() -> None:
    assert ENCRYPTED
    store, content = new_store(), new_content()
    chunk = memoryview(bytes(range(256)) * (CHUNK // 256 + 1))[3 : CHUNK + 3]
    body = memoryview(bytearray(LEAF_BYTES))
    fields = memoryview(bytes(TRAILER_BYTES))
    gc.disable()  # a collection is not of the path, which leaves nothing to collect
    times: tuple = ([], [], [])
    for number in range(ROUNDS):
        segment = Segment(store, store.take(None, SESSION, 0, number, 1), number, 0, 1, content, 0, 0)
        times[0].append(microseconds(path, segment, chunk))
        times[1].append(microseconds(calls, body, bytes(32), bytes(64), fields))
        times[2].append(microseconds(bulk, body, aes(bytes(32), CBC, INIT), sha256(b"")))
    for name, found in (("path", times[0]), ("calls", times[1]), ("bulk", times[2])):
        print(name, sorted(found)[ROUNDS // 100] * 1000 // LEAVES)


measure()
