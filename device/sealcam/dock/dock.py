# SPDX-License-Identifier: Apache-2.0
"""The recorder's dock side: which station may talk to it, and the table of what that station may ask.

    dock = Dock(board, store, chain, signer, history, clock, cardstore, trust, objects, random, events)
    await dock.run()                                       # for ever

`events` is the recorder's application:
    enrolling() -> bool         the officer held the button: a station may enrol this recorder now
    before_identity()           tests the random source anew; HealthFault or OSError, and the recorder makes nothing
    speak_digits(text)          says six digits
    await confirmed() -> bool   the officer confirmed at the recorder, since the digits were said
    enrolled()                  there are keys, chain and card now
    recording() -> bool         media are being sealed: nothing may disturb
    arrived()                   a station of the bureau has proved itself; nothing was answered yet
    docked(bool)                a station of the bureau is connected, or no longer
    object_installed(kind)      "certificates", "revocations", "profile", "prompts", "assignment" or "receipt"

While recording, a station gets status, time and records; everything else is answered NOT_NOW.
"""

import asyncio
import gc

from sealcam.chain import durable, spare
from sealcam.chain.chain import FILE_BYTES
from sealcam.crypto.health import HealthFault
from sealcam.dock.certificates import TrustError, kid
from sealcam.dock.clock import ClockSetting
from sealcam.dock.enrol import Enrolment, Identity, station_key
from sealcam.dock.link import Link, Refuse
from sealcam.dock.link_crypto import LinkCrypto
from sealcam.dock.put import Putting
from sealcam.dock.read import Reading
from sealcam.scrub import scrub
from sealproto import handshake, messages

_CONFIRM_MS = 50_000  # less than a station waits for any answer
_LOOK_MS = 500
_FORGET_LOOKS = 20
_DROPPED_AT_ONCE = 8  # files: half a second on a small processor, and what is kept of them is written once


