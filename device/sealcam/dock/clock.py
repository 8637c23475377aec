# SPDX-License-Identifier: Apache-2.0
"""A station sets the clock: what it showed before is signed first, so that no drift is ever overwritten in silence.

Only to a time at which its own certificate holds: a clock set decades away would put every station's certificate out of date, and nobody
could dock any more. And only to one that the chip can show, while it answers: nothing is signed that cannot be done.
"""

from sealcam.dock.certificates import kid
from sealcam.dock.link import Refuse
from sealproto import messages, records
from sealproto.limits import CLOCK_END_MS, CLOCK_FIRST_MS

_UNCERTAINTY_MAX = 0xFFFFFFFF  # as the clock's file holds it


class ClockSetting:
    """Over a Dock's parts."""

    def __init__(self, parts) -> None:
        self._parts = parts

    async def set_clock(self, call, fields: dict) -> dict:
        """Refused while recording: a session's times come from one clock."""
        if self._parts.events.recording():
            raise Refuse(messages.NOT_NOW)
        if not self._parts.trust.station_holds(kid(call.session.peer), fields["utc"]) or fields["uncertainty_ms"] > _UNCERTAINTY_MAX:
            raise Refuse(messages.NOT_TRUSTED)
        self.demand(fields["utc"])
        return {"seq": self.sign(fields["utc"], fields["uncertainty_ms"], fields["drift_ppb"], kid(call.session.peer))}

    def demand(self, utc: int) -> None:
        """Before anything is signed: a calendar chip can show that time, and answers. Refuse, OSError."""
        if not CLOCK_FIRST_MS <= utc < CLOCK_END_MS:
            raise Refuse(messages.MALFORMED)
        self._parts.board.clock.read_ms()

    def sign(self, utc: int, uncertainty: int, drift: int | None, station: bytes) -> int:
        """Signs clock-set for a time that is right now, and sets the clock to what it has become meanwhile."""
        p = self._parts
        begun = p.clock.ms()
        seq = p.signer.sign(
            records.CLOCK_SET, before=p.clock.utc_ms(), after=utc, uncertainty_ms=uncertainty, drift_ppb=drift, station=station
        )
        p.clock.set(utc + p.clock.ms() - begun, uncertainty)
        return seq
