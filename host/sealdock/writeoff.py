# SPDX-License-Identifier: Apache-2.0
"""Giving up the media of one segment: the custodian's decision, logged, and stated in the next receipt as what it is.

Without it a slot whose bytes are wrong for ever would block the recorder's ring. A receipt never says "held" of it: it names the segment
under `given_up`, the recorder may write its slot again, and every package of the session shows the gap.
"""

import secrets
from hashlib import sha256

from sealdock import log
from sealdock.archive import media
from sealdock.archive.media import Segment
from sealdock.archive.sessions import Session
from sealdock.errors import SealdockError
from sealdock.station import Station, now_ms
from sealdock.text import say
from sealproto.objects import GIVEN_UP_WRITTEN_OFF


def write_off(station: Station, session: Session, number: int, reason: str) -> int:
    """Gives up a segment that a sync tried in vain to take; the index of its log entry. SealdockError otherwise, and nothing changed."""
    segment = _to_give_up(station, session, number)
    if not reason.strip():
        raise SealdockError(say("no-reason"))
    utc = now_ms()
    salt = secrets.token_bytes(16)
    digest = sha256(salt + reason.encode()).digest()
    index = station.log.append(log.WRITTEN_OFF, segment.chain, segment.seq, digest, utc)
    with station.archive.transaction() as db:
        db.execute("INSERT INTO write_off VALUES (?, ?, ?, ?, ?, ?)", (segment.chain, segment.seq, reason, utc, salt, index))
    media.lose(station.archive, segment, reason, GIVEN_UP_WRITTEN_OFF)
    return index


def _to_give_up(station: Station, session: Session, number: int) -> Segment:
    found = [s for s in media.segments(station.archive, chain=session.chain, session=session.session) if s.number == number]
    if not found:
        raise SealdockError(say("no-segment", number=number))
    segment = found[-1]
    if segment.held is not None:
        raise SealdockError(say("segment-held", number=number))
    if segment.lost is not None:
        raise SealdockError(say("already-given-up", number=number, why=segment.lost))
    if not segment.wrong:
        raise SealdockError(say("not-tried", number=number))
    return segment
