# SPDX-License-Identifier: Apache-2.0
"""Telling people that they are recorded: the recorder's announcement where its words are true, else the officer's own voice."""

from sealcam.officer import machine, words
from sealcam.sound import voice
from sealproto import clips, codes, records
from sealproto.profile_keys import CLAIM_VIDEO, CLAIM_WHOLE_PROCESS
from sealproto.profile_keys import order as announcement_order

_PRIOR = (codes.ORDER_ANNOUNCE_THEN_RECORD, codes.ORDER_ANNOUNCE_RECORD_REPEAT)
_VOLUME = 100
_CUE_MS = 600_000  # so long after the last announcement the officer is reminded, by a buzz, of those who may have come since


class Telling:
    """`told`: people were told in this session, by whatever voice."""

    def __init__(self, recorder) -> None:
        self.r = recorder
        self.p = recorder.parts
        self.told = False
        self._cue_ms: int | None = None  # when the next reminder is due
        self._before: tuple | None = None  # what was told before the session was open: (means, utterance)

    # --- what the profile asks for ----------------------------------------------------------------------------------

    def order(self) -> int:
        """codes.ORDER_* for the activity that the officer chose, or for none."""
        profile = self.p.objects.profile
        return announcement_order(profile["announce"], self.r.marking.activity or 0) if profile else codes.ORDER_RECORD_FIRST

    def comes_first(self) -> bool:
        return self.order() in _PRIOR

    def due(self, order: int) -> int | None:
        """The occasion of the announcement that a session's first part must hold, or None."""
        if self.r.relaying.taking_over and self.p.objects.profile["announce"]["on_relay_in"]:
            return codes.OCCASION_RELAY_IN
        if order == codes.ORDER_RECORD_FIRST:
            return codes.OCCASION_FIRST
        if order == codes.ORDER_ANNOUNCE_RECORD_REPEAT:
            return codes.OCCASION_REPEAT
        return None

    def truthful(self) -> bool:
        """Whether the words claim no more than is recorded. Prescribed words are never altered: then the officer tells in his own."""
        claims = self.p.objects.profile["announce"]["claims"]
        if CLAIM_VIDEO in claims and self.p.board.camera is None:
            return False
        return not (CLAIM_WHOLE_PROCESS in claims and self.r.key_stages)

    def _playable(self) -> bool:
        return self.truthful() and self.p.fit_to_announce()

    # --- before the session -----------------------------------------------------------------------------------------

    def do_tell_first(self) -> None:
        """No sensor is on. The press is signed with what the silent check found; the session opens when it has been told."""
        self._before = None
        self.p.signer.sign(records.PREFLIGHT, items=self.p.sessions.check(), occasion=codes.OCCASION_FIRST)
        if self._playable():
            self.p.voice.say([clips.ANNOUNCEMENT], voice.DUTY, self._told_first)
        else:
            self.p.voice.say([clips.ANNOUNCE_YOURSELF, clips.FULL_STOP], voice.DUTY, self._ask_first)
        self.p.board.vibrator.buzz(60)

    def _told_first(self, utterance) -> None:
        self._before = (codes.MEANS_DEVICE, utterance)
        self.r.post(machine.TOLD)

    def _ask_first(self, utterance) -> None:
        self._before = (codes.MEANS_OFFICER_VOICE, utterance)
        if self.r.machine.state == machine.TELLING:
            self.r.speak(words.Words(words.ANNOUNCEMENT, self.p.clock.ms(), None))

    def do_end_telling(self) -> None:
        """The officer has told, or had time to."""
        self.r.words = None
        if self._before:
            self._before[1].end_ms = self.p.clock.ms()
            self._before[1].complete = True

    def do_cancel_start(self) -> None:
        self.p.voice.hush()
        self.r.words = None
        self.r.relaying.taking_over = False
        self.sign_before()
        self.p.voice.say([clips.CANCELLED, clips.FULL_STOP], voice.ANSWER)

    def hurry(self) -> None:
        """An urgent start: what is being told is cut short, and told while recording."""
        self.p.voice.hush()
        self.r.words = None

    def sign_before(self) -> bool:
        """Signs what was told before the session, now that there is one, or that there will be none. Whether it was told whole."""
        before, self._before = self._before, None
        if before is None:
            return False
        means, utterance = before
        session = self.p.history.session
        self._sign(utterance, codes.OCCASION_FIRST, means, session.id if session else None, 0)
        self.told = self.told or utterance.complete
        return utterance.complete

    # --- while recording --------------------------------------------------------------------------------------------

    def announce(self, occasion: int) -> None:
        self._cue_ms = None
        if self._playable():
            self.say_signed([clips.ANNOUNCEMENT], occasion, self.p.objects.profile["announce"]["wording_hash"], self._announced)
        else:
            self._sign_refused(occasion)
            self._ask_officer()

    def say_signed(self, sentence: list, occasion: int, wording: bytes, then=None) -> None:
        """Speaks into the recording; what was really played is signed when it is over, whole or not."""
        session = self.p.history.session
        sid, part = session.id, session.part

        def over(utterance) -> None:
            self._sign(utterance, occasion, codes.MEANS_DEVICE, sid, part, wording)
            if then and not self.r.part_ending:
                then(utterance)

        self.p.voice.say(sentence, voice.DUTY, over)

    def _announced(self, utterance) -> None:
        if utterance.complete:
            self.told = True
        elif self.r.machine.state == machine.RECORDING:  # speaker or prompts failed: the officer's own voice counts
            self._ask_officer()

    def _ask_officer(self) -> None:
        self.p.board.vibrator.buzz(800)
        self.p.voice.say([clips.ANNOUNCE_YOURSELF, clips.FULL_STOP], voice.DUTY, self._listen)

    def _listen(self, utterance) -> None:
        if self.r.machine.state == machine.RECORDING and not self.r.part_ending:
            self.r.speak(words.Words(words.ANNOUNCEMENT, self.p.clock.ms(), self.p.capture.samples))

    def officer_told(self, span: words.Words) -> None:
        """The officer's own announcement is over: a marked span."""
        self.told = True
        self.r.marking.mark(codes.MARK_ANNOUNCED_BY_OFFICER, span.first_sample, self.p.capture.samples - span.first_sample)

    def do_announce_again(self) -> None:
        self.announce(codes.OCCASION_REPEAT)

    def tick(self) -> None:
        """Twice a second: where the profile wants newcomers told too, the recorder says so without a sound."""
        if self.r.machine.state != machine.RECORDING or not self.p.objects.profile["announce"]["cue"]:
            self._cue_ms = None
            return
        now = self.p.clock.ms()
        if self._cue_ms is None:
            self._cue_ms = now + _CUE_MS
        elif now >= self._cue_ms:
            self._cue_ms = now + _CUE_MS
            self.p.board.vibrator.buzz(150)

    def do_own_voice(self) -> None:
        self.p.board.vibrator.buzz(60)
        self._listen(None)

    def do_persons_joined(self) -> None:
        """Those who came later are told too, where the profile wants it; else the officer is reminded that he may."""
        self.r.marking.mark(codes.MARK_PERSONS_JOINED)
        if self.p.objects.profile["announce"]["cue"]:
            self.announce(codes.OCCASION_REPEAT)
        else:
            self.p.voice.say([clips.CUE_NEW_PERSONS, clips.FULL_STOP], voice.ANSWER)

    def _sign(self, utterance, occasion: int, means: int, session: bytes | None, part: int, wording: bytes | None = None) -> None:
        if wording is None:
            wording = self.p.objects.profile["announce"]["wording_hash"] if means == codes.MEANS_DEVICE else records.ZERO_HASH
        self.p.signer.sign(
            records.ANNOUNCE,
            session=session, part=part, occasion=occasion, wording=wording, clips=utterance.clips, start_ms=utterance.start_ms,
            end_ms=utterance.end_ms, first_sample=utterance.first_sample, samples=utterance.samples, volume=_VOLUME,
            means=means, complete=utterance.complete,
        )  # fmt: skip

    def _sign_refused(self, occasion: int) -> None:
        """An announcement was due that this recorder may not or cannot play: no clips, not complete, the officer is asked."""
        session = self.p.history.session
        now = self.p.clock.ms()
        self.p.signer.sign(
            records.ANNOUNCE,
            session=session.id, part=session.part, occasion=occasion, wording=records.ZERO_HASH, clips=[], start_ms=now, end_ms=now,
            first_sample=self.p.capture.samples, samples=0, volume=0, means=codes.MEANS_OFFICER_VOICE, complete=False,
        )  # fmt: skip
