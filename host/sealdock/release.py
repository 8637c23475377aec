# SPDX-License-Identifier: Apache-2.0
"""Giving a recorder back into use after a fault that took it out: somebody answers for it by name, before it is checked out again.

Which role may do so is the bureau's to decide (`fault.release_by` of the profile). The name stays in the archive; the log holds the role
and a salted hash.
"""

import secrets
from collections.abc import Iterator
from hashlib import sha256

from sealdock import log
from sealdock.errors import ExitCode, SealdockError
from sealdock.station import Station, now_ms
from sealdock.sync.dock import Dock, Status
from sealdock.text import say
from sealproto import records as rec

OUT_OF_USE = 6  # sealcam.faults


def out_of_use(station: Station, dock: Dock, status: Status) -> int | None:
    """Number of the record by which the recorder took itself out of use, when it was not checked out since."""
    found = None
    for record in _since_check_out(station, dock, status):
        if record.type == rec.ASSIGN:
            found = None
        elif record.fields and record.fields["code"] == OUT_OF_USE:
            found = record.seq
    return found


def _since_check_out(station: Station, dock: Dock, status: Status) -> Iterator[rec.Record]:
    """Faults and check-outs in their order: what is archived, then what the recorder still has alone."""
    query = "SELECT seq FROM record WHERE chain = ? AND type IN (?, ?) ORDER BY seq"
    for row in station.archive.db.execute(query, (status.chain, rec.FAULT, rec.ASSIGN)).fetchall():
        yield rec.Record(station.archive.record(status.chain, row["seq"]))
    at = station.archive.position(status.chain)
    first = max(at.seq if at else 0, status.first)
    while first <= status.head_seq:
        raws = dock.records(first, status.head_seq)
        first += len(raws)
        yield from (record for record in map(rec.Record, raws) if record.type in (rec.FAULT, rec.ASSIGN))


def demand(station: Station, chain: bytes, seq: int, name: str | None) -> None:
    """Notes who releases the recorder. SealdockError when nobody is named."""
    fault = station.profile.fault
    role = fault.release_by if fault else None
    if not name or not name.strip():
        recorder = station.archive.recorder(chain)
        who = f" ({station.profile.title(role)})" if role is not None else ""
        raise SealdockError(say("out-of-use", number=recorder.number if recorder else 0, seq=seq, who=who), ExitCode.RULE_BROKEN)
    utc, salt = now_ms(), secrets.token_bytes(16)
    index = station.log.append(log.RELEASED, chain, seq, role or 0, sha256(salt + name.encode()).digest(), utc)
    with station.archive.transaction() as db:
        db.execute("INSERT INTO release VALUES (?, ?, ?, ?, ?, ?)", (chain, seq, name, utc, salt, index))
