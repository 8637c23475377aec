# SPDX-License-Identifier: Apache-2.0
"""Starting and resuming: recording never waits, what failed is signed, and what physically cannot begin is refused aloud."""

import gc

from sealcam.media.capture import SealingFailed, SensorLost
from sealcam.media.cardstore import CardFull, CardSwapped
from sealcam.media.session import StartRefused
from sealcam.officer import machine, words
from sealcam.sound import speech, voice
from sealproto import clips, codes, records

_COLLECT_BYTES = 24 * 1024  # of garbage, while a part begins: collecting more often takes longer than all the rest of it


class Starting:
    def __init__(self, recorder) -> None:
        self.r = recorder
        self.p = recorder.parts
        self.failure = 0  # number of the error that ended capture last

    def do_open_session(self) -> None:
        self._open(self.r.telling.order(), 0)

    def do_open_urgent(self) -> None:
        self.r.telling.hurry()
        self._open(codes.ORDER_RECORD_FIRST, records.MODE_URGENT)

    def _open(self, order: int, mode: int) -> None:
        p, r = self.p, self.r
        if r.key_stages:
            mode |= records.MODE_KEY_STAGES
        try:
            _, begun = self._begun(p.sessions.open, r.marking.activity, order, mode)
        except (StartRefused, SensorLost, OSError) as error:
            r.telling.sign_before()
            return self._failed(codes.OCCASION_FIRST, error)
        r.telling.told = False
        told = r.telling.sign_before()
        if not begun:
            return
        occasion = r.telling.due(order)
        if occasion is None and order == codes.ORDER_ANNOUNCE_THEN_RECORD and not told:
            occasion = codes.OCCASION_FIRST  # it was to be told before, and was not
        self._say_at_start(occasion, mode)
        p.board.vibrator.buzz(120)

    def _say_at_start(self, occasion: int | None, mode: int) -> None:
        r = self.r
        if occasion is not None:
            r.telling.announce(occasion)
        if mode & records.MODE_URGENT:
            self.ask_why_urgent()
        if mode & records.MODE_KEY_STAGES:
            self.p.voice.say([clips.KEY_STAGES, clips.FULL_STOP], voice.WARNING)
        if self.p.objects.profile["place"]["say_place"]:
            self.p.voice.say(speech.sentence(clips.SAY_THE_PLACE), voice.WARNING)
        if r.relaying.taking_over:
            r.relaying.take()

    def ask_why_urgent(self) -> None:
        """An urgent start must be explained afterwards: in the officer's own words, as a marked span."""
        self.r.telling.say_signed([clips.URGENT_STARTED, clips.FULL_STOP], codes.OCCASION_OTHER, records.ZERO_HASH, self._listen)

    def _listen(self, utterance) -> None:
        if self.p.capture.running:
            self.r.speak(words.Words(words.URGENT, self.p.clock.ms(), self.p.capture.samples))

    def do_resume(self) -> None:
        p, r = self.p, self.r
        p.voice.hush()
        try:
            interrupt, begun = self._begun(p.sessions.resume)
        except (StartRefused, SensorLost, OSError) as error:
            return self._failed(codes.OCCASION_RESUME, error)
        r.menu = None  # a reason that is owed is asked again, once its sentence was spoken into the recording
        r.key_stages = bool(p.history.session.mode & records.MODE_KEY_STAGES)
        if not begun:
            return
        if p.objects.profile["announce"]["on_resume"]:
            r.telling.announce(codes.OCCASION_RESUME)
        r.reasons.say(interrupt)
        if p.history.session.unexplained:
            self.ask_why_urgent()
        p.board.vibrator.buzz(120)

    def _begun(self, opened, *how) -> tuple:
        """Opens a part and takes its first sound: (what `opened` returned, whether sound is taken). StartRefused, SensorLost, OSError."""
        threshold = gc.threshold()
        if 0 <= threshold < _COLLECT_BYTES:
            gc.threshold(_COLLECT_BYTES)
        try:
            return opened(*how), self._capture()
        finally:
            gc.threshold(threshold)

    def _capture(self) -> bool:
        """Whatever keeps the first sound from being taken, foreseen or not, interrupts the part that was opened."""
        error: Exception | None = SealingFailed(0)
        try:
            self.p.sessions.start_capture()
            error = None
        except (CardFull, SensorLost, SealingFailed, OSError) as known:
            error = known
        finally:
            if error is not None:
                self.failed(error)
        return error is None

    def _failed(self, occasion: int, error: Exception) -> None:
        """What the check found is signed, so that a start that was refused is not as if it had never been tried."""
        self.p.board.trace("refused", str(error))
        self.p.capture.drop()
        self.r.relaying.taking_over = False
        self.p.signer.sign(records.PREFLIGHT, items=self.p.sessions.check(), occasion=occasion)
        if self.p.objects.profile:
            self.p.fit_to_announce()  # prompts that are not there are a fault of their own
        open_still = self.p.history.session is not None  # a session that cannot go on now stays interrupted
        self.r.post_first(machine.RESUME_FAILED if open_still else machine.START_FAILED)

    def failed(self, error: Exception) -> None:
        """Capture ended by itself: say to the machine why."""
        p = self.p
        p.board.trace("capture-failed", str(error))
        self.failure = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        if isinstance(error, CardFull):
            self.r.post(machine.SLOTS_OUT)
        elif isinstance(error, SensorLost):
            self.r.post(machine.SENSOR_LOST)
        elif isinstance(error, SealingFailed):
            self.r.post(machine.SEALING_FAILED)
        elif isinstance(error, CardSwapped):
            self.r.post(machine.CARD_REMOVED)
        else:
            self.r.post(machine.CARD_FAILING if self._card_in() else machine.CARD_REMOVED)

    def _card_in(self) -> bool:
        """A card that was pulled out, or one that is in and fails; where its switch is silent too, the failure is all that was measured."""
        try:
            return self.p.board.card.present()
        except OSError:  # signed by the supervisor, which asks every second
            return True

    def do_refuse(self) -> None:
        self.p.board.vibrator.buzz(800)
        self.p.voice.say(speech.cannot_record(self._cause()), voice.WARNING)

    def _cause(self) -> int | None:
        """What keeps it from recording, where that is room, and there is a voice for it: then a station helps, or another card."""
        p = self.p
        if p.objects.prompts is None:
            return None
        if p.flash_full or (p.cards.ready and p.free_segments(p.flash_free()) <= 1):
            return codes.CAUSE_STORAGE_FULL
        return None

    def do_cannot_resume(self) -> None:
        """Why, and what the profile asks for when recording cannot go on."""
        self.p.board.vibrator.buzz(800)
        self.p.voice.say(speech.sentence(clips.CANNOT_CONTINUE), voice.WARNING)

    def do_refuse_withdrawn(self) -> None:
        self.p.board.vibrator.buzz(800)
        self.p.voice.say(speech.sentence(clips.FAULT_STOP_USE), voice.WARNING)
