# SPDX-License-Identifier: Apache-2.0
"""Sessions in the archive: what `list` and `show` tell."""

from dataclasses import dataclass
from typing import Any

from sealdock import vocabulary
from sealdock.errors import SealdockError
from sealdock.text import say
from sealproto import codes
from sealproto import records as rec

from .store import Archive


@dataclass(frozen=True)
class Session:
    """One enforcement action as archived. Times are UTC in ms or None; `last_seq` is None while it is open; `officer` is a number."""

    session: bytes
    chain: bytes
    recorder: int
    simulated: bool
    first_seq: int
    last_seq: int | None
    opened: int | None
    closed: int | None
    activity: int | None
    officer: int | None
    officer_name: str | None
    parts: int
    segments: int
    held: int
    lost: int
    bytes: int

    @property
    def state(self) -> str:
        """open, partial (media still missing) or complete."""
        if self.last_seq is None:
            return "open"
        return "partial" if self.held < self.segments else "complete"


_SELECT = """
SELECT s.session, s.chain, r.number AS recorder, r.simulated, s.first_seq, s.last_seq, s.opened, s.closed, s.activity, s.officer,
    o.name AS officer_name, s.parts, count(g.seq) AS segments, count(g.held) AS held, count(g.lost) AS lost,
    coalesce(sum(CASE WHEN g.held IS NOT NULL THEN g.stored_bytes END), 0) AS bytes
FROM session s JOIN recorder r USING (chain) LEFT JOIN officer o ON o.number = s.officer
    LEFT JOIN segment g ON g.session = s.session AND g.chain = s.chain
"""


def sessions(archive: Archive) -> list[Session]:
    """All sessions, oldest first."""
    rows = archive.db.execute(_SELECT + "GROUP BY s.session ORDER BY s.opened, r.number, s.first_seq")
    return [_session(row) for row in rows]


def find(archive: Archive, text: str) -> Session:
    """The session whose id begins with these hex digits; SealdockError when none or several do."""
    text = text.lower()
    fits: list[Session] = []
    if len(text) >= 4 and all(c in "0123456789abcdef" for c in text):
        low, high = bytes.fromhex(text.ljust(32, "0")[:32]), bytes.fromhex(text.ljust(32, "f")[:32])
        rows = archive.db.execute(_SELECT + "WHERE s.session BETWEEN ? AND ? GROUP BY s.session LIMIT 2", (low, high))
        fits = [_session(row) for row in rows]
    if len(text) > 32 or len(fits) != 1:
        raise SealdockError(say("no-session" if not fits else "many-sessions", text=text))
    return fits[0]


def _session(row: Any) -> Session:
    return Session(**{**dict(row), "simulated": bool(row["simulated"])})


def records(archive: Archive, session: Session) -> list[rec.Record]:
    """The records from session-open to session-close, or to the head while it is open."""
    return [rec.Record(raw) for raw in archive.records(session.chain, session.first_seq, session.last_seq)]


def last_covering_seq(archive: Archive, session: Session) -> int | None:
    """The sequence number of the first record in the chain that carries a receipt over the session's end; None when there is none yet."""
    row = archive.db.execute(
        "SELECT min(c.seq) AS seq FROM carried_receipt c JOIN receipt r USING (chain, counter) WHERE c.chain = ? AND r.head_seq >= ?",
        (session.chain, session.last_seq),
    ).fetchone()
    return row["seq"] if session.last_seq is not None else None


def describe(archive: Archive, session: Session) -> dict[str, Any]:
    """What `show --json` prints: plain values, times in ms, ids in hex."""
    found = records(archive, session)
    activity = None if session.activity is None else vocabulary.ACTIVITIES.term(session.activity)
    return {
        "session": session.session.hex(),
        "chain": session.chain.hex(),
        "recorder": session.recorder,
        "simulated": session.simulated,
        "opened": session.opened,
        "closed": session.closed,
        "activity": activity.code if activity else None,
        "officer": session.officer,
        "officer_name": session.officer_name,
        "parts": session.parts,
        "records": [session.first_seq, found[-1].seq if found else session.first_seq],
        "segments": session.segments,
        "held": session.held,
        "lost": session.lost,
        "bytes": session.bytes,
        "state": session.state,
        "announcements": [_announcement(r) for r in found if r.type == rec.ANNOUNCE and _of(r, session)],
        "interruptions": [_interruption(r, found) for r in found if r.type == rec.INTERRUPT and _of(r, session)],
        "labels": labels(archive, session),
    }


def _of(record: rec.Record, session: Session) -> bool:
    return record.fields is not None and record.fields["session"] in (session.session, None)


def _announcement(record: rec.Record) -> dict[str, Any]:
    fields = record.fields or {}
    return {"record": record.seq, "part": fields["part"], "occasion": fields["occasion"], "complete": fields["complete"]}


def _interruption(record: rec.Record, found: list[rec.Record]) -> dict[str, Any]:
    fields = record.fields or {}
    later = [r.fields for r in found if r.fields is not None and r.fields.get("interrupt") == record.seq]
    causes = [f["cause"] for f in (fields, *later) if f["cause"] != codes.CAUSE_NOT_STATED]
    fact = vocabulary.FACTS.term(fields["fact"])
    cause = vocabulary.CAUSES.term(causes[-1]) if causes else None
    length = next((f["length_ms"] for f in later if "length_ms" in f), None)
    return {
        "record": record.seq,
        "part": fields["part"],
        "fact": fact.code if fact else fields["fact"],
        "cause": cause.code if cause else None,
        "length_ms": length,
    }


def labels(archive: Archive, session: Session) -> dict[str, dict[str, Any]]:
    """The 16 label fields by code: `value` is None for "none yet"; `signed` tells what the recorder signed from what the station added."""
    added = {row["field"]: row for row in archive.db.execute("SELECT * FROM label WHERE session = ?", (session.session,))}
    signed = {
        codes.FIELD_DEVICE_NO: str(session.recorder),
        codes.FIELD_USE_TIME: session.opened,
        codes.FIELD_MADE_AT: session.closed,
        codes.FIELD_OFFICER: session.officer,
    }
    out: dict[str, dict[str, Any]] = {}
    for term in vocabulary.FIELDS.terms:
        if term.number > codes.FIELD_EXTRACTED_AT:
            continue
        if term.number in added:
            out[term.code] = {"value": added[term.number]["value"], "signed": bool(added[term.number]["signed"])}
        else:
            out[term.code] = {"value": signed.get(term.number), "signed": signed.get(term.number) is not None}
    return out
