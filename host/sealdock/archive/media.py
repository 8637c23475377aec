# SPDX-License-Identifier: Apache-2.0
"""Media in the archive: leaves that arrive, whole segments that are held, and the way back to something that plays."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sealdock import durable, sealing
from sealdock.errors import ExitCode, SealdockError
from sealdock.keys import Opener
from sealdock.text import say
from sealproto import objects
from sealproto import records as rec
from sealproto.merkle import LEAF_BYTES, leaf_hash
from sealproto.merkle import root as tree_head
from sealproto.slot import SlotError, Trailer

from .store import Archive


class MediaError(SealdockError):
    """Stored bytes are not those that the recorder signed."""

    exit_code = ExitCode.VERIFICATION_FAILED


@dataclass(frozen=True)
class Segment:
    """One segment's row. `sealed` is False for an unsealed tail; `held` is when its bytes were complete here, or None."""

    chain: bytes
    seq: int
    session: bytes
    part: int
    number: int
    sealed: bool
    stored_bytes: int | None
    plain_bytes: int | None
    root: bytes
    held: int | None
    lost: str | None
    receipt: int | None
    wrong: int
    given_up: int | None


def segments(archive: Archive, *, chain: bytes, session: bytes | None = None) -> list[Segment]:
    """Segments of a chain, or of one session of it, in the order of their records. A session's id alone could be any recorder's."""
    if session is not None:
        return _select(archive, "session = ? AND chain = ?", session, chain)
    return _select(archive, "chain = ?", chain)


def held(archive: Archive) -> Iterator[Segment]:
    """Every sealed segment whose bytes are here, one at a time: an archive may hold millions."""
    for row in archive.db.execute("SELECT * FROM segment WHERE sealed AND held IS NOT NULL ORDER BY chain, seq"):
        yield _segment(row)


def _select(archive: Archive, condition: str, *values: object) -> list[Segment]:
    rows = archive.db.execute(f"SELECT * FROM segment WHERE {condition} ORDER BY chain, seq", values)
    return [_segment(row) for row in rows]


def _segment(row: sqlite3.Row) -> Segment:
    return Segment(**{**dict(row), "sealed": bool(row["sealed"])})


def of_record(archive: Archive, chain: bytes, seq: int) -> Segment | None:
    """The segment or tail that a record tells of; None when it is not archived."""
    return next(iter(_select(archive, "chain = ? AND seq = ?", chain, seq)), None)


def wanted(archive: Archive, chain: bytes) -> list[Segment]:
    """Segments whose bytes are still to be taken: the oldest session first."""
    return _select(archive, "chain = ? AND held IS NULL AND lost IS NULL", chain)


def unstated(archive: Archive, chain: bytes) -> list[Segment]:
    """Segments that are held and that no receipt of this station covers yet."""
    return _select(archive, "chain = ? AND held IS NOT NULL AND receipt IS NULL", chain)


def given_up(archive: Archive, chain: bytes) -> list[Segment]:
    """Segments that were given up and of which no receipt of this station says so yet."""
    return _select(archive, "chain = ? AND given_up IS NOT NULL AND receipt IS NULL", chain)


def stored_path(archive: Archive, segment: Segment) -> Path:
    """Where a held segment's stored bytes lie."""
    ending = "seg" if segment.sealed else "tail"
    return archive.folder / "media" / segment.chain.hex() / segment.session.hex() / f"{segment.number:06d}.{ending}"


def stored_bytes(archive: Archive, segment: Segment) -> bytes:
    """A held segment's stored bytes as they lie there; MediaError when they are not here."""
    try:
        return stored_path(archive, segment).read_bytes()
    except FileNotFoundError:
        raise MediaError(say("media-not-here", number=segment.number)) from None


# Taking


def _partial(archive: Archive, segment: Segment) -> Path:
    return archive.folder / "partial" / f"{segment.chain.hex()}-{segment.seq}"


def leaves_here(archive: Archive, segment: Segment) -> int:
    """How many whole leaves of a wanted segment an earlier run left."""
    path = _partial(archive, segment)
    return path.stat().st_size // LEAF_BYTES if path.exists() else 0


