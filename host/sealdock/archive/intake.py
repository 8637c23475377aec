# SPDX-License-Identifier: Apache-2.0
"""Taking records: checked one by one, appended to the chain's file, then indexed in one transaction.

A session's id belongs to the chain that used it first. A recorder that names another's session changes nothing of it: its records are
kept like all others, and an alarm tells of it.

The file is synced before the index speaks of it, so whatever the index names is there. Bytes behind what the index names were never
taken: the next batch is written over them.
"""

import sqlite3
from collections.abc import Sequence
from hashlib import sha256

from sealdock import chain as chains
from sealdock import durable
from sealdock.chain import Position
from sealdock.clock import now_ms
from sealdock.text import say
from sealproto import cose, objects
from sealproto import records as rec

from .store import Archive

MAX_UTC = 253_402_300_799_999  # the last millisecond of the year 9999


def take(archive: Archive, chain: bytes, raws: Sequence[bytes]) -> Position:
    """Archives the records that come next in a chain; ChainError, and nothing taken, when one does not fit. The new position."""
    at = archive.position(chain)
    offset = _bytes_held(archive, chain)
    taken: list[tuple[rec.Record, int]] = []
    for raw in raws:
        record, at = chains.follow(at, raw) if at else chains.begin(raw)
        if record.chain != chain:
            raise chains.ChainError(say("record-other-chain"))
        taken.append((record, offset))
        offset += len(raw)
    if not taken or at is None:
        raise ValueError("no records")
    durable.append_file(archive.records_path(chain), taken[0][1], b"".join(raws))
    try:
        _index_all(archive, chain, at, taken, offset)
    except OverflowError:  # of SQLite, whose integers have 63 bits and a sign
        raise chains.ChainError(say("record-number")) from None
    return at


def _index_all(archive: Archive, chain: bytes, at: Position, taken: list[tuple[rec.Record, int]], offset: int) -> None:
    with archive.transaction() as db:
        for record, start in taken:
            _index(db, record, start)
        db.execute(
            "INSERT OR REPLACE INTO position VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (chain, at.seq, at.head, at.key, at.epoch, at.boot, at.ms, offset),
        )


def _bytes_held(archive: Archive, chain: bytes) -> int:
    row = archive.db.execute("SELECT bytes FROM position WHERE chain = ?", (chain,)).fetchone()
    return row["bytes"] if row else 0


def utc_of(record: rec.Record) -> int | None:
    """The wall time that a record states, or None; also for a time that no calendar has, which a station once set."""
    utc = record.utc[0] if isinstance(record.utc, list) and record.understood else None
    return utc if utc is not None and utc <= MAX_UTC else None


def _index(db: sqlite3.Connection, record: rec.Record, offset: int) -> None:
    fields = record.fields or {}
    session = fields.get("session")
    db.execute(
        "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (record.chain, record.seq, offset, len(record.raw), record.hash, record.type, record.boot, utc_of(record), session),
    )
    handler = _HANDLERS.get(record.type)
    if handler and record.fields is not None:
        handler(db, record, record.fields)


def _session_open(db: sqlite3.Connection, record: rec.Record, fields: dict) -> None:
    other = db.execute("SELECT chain FROM session WHERE session = ?", (fields["session"],)).fetchone()
    if other is not None and other["chain"] != record.chain:
        text = f"record {record.seq} opens session {fields['session'].hex()}, which is another recorder's"
        db.execute("INSERT INTO alarm(chain, code, text, utc) VALUES (?, 'session-taken', ?, ?)", (record.chain, text, now_ms()))
        return
    officer = db.execute("SELECT number FROM assignment WHERE id = ?", (fields["assignment"],)).fetchone()
    db.execute(
        "INSERT OR IGNORE INTO session(session, chain, first_seq, opened, activity, officer) VALUES (?, ?, ?, ?, ?, ?)",
        (fields["session"], record.chain, record.seq, utc_of(record), fields["activity"], officer["number"] if officer else None),
    )


def _resume(db: sqlite3.Connection, record: rec.Record, fields: dict) -> None:
    db.execute(
        "UPDATE session SET parts = max(parts, ?) WHERE session = ? AND chain = ?", (fields["part"] + 1, fields["session"], record.chain)
    )


def _session_close(db: sqlite3.Connection, record: rec.Record, fields: dict) -> None:
    db.execute(
        "UPDATE session SET last_seq = ?, closed = ? WHERE session = ? AND chain = ?",
        (record.seq, utc_of(record), fields["session"], record.chain),
    )


def _segment(db: sqlite3.Connection, record: rec.Record, fields: dict) -> None:
    db.execute(
        "INSERT INTO segment(chain, seq, session, part, number, sealed, stored_bytes, plain_bytes, root)"
        " VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?)",
        (
            record.chain,
            record.seq,
            fields["session"],
            fields["part"],
            fields["number"],
            fields["stored_bytes"],
            fields["plain_bytes"],
            fields["root"],
        ),
    )


def _tail_found(db: sqlite3.Connection, record: rec.Record, fields: dict) -> None:
    db.execute(
        "INSERT INTO segment(chain, seq, session, part, number, sealed, root) VALUES (?, ?, ?, ?, ?, 0, ?)",
        (record.chain, record.seq, fields["session"], fields["part"], fields["number"], fields["root"]),
    )


def _assign(db: sqlite3.Connection, record: rec.Record, fields: dict) -> None:
    raw = fields["assignment"]
    try:
        _, assignment = objects.read(cose.ASSIGNMENT, raw)
    except objects.ObjectError:
        return
    db.execute(
        "INSERT OR IGNORE INTO assignment VALUES (?, ?, ?, ?, ?, ?)",
        (sha256(raw).digest(), record.chain, assignment["number"], assignment["from"], assignment["until"], raw),
    )


def _receipt(db: sqlite3.Connection, record: rec.Record, fields: dict) -> None:
    try:
        _, receipt = objects.read(cose.RECEIPT, fields["receipt"])
    except objects.ObjectError:
        return
    db.execute("INSERT OR IGNORE INTO carried_receipt VALUES (?, ?, ?)", (record.chain, receipt["counter"], record.seq))
    # Ours, handed over by a run that did not live to note it.
    db.execute("UPDATE receipt SET handed_over = ? WHERE raw = ? AND handed_over IS NULL", (receipt["utc"], fields["receipt"]))


_HANDLERS = {
    rec.SESSION_OPEN: _session_open,
    rec.RESUME: _resume,
    rec.SESSION_CLOSE: _session_close,
    rec.SEGMENT: _segment,
    rec.TAIL_FOUND: _tail_found,
    rec.ASSIGN: _assign,
    rec.RECEIPT: _receipt,
}
