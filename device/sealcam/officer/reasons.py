# SPDX-License-Identifier: Apache-2.0
"""Reasons of interruptions: spoken on resuming, in the officer's own words, and chosen by ear. What is not answered is signed as that."""

from sealcam.officer import choices, machine, menu, words
from sealcam.sound import speech, voice
from sealproto import clips, codes, records


class Reasons:
    """`asked`: the interrupt (its sequence number) whose reason the officer owes, or None; each ends in a reason-note or in the session's
    end. `after_stop`: it is asked because he pressed stop. `ended`: he answered that the activity has ended.
    """

    def __init__(self, recorder) -> None:
        self.r = recorder
        self.p = recorder.parts
        self.asked: int | None = None
        self.after_stop = False
        self.ended = False

    def say(self, interrupt: tuple) -> None:
        """Into the recording that goes on: cause or fact, times and length as far as they are known. It accuses nobody."""
        seq, fact, cause, utc, _, _ = interrupt
        p = self.p
        offset = p.objects.profile["tz_minutes"] * 60_000
        now = p.clock.utc_ms()
        known = utc is not None and now is not None
        spoken = codes.CAUSE_NOT_STATED if cause in choices.ACCUSING else cause
        sentence = speech.resume_reason(
            fact, spoken, utc + offset if known else None, now + offset if known else None, p.sessions.length(interrupt), now is not None
        )
        self.after_stop = False
        self.asked = seq if cause == codes.CAUSE_NOT_STATED else None
        then = self._listen if spoken == codes.CAUSE_NOT_STATED else None
        self.r.telling.say_signed(sentence, codes.OCCASION_INTERRUPTION_REASON, records.ZERO_HASH, then)

    def _listen(self, utterance) -> None:
        if self.p.capture.running:
            self.r.speak(words.Words(words.REASON, self.p.clock.ms(), self.p.capture.samples))

    def spoken(self, span: words.Words) -> None:
        """The officer's words are a signed span now; then the cause may be chosen, unless he chose it when he stopped."""
        samples = self.p.capture.samples - span.first_sample
        self.r.marking.mark(codes.MARK_REASON_SPOKEN, span.first_sample, samples)
        if self.asked is None:
            return
        self.note(self.asked, codes.CAUSE_NOT_STATED, codes.STATED_BY_OFFICER_VOICE, span.first_sample, samples)
        if not self.r.part_ending:
            self._open_menu(choices.causes(self.p.objects.profile), menu.LIMIT_MS, [])

    def explained(self, span: words.Words) -> None:
        """Why a start was urgent."""
        self.r.marking.mark(codes.MARK_REASON_SPOKEN, span.first_sample, self.p.capture.samples - span.first_sample)

    def ask_after_stop(self, said: list) -> None:
        """Stopping acted at once; now the reason. `said`: what is spoken before the question. At the dock nobody is there to answer."""
        r = self.r
        self.asked = self.p.history.session.interrupt[0]
        self.after_stop = True
        if r.docked:
            self.p.voice.say(said, voice.ANSWER)
            return r.post_first(machine.DOCKED)
        causes = choices.stop_causes(self.p.objects.profile, r.key_stages, r.relaying.handed_over)
        self._open_menu(causes, menu.REASON_LIMIT_MS, said)

    def _open_menu(self, causes: bytes, limit_ms: int, said: list) -> None:
        now = self.p.clock.ms()
        self.r.menu = opened = menu.Menu(menu.REASONS, clips.MENU_REASON, clips.CAUSE_BASE, causes, now, limit_ms)
        self.p.voice.say(said + speech.menu(opened.name, opened.next(now)), voice.ANSWER)

    def do_reason_menu(self) -> None:
        """The officer wants to state a reason, or another, for the interruption that lasts."""
        session = self.p.history.session
        if session is not None and session.interrupt is not None:
            self.asked = session.interrupt[0]
            self._open_menu(choices.causes(self.p.objects.profile), menu.REASON_LIMIT_MS, [])

    def do_ask_end(self) -> None:
        """The session that was interrupted is over."""
        self.ended = True
        self.r.post_first(machine.ACTIVITY_ENDED)

    def chosen(self, cause: int) -> None:
        if self.asked is None:
            return
        if cause == codes.CAUSE_ENFORCEMENT_ENDED:
            return self.do_ask_end()
        self.after_stop = False
        self.note(self.asked, cause, codes.STATED_BY_OFFICER_MENU, None, None)
        self.asked = None
        self.p.voice.say([clips.CONFIRMED, clips.FULL_STOP], voice.ANSWER)

    def unanswered(self) -> None:
        """It was asked and not answered: that is signed too."""
        asked, self.asked = self.asked, None
        self.after_stop = False
        if asked is not None:
            self.note(asked, codes.CAUSE_NOT_STATED, codes.STATED_BY_DEVICE, None, None)

    def note(self, interrupt: int, cause: int, stated_by: int, first: int | None, samples: int | None) -> None:
        session = self.p.history.session
        self.p.signer.sign(
            records.REASON_NOTE,
            session=session.id, part=session.part, interrupt=interrupt, cause=cause, stated_by=stated_by, first_sample=first,
            samples=samples,
        )  # fmt: skip