def leaf_count(segment: Segment) -> int:
    """How many leaves a sealed segment has."""
    return -(-(segment.stored_bytes or 0) // LEAF_BYTES)


def add_leaves(archive: Archive, segment: Segment, first: int, leaves: Sequence[bytes]) -> None:
    """Keeps leaves that arrived, from index `first` on. Not synced: they are checked against the signed root before they count."""
    if not leaves:
        return
    path = _partial(archive, segment)
    with durable.naming(path), open(path, "r+b" if first else "wb") as file:
        if first:
            file.seek(first * LEAF_BYTES)
            file.truncate()
        for leaf in leaves:
            file.write(leaf)


def drop_partial(archive: Archive, segment: Segment) -> None:
    _partial(archive, segment).unlink(missing_ok=True)


def complete(archive: Archive, segment: Segment, utc: int) -> None:
    """Checks a sealed segment's bytes against its signed record and takes them in durably. MediaError, bytes dropped, when they differ."""
    path = _partial(archive, segment)
    stored = path.read_bytes() if path.exists() else b""
    if len(stored) != segment.stored_bytes or sealing.stored_root(stored) != segment.root:
        drop_partial(archive, segment)
        raise MediaError(say("media-other-bytes", number=segment.number))
    _hold(archive, segment, stored, utc)


def _hold(archive: Archive, segment: Segment, stored: bytes, utc: int) -> None:
    target = stored_path(archive, segment)
    durable.make_folder(target.parent)
    durable.write_file(target, stored)
    with archive.transaction() as db:
        db.execute(
            # What was given up and is here after all is to be stated anew, as held.
            "UPDATE segment SET held = ?, stored_bytes = ?, plain_bytes = ?, lost = NULL, given_up = NULL,"
            " receipt = CASE WHEN given_up IS NULL THEN receipt END WHERE chain = ? AND seq = ?",
            (utc, len(stored), segment.plain_bytes, segment.chain, segment.seq),
        )
    drop_partial(archive, segment)


def tidy(archive: Archive, chain: bytes) -> None:
    """Removes what killed runs left of a chain: leaves of segments that are settled, files that never got their name."""
    open_still = {_partial(archive, segment) for segment in wanted(archive, chain)}
    for path in (archive.folder / "partial").glob(f"{chain.hex()}-*"):
        if path not in open_still:
            path.unlink()
    for path in (archive.folder / "media" / chain.hex()).glob("*/.*"):
        path.unlink()


def lose(archive: Archive, segment: Segment, why: str, given_up: int | None = None) -> None:
    """Notes that a segment's media will never come. `given_up`: objects.GIVEN_UP_*, when the next receipt is to say that nobody has it."""
    with archive.transaction() as db:
        db.execute("UPDATE segment SET lost = ?, given_up = ? WHERE chain = ? AND seq = ?", (why, given_up, segment.chain, segment.seq))
    drop_partial(archive, segment)


def note_failure(archive: Archive, segment: Segment) -> None:
    """Counts a sync that could not have a segment's media."""
    with archive.transaction() as db:
        db.execute("UPDATE segment SET wrong = wrong + 1 WHERE chain = ? AND seq = ?", (segment.chain, segment.seq))


# Unsealed tails


def complete_tail(archive: Archive, segment: Segment, blocks: Iterable[tuple[bytes, bytes]], content_key: bytes | None, utc: int) -> int:
    """Takes an unsealed tail: (trailer sector, leaf) in order. Returns the leaves that the tags prove to be this part's own.

    The signed root fixes what the next boot found; the tags, made with the content key while it was recording, tell those leaves from
    older bytes in the slot. Only proven leaves count; with none, the tail is given up. MediaError when the bytes are not those that the
    boot signed.
    """
    found = list(blocks)
    if tree_head([leaf_hash(leaf) for _, leaf in found]) != segment.root:
        raise MediaError(say("tail-other-bytes", number=segment.number))
    own = proven(segment, found, content_key)
    path = stored_path(archive, segment).with_suffix(".trailers")
    durable.make_folder(path.parent)
    durable.write_file(path, b"".join(sector for sector, _ in found))
    if not own:
        lose(archive, segment, say("tail-unproven"), objects.GIVEN_UP_UNPROVEN)
        return 0
    kept = Segment(**{**segment.__dict__, "plain_bytes": own[-1][0].plain})
    _hold(archive, kept, b"".join(leaf for _, leaf in own), utc)
    return len(own)


def proven(segment: Segment, found: Sequence[tuple[bytes, bytes]], content_key: bytes | None) -> list[tuple[Trailer, bytes]]:
    """Of (trailer sector, leaf) from a segment's first leaf on: those before the first that its trailer or tag does not prove its own."""
    out: list[tuple[Trailer, bytes]] = []
    for index, (sector, leaf) in enumerate(found):
        try:
            trailer, tag = Trailer.unpack(sector)
        except SlotError:
            break
        if (trailer.index, trailer.length, trailer.segment, trailer.part) != (index, len(leaf), segment.number, segment.part):
            break
        if content_key is not None and sealing.tail_tag(content_key, trailer.pack(), leaf_hash(leaf)) != tag:
            break
        out.append((trailer, leaf))
    return out


# Opening


def content_key(archive: Archive, segment: Segment, recipient: Opener) -> bytes | None:
    """The content key of a segment's part, unwrapped; None when the recorder has no AES and sealed it unencrypted."""
    rows = archive.db.execute(
        "SELECT seq FROM record WHERE session = ? AND chain = ? AND type IN (?, ?) ORDER BY seq",
        (segment.session, segment.chain, rec.SESSION_OPEN, rec.RESUME),
    )
    for row in rows:
        fields = rec.Record(archive.record(segment.chain, row["seq"])).fields or {}
        if fields.get("part", 0) == segment.part:
            if fields["wraps"] is None:
                return None
            return sealing.unwrap(fields["wraps"], recipient, segment.session, segment.part, fields["content_key_hash"])
    raise MediaError(say("media-no-part", number=segment.number))


def segment_key(archive: Archive, segment: Segment, recipient: Opener) -> bytes | None:
    """The key that opens this segment and no other; None when it is not encrypted."""
    key = content_key(archive, segment, recipient)
    return None if key is None else sealing.segment_key(key, segment.number)


def playable(archive: Archive, segment: Segment, recipient: Opener) -> bytes:
    """A held segment as a Matroska file."""
    stored = stored_bytes(archive, segment)
    key = segment_key(archive, segment, recipient)
    if key is None:
        return stored[: segment.plain_bytes]
    return sealing.decrypt(key, stored, segment.plain_bytes or 0)
