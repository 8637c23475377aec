# SPDX-License-Identifier: Apache-2.0
"""The chain on internal flash: numbered append-only files of records, each record behind its length (u16).

A file is named after the sequence number of its first record. A record counts as made when its append was synced; littlefs
then shows either all of it or nothing, so a power cut leaves no half record.
"""

import os
import struct
from hashlib import sha256

from sealproto.records import ASSIGN, CLOCK_SET, GENESIS, ROTATE_KEY, ZERO_HASH, Record, RecordError, place

TYPE_CHECKING = False
if TYPE_CHECKING:  # the recorder has no `typing`
    from typing import BinaryIO

    from sealcam.chain.snapshot import Snapshot

_KEPT = "kept"  # records of dropped files that are still needed, in order: the keys' path, and the last of some kinds
# Of each type so many, the last ones. A day changes the key about fifty times: all changes would fill flash within months. The station
# whose receipt let them be dropped has them, and the next key is the one named last.
_KEEP = {GENESIS: 1, ROTATE_KEY: 128, ASSIGN: 1, CLOCK_SET: 1}
FILE_BYTES = 16384  # a new file begins behind so many bytes: small enough to drop, large enough to be few


class ChainError(Exception):
    """The chain on flash does not hold together: hard fault."""


class Chain:
    """Append, read again, drop what a receipt covers."""

    def __init__(self, folder: str, history, known: "Snapshot | None" = None) -> None:
        """Reads the chain; `history.see` is called with each Record, in order. ChainError when a link is broken.

        known: what the history was at some record; when the chain holds that, it is restored, and only what follows is read.
        """
        history.chain = self
        self._folder = folder
        self.seq = -1  # of the head; -1: no genesis yet
        self.head = ZERO_HASH
        self.id: bytes | None = None
        self._starts: list[int] = []
        self._file: BinaryIO | None = None
        self._bytes = 0
        self._doubtful = False  # an append failed: flash may hold bytes that do not count
        _make(folder)
        self._load(history, known)

    def append(self, raw: bytes, seq: int, digest: bytes, hurry: bool = False) -> None:
        """Makes a record durable. `digest`: SHA-256 of raw. hurry: it begins no file, which costs two blocks more; the next one will.

        OSError when flash refuses; then nothing was appended, and one may try again.
        """
        if seq != self.seq + 1:
            raise ChainError("sequence number out of turn")
        try:
            self.demand_certain()
            if self._file is None or (self._bytes >= FILE_BYTES and not hurry):
                self._roll(seq)
            self._file.write(struct.pack("<H", len(raw)) + raw)
            self._file.flush()
        except OSError:
            self._doubtful = True
            self._abandon()
            raise
        self._bytes += len(raw) + 2
        self.seq = seq
        self.head = digest

    def demand_certain(self) -> None:
        """OSError, ChainError while flash may hold a record that counts as refused: until then nothing is given up that it may name."""
        if self._doubtful:
            self._restore()

    def read(self, first: int):
        """Yields the raw records from sequence number `first` on; those dropped are left out."""
        for at, start in enumerate(self._starts):
            end = self._starts[at + 1] if at + 1 < len(self._starts) else self.seq + 1
            if end <= first:
                continue
            for offset, raw in enumerate(self._records(start)):
                if start + offset >= first:
                    yield raw

    def get(self, seq: int) -> bytes | None:
        """One raw record, or None when it was dropped or never was."""
        if seq > self.seq:
            return None
        for raw in self.read(seq):
            return raw if place(raw)[0] == seq else None
        return None

    def first(self) -> int:
        """The first sequence number still held."""
        return self._starts[0] if self._starts else 0

    def newest(self) -> int:
        """The first sequence number of the file that is written now; -1 when there is none."""
        return self._starts[-1] if self._starts else -1

    def droppable(self, limit: int) -> int:
        """How many of the oldest files hold only records before sequence number `limit`. The newest always stays."""
        return len([start for start in self._starts[1:] if start <= limit])

    def drop(self, count: int) -> None:
        """Drops the oldest `count` files, keeping of them what the chain needs to be read. The caller has a receipt for all of them."""
        starts = self._starts[:count]
        left = self._counted(starts)
        draft = self._named(_KEPT + ".new")
        with open(draft, "wb") as file:
            for raw in self._kept(starts):
                kind = place(raw)[1]
                if kind in left:
                    left[kind] -= 1
                    if left[kind] < _KEEP[kind]:
                        file.write(struct.pack("<H", len(raw)) + raw)
            file.flush()
        os.rename(draft, self._named(_KEPT))
        for start in starts:
            os.remove(self._path(start))
            self._starts.pop(0)

    def _counted(self, starts: list) -> dict:
        """How many there are of each type of which some are kept."""
        counts = dict.fromkeys(_KEEP, 0)
        for raw in self._kept(starts):
            kind = place(raw)[1]
            if kind in counts:
                counts[kind] += 1
        return counts

    def _kept(self, starts: list):
        """Records kept from files dropped earlier, then those of the files named."""
        yield from self._before(self.first())
        for start in starts:
            yield from self._records(start)

    def _before(self, limit: int):
        """Kept records before `limit`: a cut between keeping and dropping leaves some in both places."""
        try:
            os.stat(self._named(_KEPT))
        except OSError:
            return
        for raw in _read(self._named(_KEPT)):
            if place(raw)[0] < limit:
                yield raw

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _abandon(self) -> None:
        """Lets go of a file that failed; littlefs writes nothing of it any more."""
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except OSError:  # already told by the write that failed
                return

    def _restore(self) -> None:
        """Goes on behind the last record that counts. ChainError when a failed append stands there after all: the next boot takes it."""
        if self._starts:
            path = self._path(self._starts[-1])
            if os.stat(path)[6] != self._bytes:
                raise ChainError("flash holds a record that it had refused")
            self._file = open(path, "ab")
        self._doubtful = False

    def _roll(self, seq: int) -> None:
        self.close()
        self._file = open(self._path(seq), "ab")
        self._starts.append(seq)
        self._bytes = 0

    def _load(self, history, known: "Snapshot | None") -> None:
        self._starts = sorted([int(name[0]) for name in os.ilistdir(self._folder) if not name[0].startswith(_KEPT)])
        if known is not None and self._holds(known):
            history.restore(known.state)
            self.seq, self.head, self.id = known.seq, known.hash, known.chain
        else:
            self._see_kept(history.see)
        for at, start in enumerate(self._starts):
            if start >= self.seq:
                self._load_file(at, start, history.see)
        if self._starts:
            self._file = open(self._path(self._starts[-1]), "ab")
            self._bytes = os.stat(self._path(self._starts[-1]))[6]

    def _holds(self, known: "Snapshot") -> bool:
        """Whether a file begins with that very record."""
        if known.seq in self._starts:
            for raw in self._records(known.seq):
                return sha256(raw).digest() == known.hash
        return False

    def _see_kept(self, see) -> None:
        for raw in self._before(self.first()):
            record = Record(raw)
            if self.id is not None and record.chain != self.id:
                raise ChainError("a kept record is of another chain")
            self.id = record.chain
            see(record)

    def _load_file(self, at: int, start: int, see) -> None:
        count = 0
        for raw in self._records(start):
            if start + count > self.seq:  # else the one up to which the history was restored
                self._take(_parse(raw), start + count, see)
            count += 1
        newest = at + 1 == len(self._starts)
        if count == 0 and newest:  # a cut came between making the file and its first record
            os.remove(self._path(start))
            self._starts.pop()
        elif not newest and start + count != self._starts[at + 1]:
            raise ChainError("records are missing")

    def _take(self, record: Record, seq: int, see) -> None:
        follows = record.seq == seq and (record.prev == self.head or self.seq < 0)
        if not follows or (self.id is not None and record.chain != self.id):
            raise ChainError("a link of the chain is broken")
        self.id = record.chain
        self.seq = record.seq
        self.head = record.hash
        see(record)

    def _records(self, start: int):
        return _read(self._path(start))

    def _path(self, seq: int) -> str:
        return self._named("{:010d}".format(seq))

    def _named(self, name: str) -> str:
        return self._folder + "/" + name


def _read(path: str):
    with open(path, "rb") as file:
        while True:
            size = file.read(2)
            if len(size) < 2:
                return
            yield file.read(struct.unpack("<H", size)[0])


def _parse(raw: bytes) -> Record:
    try:
        return Record(raw)
    except RecordError as error:
        raise ChainError("no record: " + str(error))


def _make(folder: str) -> None:
    try:
        os.mkdir(folder)
    except OSError:
        os.stat(folder)  # it is there; any other reason raises here
