# SPDX-License-Identifier: Apache-2.0
"""Secrets in raw erase blocks. One block at a time holds them all; an update goes into the next block, then the old one is erased.

So at every instant of a power cut at least one whole set stands, and what was replaced is physically gone where the board erases.
A block: magic, generation (u32), then entries of name (u8), length (u16) and bytes, a zero name, and the CRC-32 of all before it.
"""

import struct
from binascii import crc32

IDENTITY = 1  # seed of the identity key
EPOCH = 2  # number (u32) and seed of the key that signs now
NEXT_EPOCH = 3  # the same of the key that the chain is about to name
ROOT = 4  # public key of the bureau's root
SEED = 5  # carried from boot to boot for the random generator

_MAGIC = b"SLKY"


class KeystoreError(Exception):
    """The key store is not blank and holds no whole set: nobody may make new keys over it."""


class Keystore:
    """Named secrets, at most a block in all. Every change is durable when the call returns."""

    def __init__(self, blocks) -> None:
        """blocks: the board's key store. KeystoreError when it is damaged, OSError when it cannot be read."""
        self._blocks = blocks
        self._at = -1
        self._generation = 0
        self._secrets: dict[int, bytes] = {}
        self.blank = True
        self._clean = 0  # a bit for each block that this object erased and has not written since: no power cut can have come between
        self._load()

    def get(self, name: int) -> bytes | None:
        return self._secrets.get(name)

    def change(self, secrets: dict) -> None:
        """Stores the named secrets (None removes one), then erases the block that held the old ones."""
        if self._at < 0:  # an empty set first: whatever else cannot be read was damaged, not cut off in a factory-new store
            self._put({})
        wanted = dict(self._secrets)
        for name in secrets:
            if secrets[name] is None:
                wanted.pop(name, None)
            else:
                wanted[name] = bytes(secrets[name])
        self._put(wanted)

    def _put(self, wanted: dict) -> None:
        target = (self._at + 1) % self._blocks.BLOCKS
        if not self._clean >> target & 1:
            self._erase(target)
        raw = _pack(self._generation + 1, wanted)
        self._clean &= ~(1 << target)
        self._blocks.write(target, raw)
        if self._blocks.read(target)[: len(raw)] != raw:
            raise KeystoreError("the key store does not keep what was written")
        old, self._at = self._at, target
        self._generation += 1
        self._secrets = wanted
        self.blank = not wanted
        if old >= 0:
            self._erase(old)

    def _erase(self, block: int) -> None:
        self._blocks.erase(block)
        self._clean |= 1 << block

    def _load(self) -> None:
        stale = []
        damaged = False
        for block in range(self._blocks.BLOCKS):
            raw = self._blocks.read(block)
            if _erased(raw):
                continue
            self.blank = False
            found = _unpack(raw)
            if found and found[0] > self._generation:
                if self._at >= 0:
                    stale.append(self._at)
                self._at = block
                self._generation, self._secrets = found
            else:
                stale.append(block)
                damaged = damaged or not _torn_first(raw)
        if self._at < 0 and damaged:
            raise KeystoreError("the key store is damaged")
        self.blank = not self._secrets
        for block in stale:  # a cut came between writing the new set and erasing the old one
            self._erase(block)


def _pack(generation: int, secrets: dict) -> bytes:
    raw = _MAGIC + struct.pack("<I", generation)
    for name in sorted(secrets):
        raw += struct.pack("<BH", name, len(secrets[name])) + secrets[name]
    raw += b"\x00"
    return raw + struct.pack("<I", crc32(raw))


def _unpack(raw: bytes) -> tuple | None:
    """(generation, secrets) of a whole block, else None."""
    if raw[:4] != _MAGIC:
        return None
    secrets = {}
    at = 8
    while at < len(raw) and raw[at]:
        if at + 3 > len(raw):
            return None
        name, size = struct.unpack("<BH", raw[at : at + 3])
        secrets[name] = raw[at + 3 : at + 3 + size]
        at += 3 + size
    if at + 5 > len(raw) or crc32(raw[: at + 1]) != struct.unpack("<I", raw[at + 1 : at + 5])[0]:
        return None
    return struct.unpack("<I", raw[4:8])[0], secrets


def _torn_first(raw: bytes) -> bool:
    """Whether this is the beginning of the first set of all, which holds nothing: a cut on a new recorder, and nothing is lost."""
    first = _pack(1, {})
    size = len(raw)
    while size and raw[size - 1] == 0xFF:
        size -= 1
    return raw[:size] == first[:size]


def _erased(raw: bytes) -> bool:
    return raw.count(b"\xff") == len(raw)
