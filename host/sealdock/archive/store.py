# SPDX-License-Identifier: Apache-2.0
"""The archive's files and database, opened; recorders and the position of their chains."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sealdock import durable
from sealdock.chain import Position
from sealdock.errors import SealdockError
from sealdock.text import say

from . import schema


@dataclass(frozen=True)
class RecorderRow:
    """A recorder that this station knows. `alarm` says why it is refused, or is None."""

    chain: bytes
    identity: bytes
    number: int
    board: str
    simulated: bool
    enrolled: int
    certificate: bytes
    alarm: str | None


class Archive:
    """One open archive. Close it, or use it as a context manager. Whoever writes holds the home's lock."""

    def __init__(self, folder: Path, create: bool = False) -> None:
        self.folder = folder
        if create:
            for name in ("records", "media", "partial", "branches"):
                durable.make_folder(folder / name)
        self.db = schema.connect(folder / "archive.db", create)

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of what is done inside, or nothing."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:  # SQLite itself rolls back when the disk is full
                self.db.execute("ROLLBACK")
            raise

    # Recorders

    def add_recorder(self, chain: bytes, identity: bytes, board: str, simulated: bool, utc: int, certificate: bytes) -> RecorderRow:
        """Notes an enrolled recorder; SealdockError when its identity has another chain here: a second genesis is a clone."""
        known = self.db.execute("SELECT chain FROM recorder WHERE identity = ?", (identity,)).fetchone()
        if known and known["chain"] != chain:
            raise SealdockError(say("second-genesis", chain=chain.hex()[:12], known=known["chain"].hex()[:12]))
        with self.transaction() as db:
            db.execute(
                "INSERT INTO recorder SELECT ?, ?, coalesce(max(number), 0) + 1, ?, ?, ?, ?, NULL FROM recorder"
                " WHERE true ON CONFLICT(chain) DO UPDATE SET certificate = excluded.certificate",
                (chain, identity, board, int(simulated), utc, certificate),
            )
        row = self.recorder(chain)
        assert row is not None
        return row

    def recorder(self, chain: bytes) -> RecorderRow | None:
        row = self.db.execute("SELECT * FROM recorder WHERE chain = ?", (chain,)).fetchone()
        return _recorder(row) if row else None

    def recorder_of(self, identity: bytes) -> RecorderRow | None:
        """The recorder with an identity key."""
        row = self.db.execute("SELECT * FROM recorder WHERE identity = ?", (identity,)).fetchone()
        return _recorder(row) if row else None

    def recorders(self) -> list[RecorderRow]:
        return [_recorder(row) for row in self.db.execute("SELECT * FROM recorder ORDER BY number")]

    def find_recorder(self, text: str) -> RecorderRow:
        """By its number here or the first digits of its chain id; SealdockError when none or several fit."""
        fits = [r for r in self.recorders() if str(r.number) == text or (len(text) >= 6 and r.chain.hex().startswith(text.lower()))]
        if len(fits) != 1:
            raise SealdockError(say("no-recorder" if not fits else "many-recorders", text=text))
        return fits[0]

    # Chains

    def position(self, chain: bytes) -> Position | None:
        """Where the archived chain stands; None when no record is here."""
        row = self.db.execute("SELECT p.*, r.identity FROM position p JOIN recorder r USING (chain) WHERE chain = ?", (chain,)).fetchone()
        if row is None:
            return None
        return Position(chain, row["seq"], row["head"], row["identity"], row["key"], row["epoch"], row["boot"], row["ms"])

    def records_path(self, chain: bytes) -> Path:
        return self.folder / "records" / f"{chain.hex()}.cbor"

    def records(self, chain: bytes, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """Raw records in order, from `first` up to and including `last`."""
        rows = self.db.execute(
            "SELECT offset, length FROM record WHERE chain = ? AND seq BETWEEN ? AND ? ORDER BY seq",
            (chain, first, 2**62 if last is None else last),
        )
        path = self.records_path(chain)
        if not path.exists():
            return
        with path.open("rb") as file:
            for row in rows:
                file.seek(row["offset"])
                yield file.read(row["length"])

    def record(self, chain: bytes, seq: int) -> bytes:
        """One raw record; SealdockError when it is not here."""
        for raw in self.records(chain, seq, seq):
            return raw
        raise SealdockError(say("record-not-here", seq=seq, chain=chain.hex()[:12]))

    def record_hash(self, chain: bytes, seq: int) -> bytes | None:
        row = self.db.execute("SELECT hash FROM record WHERE chain = ? AND seq = ?", (chain, seq)).fetchone()
        return row["hash"] if row else None


def _recorder(row: sqlite3.Row) -> RecorderRow:
    return RecorderRow(
        row["chain"],
        row["identity"],
        row["number"],
        row["board"],
        bool(row["simulated"]),
        row["enrolled"],
        row["certificate"],
        row["alarm"],
    )