class Dock:
    """One dock line. `random(n)` gives n bytes of the recorder's generator, or raises."""

    def __init__(self, board, store, chain, signer, history, clock, cardstore, trust, objects, random, events, attempts=None) -> None:
        self.board = board
        self.store = store
        self.chain = chain
        self.signer = signer
        self.history = history
        self.clock = clock
        self.cardstore = cardstore
        self.trust = trust
        self.objects = objects
        self.random = random
        self.events = events
        self._setting = ClockSetting(self)
        self._enrolment: Enrolment | None = None
        self._identity: Identity | None = None
        self._link = Link(board, LinkCrypto(random), self, self._handlers(), board.LINE_WINDOW_BYTES, 0, clock.ms(), attempts)

    async def run(self) -> None:
        """Serves the line for ever."""
        look = asyncio.create_task(self._look())
        try:
            await self._link.run()
        finally:
            look.cancel()
            self.events.docked(False)

    def release(self) -> None:
        """Gives its memory back, once run() has ended: whoever still has it holds next to nothing."""
        self._link.release()
        self._link = self._setting = self._enrolment = self._identity = None

    def _handlers(self) -> dict:
        reading, putting = Reading(self), Putting(self)
        asked = {
            messages.STATUS: reading.status,
            messages.RECORDS: reading.records,
            messages.LEAVES: reading.leaves,
            messages.TAIL: reading.tail,
            messages.TIME: reading.time,
            messages.SET_CLOCK: self._setting.set_clock,
            messages.PUT: putting.put,
        }
        table = {kind: _only(handshake.DOCK, asked[kind]) for kind in asked}
        table[messages.ENROL_BEGIN] = _only(handshake.ENROL, self._enrol_begin)
        table[messages.ENROL_FINISH] = _only(handshake.ENROL, self._enrol_finish)
        return table

    async def _look(self) -> None:
        """Tells the application when a station comes and goes."""
        docked = False
        alone = 0
        while True:
            session = self._link.session
            now = session is not None and session.mode == handshake.DOCK
            if now != docked:
                docked = now
                self.events.docked(docked)
                if not docked and not self.events.recording():
                    scrub()  # what the session's keys were made of
            alone = alone + 1 if session is None else 0
            if alone >= _FORGET_LOOKS:  # not at once: an enrolment begins within a handshake, before there is a session
                self._enrolment = None
            await asyncio.sleep_ms(_LOOK_MS)

    # Rules of the handshake (sealproto.crypto_interface.RecorderRules). ValueError refuses, and the other side never learns why.

    def station(self, mode: int, certificates: list, revocations: bytes | None) -> bytes:
        """Nothing is stored here: the station has not proved itself yet."""
        if mode == handshake.DOCK:
            if self.chain.id is None or not self.trust.enrolled:
                raise TrustError("not enrolled")
            return self.trust.station(certificates, revocations)
        if self.chain.id is not None or not self.events.enrolling():
            raise TrustError("not to be enrolled now")
        public = station_key(certificates)
        self._brought = certificates[0]
        return public

    def identity(self, mode: int, salt: bytes) -> Identity:
        """The station has proved itself: who answers it."""
        if mode == handshake.ENROL:
            try:
                self.events.before_identity()
            except (HealthFault, OSError) as error:
                raise TrustError(str(error))
            self._enrolment = Enrolment(self, self._brought, salt)
            return self._enrolment.identity
        try:
            spare.give(self.trust.folder)
            self.trust.keep_met()
        except OSError as error:
            raise TrustError(str(error))
        self.events.arrived()
        if self._identity is None:
            self._identity = Identity(self.trust.identity(), self.trust.own_certificates(), self.random)
        return self._identity

    # Enrolment

    async def _enrol_begin(self, call, fields: dict) -> dict:
        if self._enrolment is None or self.chain.id is not None:
            raise Refuse(messages.NOT_NOW)
        self._setting.demand(fields["utc"])
        return {"genesis": self._enrolment.begin(call.session.digits, fields["utc"], fields["predecessor"])}

    async def _enrol_finish(self, call, fields: dict) -> dict:
        enrolment = self._enrolment
        if enrolment is None or self.chain.id is not None:
            raise Refuse(messages.NOT_NOW)
        enrolment.check(fields["certificate"], fields["root"], fields["certificates"], fields["revocations"])
        if not await self._confirmed():
            raise Refuse(messages.NOT_CONFIRMED)
        self._enrolment = None
        enrolment.commit()
        utc, uncertainty = enrolment.time()
        self._setting.sign(utc, uncertainty, None, kid(call.session.peer))
        self.events.enrolled()
        return {}

    async def _confirmed(self) -> bool:
        try:
            return await asyncio.wait_for_ms(self.events.confirmed(), _CONFIRM_MS)
        except asyncio.TimeoutError:
            return False

    # Space

    async def drop_covered(self) -> None:
        """Gives up the oldest files of the chain that a receipt covers wholly, when flash is getting short, and no more than needed."""
        gc.collect()  # closes what was read only in part
        while self.history.session is None:
            limit = self.history.receipt_head + 1
            if self.history.oldest is not None:
                limit = min(limit, self.history.oldest[0])
            count = min(self.chain.droppable(limit), -(-self._missing() // FILE_BYTES), _DROPPED_AT_ONCE)
            if count <= 0:
                return
            self.chain.drop(count)
            await asyncio.sleep_ms(0)

    def keep_spare(self) -> None:
        spare.keep(self.trust.folder, self.board.FLASH_FREE_STOP_BYTES)

    def _missing(self) -> int:
        """Bytes by which free flash is short of twice what recording stops at."""
        return 2 * self.board.FLASH_FREE_STOP_BYTES - durable.free(self.trust.folder)


def _only(mode: int, handler):
    """The handler, for sessions of one mode of the handshake."""

    async def answer(call, fields: dict) -> dict:
        if call.session.mode != mode:
            raise Refuse(messages.WRONG_MODE)
        return await handler(call, fields)

    return answer
