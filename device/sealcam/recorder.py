# SPDX-License-Identifier: Apache-2.0
"""The recorder: carries out what the state machine decides. Events come in through `post` and are worked off one at a time."""

import asyncio

from sealcam import machine, reason, speech, voice
from sealcam.capture import SealingFailed, SensorLost
from sealcam.cardstore import CardForeign, CardFull
from sealcam.session import StartRefused
from sealproto import clips, codes, records
from sealproto.profile_keys import CHECK_BATTERY, CHECK_CLOCK, CHECK_STORAGE
from sealproto.profile_keys import order as announcement_order

_MENU_CAUSES_OTHER = codes.CAUSE_OTHER_OBJECTIVE
_CHECK_CLIPS = {CHECK_BATTERY: clips.PART_BATTERY, CHECK_STORAGE: clips.PART_CARD, CHECK_CLOCK: clips.PART_CLOCK}


class Recorder:
    """`parts` has everything by name (sealcam.parts.Parts)."""

    def __init__(self, parts, state: int) -> None:
        self.parts = parts
        self.machine = machine.Machine(state)
        self.confirmed = asyncio.Event()
        self.warned = False
        self._events: list[int] = []
        self._news = asyncio.Event()
        self._accounts: list = []
        self._reason: reason.Reason | None = None
        self._failure = 0

    def post(self, event: int) -> None:
        """Something happened; it is worked off in its turn."""
        self._events.append(event)
        self._news.set()

    async def run(self) -> None:
        """The task that acts, forever."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._events:
                await self._step(self._events.pop(0))

    async def _step(self, event: int) -> None:
        before = self.machine.state
        for action in self.machine.step(event):
            await getattr(self, "do_" + action)()
        self.parts.board.trace("event", machine.EVENTS[event], machine.STATES[before], machine.STATES[self.machine.state])

    # --- starting -----------------------------------------------------------------------------------------------------

    async def do_open_session(self) -> None:
        p = self.parts
        announce = p.objects.profile["announce"] if p.objects.profile else None
        if announce is None:
            return await self._start_failed("no profile")
        order = announcement_order(announce, 0)
        try:
            await p.sessions.open(None, order)
        except (StartRefused, SensorLost, OSError) as error:
            return await self._start_failed(str(error))
        if order in (codes.ORDER_ANNOUNCE_THEN_RECORD, codes.ORDER_ANNOUNCE_RECORD_REPEAT):
            p.capture.stop_sensors()  # nobody is recorded before being told
            await self._announce(codes.OCCASION_FIRST).done.wait()
        self._capture()
        if order in (codes.ORDER_RECORD_FIRST, codes.ORDER_ANNOUNCE_RECORD_REPEAT):
            self._announce(codes.OCCASION_FIRST if order == codes.ORDER_RECORD_FIRST else codes.OCCASION_REPEAT)
        p.board.vibrator.buzz(120)

    async def do_resume(self) -> None:
        p = self.parts
        try:
            interrupt = await p.sessions.resume()
        except (StartRefused, SensorLost, OSError) as error:
            return await self._start_failed(str(error))
        self._capture()
        if p.objects.profile["announce"]["on_resume"]:
            self._announce(codes.OCCASION_RESUME)
        self._say_reason(interrupt)
        p.board.vibrator.buzz(120)

    def _capture(self) -> None:
        try:
            self.parts.sessions.start_capture()
        except (CardFull, SensorLost, OSError) as error:
            self.failed(error)

    async def _start_failed(self, why: str) -> None:
        self.parts.board.trace("refused", why)
        self.parts.capture.drop()
        open_still = self.parts.history.session is not None  # a session that cannot go on now stays interrupted
        self._events.insert(0, machine.RESUME_FAILED if open_still else machine.START_FAILED)
        self._news.set()

    def failed(self, error: Exception) -> None:
        """Capture ended by itself: say to the machine why."""
        p = self.parts
        p.board.trace("capture-failed", str(error))
        self._failure = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        if isinstance(error, CardFull):
            self.post(machine.SLOTS_OUT)
        elif isinstance(error, SensorLost):
            self.post(machine.SENSOR_LOST)
        elif isinstance(error, SealingFailed):
            self.post(machine.SEALING_FAILED)
        elif not p.board.card.present():
            self.post(machine.CARD_REMOVED)
        else:
            self.post(machine.CARD_FAILING)

    # --- speaking, and signing what was said ------------------------------------------------------------------------------

    def _announce(self, occasion: int) -> voice.Utterance:
        wording = self.parts.objects.profile["announce"]["wording_hash"]
        return self._say_signed([clips.ANNOUNCEMENT], occasion, wording)

    def _say_signed(self, sentence: list, occasion: int, wording: bytes) -> voice.Utterance:
        utterance = self.parts.voice.say(sentence, voice.DUTY)
        session = self.parts.history.session
        self._accounts.append(asyncio.create_task(self._account(utterance, occasion, wording, session.id, session.part)))
        return utterance

    async def _account(self, utterance, occasion: int, wording: bytes, session: bytes, part: int) -> None:
        await utterance.done.wait()
        self.parts.signer.sign(
            records.ANNOUNCE,
            session=session, part=part, occasion=occasion, wording=wording, clips=utterance.clips, start_ms=utterance.start_ms,
            end_ms=utterance.end_ms, first_sample=utterance.first_sample, samples=utterance.samples, volume=100,
            means=codes.MEANS_DEVICE, complete=utterance.complete,
        )  # fmt: skip

    async def _settle(self) -> None:
        """Cuts speech short and signs what of it was said, before the records that end a part."""
        self.parts.voice.hush()
        accounts, self._accounts = self._accounts, []
        for task in accounts:
            await task

    def _say_reason(self, interrupt: tuple) -> None:
        seq, fact, cause, utc, _, _ = interrupt
        p = self.parts
        offset = p.objects.profile["tz_minutes"] * 60_000
        now = p.clock.utc_ms()
        known = utc is not None and now is not None
        sentence = speech.resume_reason(
            fact, cause, utc + offset if known else None, now + offset if known else None, p.sessions.length(interrupt), now is not None
        )
        utterance = self._say_signed(sentence, codes.OCCASION_INTERRUPTION_REASON, records.ZERO_HASH)
        if cause == codes.CAUSE_NOT_STATED:
            self._reason = reason.Reason(seq, self._causes())
            self._accounts.append(asyncio.create_task(self._listen(utterance, self._reason)))

    def _causes(self) -> list:
        interruption = self.parts.objects.profile["interruption"]
        causes = [row[0] for row in interruption["causes"]]
        return causes + [_MENU_CAUSES_OTHER] if interruption["open"] else causes

    async def _listen(self, utterance, asked: reason.Reason) -> None:
        await utterance.done.wait()
        if utterance.complete and self._reason is asked:
            asked.begin_speaking(self.parts.clock.ms(), self.parts.capture.samples)
            self.parts.board.vibrator.buzz(60)

    # --- buttons while recording ----------------------------------------------------------------------------------------------

    async def do_mark(self) -> None:
        if self._reason and self._reason.state == reason.SPEAKING:
            self._end_speaking()
        elif self._reason and self._reason.state == reason.CHOOSING:
            self._choose()
        else:
            self._mark(codes.MARK_OTHER_IMPORTANT)

    async def do_mark_objection(self) -> None:
        self._mark(codes.MARK_OBJECTION)

    async def do_menu(self) -> None:
        if self._reason and self._reason.state == reason.CHOOSING:
            cause = self._reason.next(self.parts.clock.ms())
            self.parts.voice.say([clips.CAUSE_BASE + cause], voice.WARNING)
        else:
            self._announce(codes.OCCASION_ON_REQUEST)

    async def do_announce_again(self) -> None:
        self._announce(codes.OCCASION_REPEAT)

    def _mark(self, code: int, first: int | None = None, samples: int | None = None) -> None:
        p = self.parts
        session = p.history.session
        p.signer.sign(
            records.MARK,
            session=session.id, part=session.part, code=code, first_sample=p.capture.samples if first is None else first,
            samples=samples, at_ms=p.clock.ms(),
        )  # fmt: skip
        p.board.vibrator.buzz(60)

    def _end_speaking(self) -> None:
        """The officer's words become a signed span; then the cause may be chosen."""
        asked = self._reason
        samples = self.parts.capture.samples - asked.first_sample
        self._mark(codes.MARK_REASON_SPOKEN, asked.first_sample, samples)
        self._note(asked, codes.CAUSE_NOT_STATED, codes.STATED_BY_OFFICER_VOICE, samples)
        now = self.parts.clock.ms()
        asked.begin_choosing(now)
        if asked.state == reason.CHOOSING:
            self.parts.voice.say(speech.menu(clips.MENU_REASON, clips.CAUSE_BASE + asked.next(now)), voice.WARNING)

    def _choose(self) -> None:
        cause = self._reason.choose()
        if cause is not None:
            self._note(self._reason, cause, codes.STATED_BY_OFFICER_MENU, None)
            self.parts.voice.say([clips.CONFIRMED], voice.WARNING)
            self._reason = None

    def _note(self, asked: reason.Reason, cause: int, stated_by: int, samples: int | None) -> None:
        session = self.parts.history.session
        self.parts.signer.sign(
            records.REASON_NOTE,
            session=session.id, part=session.part, interrupt=asked.interrupt, cause=cause, stated_by=stated_by,
            first_sample=None if samples is None else asked.first_sample, samples=samples,
        )  # fmt: skip

    def tick(self) -> None:
        """Twice a second: what ends by itself."""
        asked = self._reason
        if asked and asked.overdue(self.parts.clock.ms()) and self.machine.state == machine.RECORDING:
            if asked.state == reason.SPEAKING:
                self._end_speaking()
            else:  # the cause stays not stated, as signed already
                self._reason = None

    # --- stopping -----------------------------------------------------------------------------------------------------------------

    async def do_close_session(self) -> None:
        await self._end_part()
        self.parts.sessions.close(codes.FACT_STOP_PRESSED, codes.CAUSE_ENFORCEMENT_ENDED)
        self.parts.voice.say([clips.RECORDING_STOPPED])
        self.parts.board.vibrator.buzz(300)

    async def do_abandon_session(self) -> None:
        """The officer will not go on with an interrupted session."""
        self.parts.sessions.close(codes.FACT_STOP_PRESSED, codes.CAUSE_NOT_STATED)
        self.parts.voice.say([clips.RECORDING_STOPPED])

    async def _end_part(self) -> None:
        asked = self._reason
        if asked and asked.state == reason.SPEAKING:
            self._end_speaking()
        self._reason = None
        await self._settle()

    async def _interrupt(self, fact: int, measured: dict, sealable: bool = True) -> None:
        await self._end_part()
        p = self.parts
        p.sessions.interrupt(fact, p.proves(fact), measured, sealable)
        p.board.vibrator.buzz(600)
        p.board.trace("interrupted", fact)

    async def do_interrupt_battery(self) -> None:
        await self._interrupt(codes.FACT_VOLTAGE_BELOW, {records.MEASURED_MV: self.parts.battery.mv})
        self.parts.voice.say(speech.low_battery(), voice.WARNING)

    async def do_interrupt_slots(self) -> None:
        free = self.parts.cards.free(self.parts.history.oldest_slot)
        await self._interrupt(codes.FACT_SLOTS_EXHAUSTED, {records.MEASURED_FREE_SLOTS: free})
        self.parts.voice.say([clips.STORAGE_LOW], voice.WARNING)

    async def do_interrupt_card_removed(self) -> None:
        await self._interrupt(codes.FACT_CARD_REMOVED, {}, False)

    async def do_interrupt_card_failing(self) -> None:
        await self._interrupt(codes.FACT_CARD_FAILING, {records.MEASURED_ERROR: self._failure}, False)

    async def do_interrupt_sensor(self) -> None:
        await self._interrupt(codes.FACT_SENSOR_LOST, {})

    async def do_interrupt_heat(self) -> None:
        await self._interrupt(codes.FACT_OVER_TEMPERATURE, {records.MEASURED_CELSIUS: self.parts.board.battery.temperature()})

    async def do_interrupt_sealing(self) -> None:
        await self._interrupt(codes.FACT_SEALING_FAILED, {records.MEASURED_ERROR: self._failure}, False)

    # --- the rest -------------------------------------------------------------------------------------------------------------------

    async def do_warn_quietly(self) -> None:
        self.warned = True
        self.parts.board.vibrator.buzz(400)

    async def do_warn_battery(self) -> None:
        self.warned = True
        self.parts.voice.say(speech.low_battery(), voice.WARNING)

    async def do_forecast(self) -> None:
        p = self.parts
        self.parts.voice.say(speech.forecast(p.left_ms(), p.battery.percent()))

    async def do_preflight(self) -> None:
        self._preflight(codes.OCCASION_ON_REQUEST)

    async def do_check_out(self) -> None:
        self.parts.voice.say([clips.CHECKED_OUT])
        self._preflight(codes.OCCASION_PREFLIGHT)

    def _preflight(self, occasion: int) -> None:
        p = self.parts
        check = p.sessions.check()
        p.signer.sign(records.PREFLIGHT, items=check, occasion=occasion)
        spoken = [(_CHECK_CLIPS[item[0]], item[1]) for item in check if item[0] in _CHECK_CLIPS]
        p.voice.say(speech.preflight(p.battery.percent(), p.left_ms(), spoken, p.docked_days()), voice.WARNING)

    async def do_open_card(self) -> None:
        try:
            self.parts.open_card()
        except (CardForeign, OSError) as error:
            self.parts.board.trace("card", str(error))

    async def do_refuse(self) -> None:
        self.parts.board.vibrator.buzz(800)
        self.parts.voice.say(speech.cannot_record(), voice.WARNING)

    async def do_latch(self) -> None:
        if self.parts.capture and self.parts.capture.running:
            self.parts.capture.drop()
        self.parts.sessions.drop_key()
        await self.do_refuse()

    async def do_offer_enrolment(self) -> None:
        self.parts.board.vibrator.buzz(200)

    async def do_confirm_enrolment(self) -> None:
        self.confirmed.set()

    async def do_end_enrolment(self) -> None:
        self.confirmed.clear()

    async def do_welcome(self) -> None:
        self.parts.voice.say([clips.ENROLLED])
