# SPDX-License-Identifier: Apache-2.0
"""Receipts: what the station states that it holds durably.

Order: the entry is written into the database, then appended to the log, then the receipt is signed and stored. A run that is
interrupted in between is finished by the next one with the same entry, so no counter is ever given out twice with different content.
"""

from typing import Any

from sealdock.keys import SigningKey
from sealdock.log import Log
from sealproto import cose, objects
from sealproto import records as rec
from sealproto.cbor import decode

from . import media
from .media import unstated
from .store import Archive

RANGES_MAX = 150  # ranges in one receipt, so that the record which carries it stays below records.MAX_RECORD_BYTES
_FIELDS = ("chain", "counter", "head_seq", "head_hash", "segments", "root", "utc", "given_up")


def uncovered(archive: Archive, chain: bytes) -> list[int]:
    """Sequence numbers of segments that are held here and that no receipt covers yet, of this station or another."""
    elsewhere = [item for fields in carried(archive, chain) for item in fields["segments"]]
    mine = [s.seq for s in unstated(archive, chain)]
    return [seq for seq in mine if not any(first <= seq <= last for first, last in elsewhere)]


def given_up(archive: Archive, chain: bytes) -> list[list[int]]:
    """[first, last, reason] of what this station gave up and no receipt tells of yet, of this station or another."""
    told = [item for fields in carried(archive, chain) for item in [*fields["segments"], *(fields["given_up"] or [])]]
    out: list[list[int]] = []
    for segment in media.given_up(archive, chain):
        if any(item[0] <= segment.seq <= item[1] for item in told):
            continue
        if out and out[-1][1:] == [segment.seq - 1, segment.given_up]:
            out[-1][1] = segment.seq
        else:
            out.append([segment.seq, segment.seq, segment.given_up or 0])
    return out


def carried(archive: Archive, chain: bytes) -> list[dict]:
    """The fields of all receipts that stand in the chain, from any station."""
    rows = archive.db.execute("SELECT seq FROM carried_receipt WHERE chain = ? ORDER BY seq", (chain,)).fetchall()
    records = (rec.Record(archive.record(chain, row["seq"])).fields or {} for row in rows)
    return [objects.read(cose.RECEIPT, fields["receipt"])[1] for fields in records]


def due(archive: Archive, chain: bytes) -> bool:
    """Whether there is anything that the last receipt did not state: one begun, segments held or given up, records."""
    if pending(archive, chain) or uncovered(archive, chain) or given_up(archive, chain):
        return True
    # The recorder's own record of a receipt follows it; a receipt for that alone would never end.
    row = archive.db.execute(
        "SELECT 1 FROM record WHERE chain = ?1 AND type != ?2"
        " AND seq > (SELECT coalesce(max(head_seq), -1) FROM receipt WHERE chain = ?1) LIMIT 1",
        (chain, rec.RECEIPT),
    ).fetchone()
    return row is not None


def pending(archive: Archive, chain: bytes) -> list[int]:
    """Counters of receipts begun and not signed yet."""
    rows = archive.db.execute("SELECT counter FROM receipt WHERE chain = ? AND raw IS NULL ORDER BY counter", (chain,))
    return [row["counter"] for row in rows]


def make(archive: Archive, log: Log, station: SigningKey, chain: bytes, utc: int) -> bytes:
    """The next receipt of a chain, logged and stored; or the one that an interrupted run began."""
    begun = pending(archive, chain)
    counter = begun[0] if begun else _begin(archive, chain, utc)
    return _finish(archive, log, station, chain, counter)


def _begin(archive: Archive, chain: bytes, utc: int) -> int:
    at = archive.position(chain)
    if at is None:
        raise ValueError("no records of this chain")
    ranges = _ranges(uncovered(archive, chain))[:RANGES_MAX]
    covered = [archive.record(chain, seq) for first, last in ranges for seq in range(first, last + 1)]
    values: dict[str, Any] = {
        "chain": chain,
        "counter": _last_counter(archive, chain) + 1,
        "head_seq": at.seq - 1,
        "head_hash": at.head,
        "segments": ranges,
        "root": objects.segments_root(covered),
        "utc": utc,
    }
    lost = given_up(archive, chain)[: RANGES_MAX - len(ranges)]
    if lost:
        values["given_up"] = lost
    with archive.transaction() as db:
        db.execute(
            "INSERT INTO receipt(chain, counter, head_seq, entry) VALUES (?, ?, ?, ?)",
            (chain, values["counter"], values["head_seq"], objects.log_entry(values)),
        )
        for first, last, *_ in [*ranges, *lost]:
            db.execute("UPDATE segment SET receipt = ? WHERE chain = ? AND seq BETWEEN ? AND ?", (values["counter"], chain, first, last))
    counter: int = values["counter"]
    return counter


