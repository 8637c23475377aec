# SPDX-License-Identifier: Apache-2.0
"""A session of the archive as a case: what a package of it holds."""

from hashlib import sha256
from pathlib import Path

from sealdock.archive import media as archived
from sealdock.archive import receipts as archived_receipts
from sealdock.archive import sessions
from sealdock.archive.sessions import Session
from sealdock.errors import SealdockError
from sealdock.station import Station
from sealdock.text import say
from sealproto import cose, objects
from sealproto import records as rec

from .case import PATH_TYPES, Case, Media, clips_of, path_records, used_clips


def gather(station: Station, session: Session, utc: int, approval: dict[int, object] | None = None) -> Case:
    """The case of a session as the archive holds it; media that is not here is left out, and the verdict will say so."""
    run = _run(station, session)
    held, withheld = _media(station, session)
    opened = run[0].fields if run else None
    if opened is None:
        raise SealdockError(say("session-beginning", session=session.session.hex()[:12]))
    receipts = _receipts(station, session, run)
    recorder = station.archive.recorder(session.chain)
    assert recorder is not None
    return Case(
        session=session.session,
        chain=session.chain,
        records=path_records(_before(station, session), opened["assignment"]) + [record.raw for record in run],
        certificates=[*station.certificates, recorder.certificate],
        revocations=station.revocations,
        profiles=_named(station.home.profile, _wanted(run, session, "profile")),
        prompts=_prompts(station, session, run),
        receipts=[(raw, _covered(station, session, fields)) for raw, fields in receipts],
        media=held,
        withheld=withheld,
        checkpoint=station.log.checkpoint(station.key, utc),
        consistency=[_consistency(station, fields) for _, fields in receipts],
        approval=approval,
    )


def _run(station: Station, session: Session) -> list[rec.Record]:
    last = sessions.last_covering_seq(station.archive, session)
    return [rec.Record(raw) for raw in station.archive.records(session.chain, session.first_seq, last)]


def _before(station: Station, session: Session) -> list[rec.Record]:
    rows = station.archive.db.execute(
        f"SELECT seq FROM record WHERE chain = ? AND seq < ? AND (seq = 0 OR type IN ({', '.join('?' * len(PATH_TYPES))})) ORDER BY seq",
        (session.chain, session.first_seq, *PATH_TYPES),
    )
    return [rec.Record(station.archive.record(session.chain, row["seq"])) for row in rows]


def _media(station: Station, session: Session) -> tuple[list[Media], frozenset[int]]:
    held, withheld = [], set()
    keys: dict[int, bytes | None] = {}
    for segment in archived.segments(station.archive, chain=session.chain, session=session.session):
        if not segment.sealed:
            continue
        if segment.held is None:
            withheld.add(segment.part)
            continue
        if segment.part not in keys:
            keys[segment.part] = archived.content_key(station.archive, segment, station.recipient)
        held.append(Media(segment.number, segment.part, keys[segment.part], _Loader(station, segment)))
    return held, frozenset(withheld)


class _Loader:
    """Opens one segment when it is asked for."""

    def __init__(self, station: Station, segment: archived.Segment) -> None:
        self.station = station
        self.segment = segment

    def __call__(self) -> tuple[bytes, bytes]:
        plain = archived.playable(self.station.archive, self.segment, self.station.recipient)
        return plain, archived.stored_bytes(self.station.archive, self.segment)


def _wanted(run: list[rec.Record], session: Session, field: str) -> set[bytes]:
    """Hashes that the session's parts name in a field of session-open and resume."""
    mine = [r.fields for r in run if r.type in (rec.SESSION_OPEN, rec.RESUME) and r.fields and r.fields["session"] == session.session]
    return {fields[field] for fields in mine}


def _named(folder: Path, wanted: set[bytes]) -> list[bytes]:
    """The signed objects in a folder that the session names by their hash."""
    found = (path.read_bytes() for path in sorted(folder.rglob("*.cbor")))
    return [raw for raw in dict.fromkeys(found) if sha256(raw).digest() in wanted]


def _prompts(station: Station, session: Session, run: list[rec.Record]) -> list[tuple[bytes, dict[int, bytes]]]:
    used = used_clips(run, session.session)
    out = []
    for raw in _named(station.home.prompts, _wanted(run, session, "prompts")):
        fields = objects.read(cose.PROMPTS, raw)[1]
        blobs = [path.read_bytes() for path in sorted(station.home.prompts.rglob("*.bin"))]
        blob = next((data for data in blobs if sha256(data).digest() == fields["blob"]), b"")
        out.append((raw, clips_of(fields, blob, used)))
    return out


def _receipts(station: Station, session: Session, run: list[rec.Record]) -> list[tuple[bytes, dict]]:
    """Receipts that cover media of the session, from this station or carried in the chain from another."""
    carried = [r.fields["receipt"] for r in run if r.type == rec.RECEIPT and r.fields]
    seqs = [s.seq for s in archived.segments(station.archive, chain=session.chain, session=session.session) if s.sealed]
    out = []
    for raw in dict.fromkeys([*archived_receipts.receipts(station.archive, session.chain), *carried]):
        fields = objects.read(cose.RECEIPT, raw)[1]
        told = [*fields["segments"], *(fields["given_up"] or [])]
        if any(item[0] <= seq <= item[1] for item in told for seq in seqs):
            out.append((raw, fields))
    return out


def _covered(station: Station, session: Session, receipt: dict) -> list[bytes]:
    return [raw for first, last in receipt["segments"] for raw in station.archive.records(session.chain, first, last)]


def _consistency(station: Station, receipt: dict) -> list[bytes]:
    """The proof from a receipt's log head to the present one; empty for another station's log."""
    return station.log.consistency_proof(receipt["log_size"]) if receipt["log"] == station.log.id else []
