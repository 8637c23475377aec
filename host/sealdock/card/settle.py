# SPDX-License-Identifier: Apache-2.0
"""One slot's bytes against the record that signed them.

The archived chain alone says what is true: a copy on the card that differs from the archived record of its number is not believed, and
leaves count only when they lead to the root that the archived record signed. Where they do not, the tags, made with the content key while
it was recording, tell which leaves at the beginning are sound; a dock then goes on behind them.
"""

from enum import Enum, auto

from sealdock import sealing
from sealdock.archive import media
from sealdock.archive.media import MediaError, Segment
from sealdock.errors import SealdockError
from sealdock.station import Station, now_ms
from sealproto import records as rec

from .image import Slot


class Outcome(Enum):
    """What became of a slot."""

    EMPTY = auto()  # nothing that could be media
    HELD = auto()  # the archive holds it already
    TAKEN = auto()  # now it holds it
    PART = auto()  # some leaves at the beginning are sound, the others are not
    WRONG = auto()  # the bytes are not those that the record signed
    CONTRADICTS = auto()  # the copy is not the record that is archived under its number
    UNKNOWN = auto()  # its record is not here yet
    CLOSED = auto()  # an unsealed tail, wrapped for others: only they can tell its leaves from older bytes


def settle(station: Station, chain: bytes, slot: Slot) -> Outcome:
    """Takes a slot's media in when its record is archived. SealdockError for what concerns the archive itself."""
    archive = station.archive
    if slot.copy is None and slot.header is None:
        return Outcome.EMPTY
    if slot.copy is not None and archive.record_hash(chain, slot.copy.seq) not in (None, slot.copy.hash):
        return Outcome.CONTRADICTS
    segment = find(station, chain, slot)
    if segment is None:
        return Outcome.UNKNOWN if slot.copy is not None or slot.blocks() else Outcome.EMPTY
    if segment.held is not None:
        return Outcome.HELD
    return _sealed(station, segment, slot) if segment.sealed else _tail(station, segment, slot)


def find(station: Station, chain: bytes, slot: Slot) -> Segment | None:
    """The archived segment or tail that this slot was used for; None when its record is not here."""
    if slot.copy is not None:
        return media.of_record(station.archive, chain, slot.copy.seq)
    if slot.header is None:
        return None
    for segment in media.segments(station.archive, chain=chain, session=slot.header.session):
        fields = rec.Record(station.archive.record(chain, segment.seq)).fields or {}
        if (segment.number, fields["slot"], fields["generation"]) == (slot.header.segment, slot.number, slot.header.generation):
            return segment
    return None


def _sealed(station: Station, segment: Segment, slot: Slot) -> Outcome:
    archive = station.archive
    leaves = slot.leaves(segment.stored_bytes or 0)
    if len(leaves) == media.leaf_count(segment):
        media.add_leaves(archive, segment, 0, leaves)
        try:
            media.complete(archive, segment, now_ms())
            return Outcome.TAKEN
        except MediaError:
            pass  # then at least those at the beginning that are sound
    sound = _sound(station, segment, slot)
    if not sound:
        return Outcome.WRONG
    if len(sound) > media.leaves_here(archive, segment):
        media.add_leaves(archive, segment, 0, sound)
    return Outcome.PART


def _sound(station: Station, segment: Segment, slot: Slot) -> list[bytes]:
    """Leaves from the first on whose tags hold; none where the content key is not for this station, or there is none."""
    try:
        key = media.content_key(station.archive, segment, station.recipient)
    except SealdockError:
        return []
    proven = [] if key is None else [leaf for _, leaf in media.proven(segment, slot.blocks(), key)]
    return proven[: media.leaf_count(segment) - 1]  # all of them would have led to the root


def _tail(station: Station, segment: Segment, slot: Slot) -> Outcome:
    fields = rec.Record(station.archive.record(segment.chain, segment.seq)).fields or {}
    try:
        key = media.content_key(station.archive, segment, station.recipient)
        proven = media.complete_tail(station.archive, segment, slot.blocks()[: fields["leaves"]], key, now_ms())
    except sealing.NotForUs:
        return Outcome.CLOSED
    except MediaError:
        return Outcome.WRONG
    return Outcome.TAKEN if proven else Outcome.EMPTY