def _last_counter(archive: Archive, chain: bytes) -> int:
    """The highest counter that the recorder holds, or will when it has taken what waits for it."""
    row = archive.db.execute(
        "SELECT max(counter) AS last FROM (SELECT counter FROM receipt WHERE chain = ?1"
        " UNION ALL SELECT counter FROM carried_receipt WHERE chain = ?1)",
        (chain,),
    ).fetchone()
    return int(row["last"] or 0)


def _finish(archive: Archive, log: Log, station: SigningKey, chain: bytes, counter: int) -> bytes:
    row = archive.db.execute("SELECT entry FROM receipt WHERE chain = ? AND counter = ?", (chain, counter)).fetchone()
    entry = bytes(row["entry"])
    stated = decode(entry)
    assert isinstance(stated, list)
    values = dict(zip(_FIELDS, stated[1:], strict=False))  # the last is there only when something was given up
    with log.lock:  # size, root and proof of one state
        index = log.append_raw(entry)
        proof = {"log_size": log.size, "log_root": log.root, "log_index": index, "log_proof": log.inclusion_proof(index)}
    raw = objects.make(cose.RECEIPT, station.kid, station.sign, **values, log=log.id, **proof)
    with archive.transaction() as db:
        db.execute("UPDATE receipt SET log_index = ?, raw = ? WHERE chain = ? AND counter = ?", (index, raw, chain, counter))
    return raw


def to_hand_over(archive: Archive, chain: bytes) -> list[bytes]:
    """Signed receipts that the recorder has not taken yet, oldest first."""
    rows = archive.db.execute(
        "SELECT raw FROM receipt WHERE chain = ? AND raw IS NOT NULL AND handed_over IS NULL ORDER BY counter", (chain,)
    )
    return [row["raw"] for row in rows]


def withdraw(archive: Archive, raw: bytes) -> None:
    """Drops a receipt that the recorder will never take: another station's came first. Its entry stays in the log."""
    fields = objects.read(cose.RECEIPT, raw)[1]
    chain, number = fields["chain"], fields["counter"]
    with archive.transaction() as db:
        db.execute("UPDATE segment SET receipt = NULL WHERE chain = ? AND receipt = ?", (chain, number))
        db.execute("DELETE FROM receipt WHERE chain = ? AND counter = ?", (chain, number))


def covered_elsewhere(archive: Archive, log: Log, chain: bytes, seq: int) -> bool:
    """Whether another station's receipt in the chain covers a segment: its media is there, and the slot may be used again."""
    others = [fields for fields in carried(archive, chain) if fields["log"] != log.id]
    return any(first <= seq <= last for fields in others for first, last in fields["segments"])


def handed_over(archive: Archive, raw: bytes, utc: int) -> None:
    """Notes that the recorder took a receipt."""
    with archive.transaction() as db:
        db.execute("UPDATE receipt SET handed_over = ? WHERE raw = ?", (utc, raw))


def counter(raw: bytes) -> int:
    """The counter of a receipt of this station's own making."""
    number: int = objects.read(cose.RECEIPT, raw)[1]["counter"]
    return number


def receipts(archive: Archive, chain: bytes) -> list[bytes]:
    """All signed receipts of a chain, oldest first."""
    rows = archive.db.execute("SELECT raw FROM receipt WHERE chain = ? AND raw IS NOT NULL ORDER BY counter", (chain,))
    return [row["raw"] for row in rows]


def _ranges(numbers: list[int]) -> list[list[int]]:
    """Rising numbers as [first, last] runs."""
    out: list[list[int]] = []
    for n in numbers:
        if out and out[-1][1] == n - 1:
            out[-1][1] = n
        else:
            out.append([n, n])
    return out
