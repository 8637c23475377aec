# SPDX-License-Identifier: Apache-2.0
"""The station's Merkle log (RFC 9162): every act, in order, never changed.

`log/entries` is a sequence of (length, entry): 4 bytes big-endian, then deterministic CBOR `[kind, ...]`. Entry 0 opens the log, and its
leaf hash is the log's id, so a log that starts anew is another log. No entry holds a person's name: what must stay private stands in
the archive beside a random salt, and the entry carries the hash of both.
"""

import os
import secrets
import threading
from pathlib import Path

from sealdock import durable
from sealdock.errors import SealdockError
from sealdock.keys import SigningKey
from sealdock.text import say
from sealproto import cose, merkle, objects
from sealproto.cbor import decode, encode

# First item of an entry. ARCHIVED is objects.LOG_ARCHIVED and has the form that receipts prove.
OPENED = 0
ARCHIVED = objects.LOG_ARCHIVED
ENROLLED = 2  # chain, genesis hash, SHA-256 of the certificate, utc
ASSIGNED = 3  # chain, officer number, SHA-256 of the assignment, utc
APPROVED = 4  # session, act code, role, salted hash of the reason, utc
EXPORTED = 5  # session, SHA-256 of the manifest, approval's log index, utc
VIEWED = 6  # session, salted hash of viewer and reason, utc
ALARM = 7  # chain, alarm code, hash of what was found, utc
PROFILE_SET = 8  # SHA-256 of the profile object, utc
PROMPTS_SET = 9  # SHA-256 of the prompt set object, utc
WRITTEN_OFF = 10  # chain, record of the segment, salted hash of the reason, utc
RELEASED = 11  # chain, record of the fault, role or 0, salted hash of the name, utc

_NAME = "entries"
_MAX_ENTRY = 65536


class Log:
    """The log of one station, read into memory as leaf hashes. Only one process may append: hold the home's lock."""

    def __init__(self, folder: Path) -> None:
        """Opens the log in `folder`. An entry that a power cut left incomplete was never spoken of and is cut off by the next append."""
        self.path = folder / _NAME
        self._offsets: list[int] = []
        self.leaves: list[bytes] = []
        self._index: dict[bytes, int] = {}
        self._end = 0
        self.lock = threading.RLock()  # held while more than one of its facts is stated, or an entry is added
        self._read()
        if not self.leaves:
            raise SealdockError(say("log-empty", path=self.path))

    @classmethod
    def create(cls, folder: Path, station: bytes, utc: int) -> "Log":
        """A new log in an empty folder; `station` is the station key's kid."""
        entry = encode([OPENED, secrets.token_bytes(16), station, utc])
        durable.append_file(folder / _NAME, 0, _framed(entry))
        return cls(folder)

    def _read(self) -> None:
        data = self.path.read_bytes()
        at = 0
        while at + 4 <= len(data):
            size = int.from_bytes(data[at : at + 4], "big")
            if not any(data[at:]):
                break  # a file that was lengthened, and a power cut before its bytes came
            if not 0 < size <= _MAX_ENTRY:
                raise SealdockError(say("log-damaged-at", path=self.path, at=at))
            if at + 4 + size > len(data):
                break
            self._note(at, merkle.leaf_hash(data[at + 4 : at + 4 + size]))
            at += 4 + size
        self._end = at

    def _note(self, at: int, leaf: bytes) -> int:
        self._offsets.append(at)
        self._index[leaf] = len(self.leaves)
        self.leaves.append(leaf)
        return len(self.leaves) - 1

    @property
    def id(self) -> bytes:
        return self.leaves[0]

    @property
    def size(self) -> int:
        return len(self.leaves)

    @property
    def root(self) -> bytes:
        return merkle.root(self.leaves)

    def append(self, kind: int, *values: object) -> int:
        """Adds an act durably; its index."""
        return self.append_raw(encode([kind, *values]))

    def append_raw(self, entry: bytes) -> int:
        """Adds an encoded entry durably, unless it is there already: an act that a crash interrupted is not logged twice. Its index."""
        leaf = merkle.leaf_hash(entry)
        with self.lock:
            if leaf in self._index:
                return self._index[leaf]
            durable.append_file(self.path, self._end, _framed(entry))
            index = self._note(self._end, leaf)
            self._end += 4 + len(entry)
            return index

    def entry(self, index: int) -> list:
        """The decoded entry at an index."""
        handle = os.open(self.path, os.O_RDONLY)
        try:
            at = self._offsets[index]
            size = int.from_bytes(os.pread(handle, 4, at), "big")
            value = decode(os.pread(handle, size, at + 4))
        finally:
            os.close(handle)
        if not isinstance(value, list):
            raise SealdockError(say("log-damaged-entry", path=self.path, index=index))
        return value

    def inclusion_proof(self, index: int) -> list[bytes]:
        """That the entry at `index` is in the tree of the present size."""
        return merkle.inclusion_proof(self.leaves, index)

    def consistency_proof(self, old: int) -> list[bytes]:
        """That the present tree continues the one of `old` entries."""
        return merkle.consistency_proof(self.leaves, old)

    def checkpoint(self, station: SigningKey, utc: int) -> bytes:
        """The signed head of the log as it is."""
        return objects.make(cose.CHECKPOINT, station.kid, station.sign, log=self.id, size=self.size, root=self.root, utc=utc)


def _framed(entry: bytes) -> bytes:
    return len(entry).to_bytes(4, "big") + entry
