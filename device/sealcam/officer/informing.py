# SPDX-License-Identifier: Apache-2.0
"""What the officer is told: forecast, the spoken check, warnings, deadlines; while recording by vibration and light first."""

from sealcam import faults
from sealcam.media.cardstore import CardForeign
from sealcam.sound import speech, voice
from sealproto import clips, codes, records
from sealproto.profile_keys import CHECK_BATTERY, CHECK_CLOCK, CHECK_RECIPIENTS, CHECK_SOUND, CHECK_STORAGE

_CHECK_CLIPS = {
    CHECK_BATTERY: clips.PART_BATTERY,
    CHECK_STORAGE: clips.PART_CARD,
    CHECK_CLOCK: clips.PART_CLOCK,
    CHECK_RECIPIENTS: clips.PART_KEYS,
    CHECK_SOUND: clips.PART_SOUND,
}


class Informing:
    def __init__(self, recorder) -> None:
        self.r = recorder
        self.p = recorder.parts
        self._asked: tuple | None = None  # a full check that waits for the self-test

    def do_warn_quietly(self) -> None:
        self.r.warned = True
        self.p.board.vibrator.buzz(400)

    def do_warn_battery(self) -> None:
        self.r.warned = True
        self.p.voice.say(speech.low_battery(), voice.WARNING)

    def do_forecast(self) -> None:
        self.p.voice.say(speech.forecast(self.p.left_ms(), self.p.battery.percent()), voice.ANSWER)

    def do_preflight(self) -> None:
        self._check([], codes.OCCASION_ON_REQUEST)

    def do_check_out(self) -> None:
        self._check([clips.CHECKED_OUT, clips.FULL_STOP], codes.OCCASION_PREFLIGHT)

    def _check(self, said: list, occasion: int) -> None:
        self._asked = (said, occasion)
        self.p.self_test.begin()

    def tick(self) -> None:
        """Twice a second: the full check is told when the self-test has ended."""
        if self._asked and not self.p.self_test.running:
            asked, self._asked = self._asked, None
            self._preflight(*asked)

    def _preflight(self, said: list, occasion: int) -> None:
        p = self.p
        check = p.sessions.check()
        p.signer.sign(records.PREFLIGHT, items=check, occasion=occasion)
        spoken = [(_CHECK_CLIPS[item[0]], item[1]) for item in check if item[0] in _CHECK_CLIPS]
        if not p.capture.running:  # else recording has begun meanwhile
            p.voice.say(said + speech.preflight(p.battery.percent(), p.left_ms(), spoken, p.docked_days()), voice.WARNING)

    def do_deadline(self) -> None:
        """Asked for: what is still to be stored, and until when."""
        sentence = self.p.deadline()
        self.p.voice.say(sentence or [clips.NO_ENTRY, clips.FULL_STOP], voice.ANSWER)

    def do_remind(self) -> None:
        """By itself: said, and that it was said is signed."""
        sentence = self.p.deadline()
        if sentence:
            self.p.voice.say(sentence, voice.CHATTER, self._reminded)

    def _reminded(self, utterance) -> None:
        self.p.signer.sign(
            records.ANNOUNCE,
            session=None, part=0, occasion=codes.OCCASION_DEADLINE, wording=records.ZERO_HASH, clips=utterance.clips,
            start_ms=utterance.start_ms, end_ms=utterance.end_ms, first_sample=None, samples=None, volume=100,
            means=codes.MEANS_DEVICE, complete=utterance.complete,
        )  # fmt: skip

    # --- enrolment, card, faults --------------------------------------------------------------------------------------

    def do_open_card(self) -> None:
        """A card was put in. The wrong one is told at once, not when recording is to begin."""
        p = self.p
        try:
            p.open_card()
        except (CardForeign, OSError) as error:
            p.faults.seen(faults.CARD, 0, error, p.clock.ms())
            p.board.vibrator.buzz(800)
            p.voice.say(speech.cannot_record(), voice.WARNING)
            return
        p.faults.over(faults.CARD)

    def do_latch(self) -> None:
        if self.p.capture.running:
            self.p.capture.drop()
        self.p.sessions.drop_key()
        self.r.menu = self.r.words = None
        self.r.starting.do_refuse()

    def do_offer_enrolment(self) -> None:
        self.p.board.vibrator.buzz(200)

    def do_confirm_enrolment(self) -> None:
        self.r.confirmed.set()

    def do_end_enrolment(self) -> None:
        self.r.confirmed.clear()

    def do_welcome(self) -> None:
        self.p.voice.say([clips.ENROLLED])
