# SPDX-License-Identifier: Apache-2.0
"""Opens, interrupts, resumes and closes a session: the records, the keys and the capture that belong to each step."""

import asyncio

from sealcam import faults
from sealcam.chain import recovery
from sealcam.chain.keystore import KeystoreError
from sealcam.media.capture import SealingFailed, SensorLost
from sealcam.media.cardstore import CardFull
from sealcam.media.contentkey import ContentKey
from sealcam.media.segment import ENCRYPTED
from sealcam.scrub import scrub
from sealproto import codes, records
from sealproto.profile_keys import CHECK_ASSIGNED, CHECK_BATTERY, CHECK_CLOCK, CHECK_FLASH, CHECK_RECIPIENTS, CHECK_SOUND, CHECK_STORAGE


class StartRefused(Exception):
    """Recording cannot begin; the text is for the trace."""


class Sessions:
    """`parts` is the recorder: its board, stores, signer and so on, by name. `failed(error)` is told when capture ends by itself."""

    def __init__(self, parts, failed) -> None:
        self._parts = parts
        self._failed = failed
        self._content: ContentKey | None = None
        self._begun = asyncio.Event()
        self._spent = False  # keys were forgotten whose traces the heap may still hold

    def open(self, activity: int | None, order: int, mode: int) -> None:
        """Session-open, durable, before the first media byte. `mode`: records.MODE_* beside the board's own. StartRefused, OSError."""
        p = self._parts
        session = p.random(16)
        p.capture.start_sensors()
        check = self._begin(session, 0)
        p.signer.sign(
            records.SESSION_OPEN,
            session=session, activity=activity, profile=p.objects.profile_hash, prompts=p.objects.prompts_hash,
            assignment=p.objects.assignment_hash, wraps=self._wraps(), content_key_hash=self._digest(), media=p.capture.media(),
            order=order, mode=mode | self._mode(), check=check,
        )  # fmt: skip

    def resume(self) -> tuple:
        """Resume, durable; returns the interrupt it answers: (seq, fact, cause, and when it stopped: utc, boot, ms)."""
        p = self._parts
        past = p.history.session
        if past.interrupt is None:  # it was stopped, but signing that failed
            self._sign_interrupt(codes.FACT_SEALING_FAILED, p.proves(codes.FACT_SEALING_FAILED), {}, past.last_ms)
        interrupt = past.interrupt
        p.capture.start_sensors()
        check = self._begin(past.id, past.part + 1)
        p.signer.sign(
            records.RESUME,
            session=past.id, part=past.part + 1, interrupt=interrupt[0], fact=interrupt[1], cause=interrupt[2], from_utc=interrupt[3],
            length_ms=self.length(interrupt), wraps=self._wraps(), content_key_hash=self._digest(), media=p.capture.media(),
            profile=p.objects.profile_hash, prompts=p.objects.prompts_hash, assignment=p.objects.assignment_hash,
            mode=past.mode & records.MODE_KEY_STAGES | self._mode(), check=check,
        )  # fmt: skip
        return interrupt

    def start_capture(self) -> None:
        """From here on everything is recorded; the first sound is when this returns. SensorLost, CardFull, SealingFailed, OSError."""
        p = self._parts
        p.capture.start_sensors()
        now = p.history.session
        p.capture.begin(now.id, now.part, self._content, now.segments, now.frames, now.samples)
        p.capture.turn()  # now, not when the task has its turn: what else a start signs and says takes time
        self._begun.set()

    def length(self, interrupt: tuple) -> int | None:
        """How long it has been interrupted, when that can be known: within one boot by the counter, else by a trusted clock."""
        p = self._parts
        if interrupt[4] == p.signer.boot:
            return p.clock.ms() - interrupt[5]
        now = p.clock.utc_ms()
        return now - interrupt[3] if now is not None and interrupt[3] is not None and now >= interrupt[3] else None

    def interrupt(self, fact: int, cause: int, measured: dict, sealable: bool = True) -> None:
        """Seals what there is (unless the card is gone), signs the interruption, changes the key, forgets the content key."""
        stopped_ms = self._parts.clock.ms()
        self._stop(sealable)
        self._sign_interrupt(fact, cause, measured, stopped_ms)
        self._forget(records.ROTATE_INTERRUPT)

    def _sign_interrupt(self, fact: int, cause: int, measured: dict, stopped_ms: int) -> None:
        p = self._parts
        session = p.history.session
        p.signer.sign(
            records.INTERRUPT,
            session=session.id, part=session.part, fact=fact, cause=cause, measured=measured, at_next_boot=False,
            segments=session.segments, frames=session.frames, samples=session.samples, last_ms=stopped_ms, last_boot=p.signer.boot,
        )  # fmt: skip

    def close(self, fact: int, cause: int) -> None:
        """The officer ended the session."""
        p = self._parts
        session = p.history.session
        if p.capture.running:
            self._stop(True)
        p.signer.sign(
            records.SESSION_CLOSE,
            session=session.id, parts=session.part + 1, segments=session.segments, frames=session.frames, samples=session.samples,
            fact=fact, cause=cause,
        )  # fmt: skip
        self._forget(records.ROTATE_CLOSE)

    def check(self) -> list:
        """The silent check: [item, passed, value]. What failed is signed, and recording begins all the same where it can."""
        p = self._parts
        mv = p.battery.mv
        free = p.cards.free(p.history.oldest_slot)
        flash = p.flash_free()
        return [
            [CHECK_BATTERY, mv is not None and not p.battery.empty, mv],
            [CHECK_STORAGE, free > 1, free],
            [CHECK_CLOCK, p.clock.utc_ms() is not None, None],
            [CHECK_RECIPIENTS, len(p.trust.recipients()) >= 2, len(p.trust.recipients())],
            [CHECK_FLASH, flash > p.board.FLASH_FREE_STOP_BYTES, flash],
            [CHECK_ASSIGNED, p.objects.assignment_hash is not None, None],
        ] + ([] if p.self_test.level is None else [[CHECK_SOUND, not p.self_test.deaf, p.self_test.level]])

    def _begin(self, session: bytes, part: int) -> list:
        p = self._parts
        check = self.check()
        self._demand(check)
        if ENCRYPTED:
            self._content = ContentKey(p.random, session, part, p.trust.recipients())
        return check

    def can_begin(self) -> bool:
        """Whether recording could begin now, as far as the silent check can tell."""
        try:
            self._demand(self.check())
        except StartRefused:
            return False
        return True

    def _demand(self, check: list) -> None:
        p = self._parts
        if p.objects.profile is None or p.objects.prompts is None:
            raise StartRefused("no profile or no prompts")
        if not p.cards.ready or not check[1][1] or not check[4][1] or p.battery.empty:
            raise StartRefused("no room or no power")
        if ENCRYPTED and not check[3][1]:
            raise StartRefused("no recipients")

    def _wraps(self):
        return self._content.wraps if self._content else None

    def _digest(self):
        return self._content.digest if self._content else None

    def _mode(self) -> int:
        mode = 0 if ENCRYPTED else records.MODE_UNENCRYPTED
        return mode if self._parts.board.camera else mode | records.MODE_AUDIO_ONLY

    async def run(self) -> None:
        """The task that records, forever, whenever there is something to record."""
        while True:
            await self._begun.wait()
            self._begun.clear()
            await self._record()

    async def _record(self) -> None:
        error: Exception | None = SealingFailed(0)  # for what nobody foresaw: the supervisor signs that, and recording is not on
        try:
            await self._parts.capture.run()
            error = None
        except (CardFull, SensorLost, SealingFailed, OSError) as known:
            error = known
        finally:
            if error is not None:
                self._failed(error)

    def _stop(self, sealable: bool) -> None:
        """Ends capture. What could not be sealed and yet lies on the card is signed as found."""
        p = self._parts
        sealed = False
        if sealable:
            try:
                p.capture.end()
                sealed = True
            except (OSError, SealingFailed) as error:  # card or flash went bad at the last moment
                p.board.trace("not-sealed", str(error))
        p.capture.drop()
        if not sealed:
            try:
                recovery.sign_tail(p.cards, p.history, p.signer)
            except OSError as error:  # not readable either; the next boot looks again
                p.board.trace("no-tail", str(error))

    def _forget(self, why: int) -> None:
        self.drop_key()
        p = self._parts
        try:
            p.signer.rotate(why)
            p.faults.over(faults.KEYSTORE)
        except (OSError, KeystoreError) as error:
            p.faults.seen(faults.KEYSTORE, 0, error, p.clock.ms())
        self._spent = True

    def scrub(self) -> None:
        """Overwrites what the heap holds of a part that has ended. Call it with little on the stack: what still lies there is not found."""
        if self._spent and not self._parts.capture.running:
            self._spent = False
            scrub()

    def drop_key(self) -> None:
        """Forgets the content key."""
        if self._content is not None:
            self._content.erase()
            self._content = None
