# SPDX-License-Identifier: Apache-2.0
"""Ends of parts and sessions: a stop acts at once and its reason is asked afterwards; what a part still owes is signed before it ends."""

from sealcam import faults
from sealcam.media.cardstore import NO_SPACE
from sealcam.sound import speech, voice
from sealproto import clips, codes, records
from sealproto.profile_keys import SAME_PLACE_FORBIDDEN


class Stopping:
    def __init__(self, recorder) -> None:
        self.r = recorder
        self.p = recorder.parts

    def do_stop(self) -> None:
        self._interrupt(codes.FACT_STOP_PRESSED, {}, True, 300)
        forbidden = self.p.objects.profile["place"]["same_place"] == SAME_PLACE_FORBIDDEN
        self.r.reasons.ask_after_stop(speech.sentence(clips.SAME_PLACE_STOP if forbidden else clips.RECORDING_STOPPED))

    def do_end_session(self) -> None:
        """The activity has ended, as the officer said; or he gives up a session that was interrupted."""
        ended = self.r.reasons.ended
        self.r.reasons.ended = False
        self._close(codes.CAUSE_ENFORCEMENT_ENDED if ended else codes.CAUSE_NOT_STATED)
        self.p.voice.say([clips.CONFIRMED, clips.FULL_STOP], voice.ANSWER)

    def do_end_unanswered(self) -> None:
        self._close(codes.CAUSE_NOT_STATED)

    def _close(self, cause: int) -> None:
        r = self.r
        if not (r.reasons.after_stop and cause == codes.CAUSE_ENFORCEMENT_ENDED):  # else the close itself holds the answer
            r.reasons.unanswered()
        r.reasons.asked = None
        r.reasons.after_stop = False
        r.menu = None
        self.p.sessions.close(codes.FACT_STOP_PRESSED, cause)
        r.forget_session()

    def end_part(self) -> None:
        """Whatever is being said or asked is settled, and signed, while the part it belongs to is still open."""
        r = self.r
        r.part_ending = True
        try:
            r.end_words()
            r.relaying.end()
            r.reasons.unanswered()
            r.menu = None
            self.p.voice.hush()
        finally:
            r.part_ending = False

    def _interrupt(self, fact: int, measured: dict, sealable: bool, buzz_ms: int = 600) -> None:
        self.end_part()
        p = self.p
        p.sessions.interrupt(fact, p.proves(fact), measured, sealable)
        p.board.vibrator.buzz(buzz_ms)
        p.board.trace("interrupted", fact)

    def do_interrupt_battery(self) -> None:
        self._interrupt(codes.FACT_VOLTAGE_BELOW, {records.MEASURED_MV: self.p.battery.mv}, True)
        self.p.voice.say(speech.low_battery(), voice.WARNING)

    def do_interrupt_slots(self) -> None:
        free = self.p.cards.free(self.p.history.oldest_slot)
        self._interrupt(codes.FACT_SLOTS_EXHAUSTED, {records.MEASURED_FREE_SLOTS: free}, True)
        self.p.voice.say([clips.STORAGE_LOW], voice.WARNING)

    def do_interrupt_flash(self) -> None:
        """There are slots, but no room to sign what goes into them: the error number tells the two apart."""
        free = self.p.cards.free(self.p.history.oldest_slot)
        self._interrupt(codes.FACT_SLOTS_EXHAUSTED, {records.MEASURED_FREE_SLOTS: free, records.MEASURED_ERROR: NO_SPACE}, True)
        self.p.voice.say([clips.STORAGE_LOW], voice.WARNING)

    def do_interrupt_card_removed(self) -> None:
        self._interrupt(codes.FACT_CARD_REMOVED, {}, False)

    def do_interrupt_card_failing(self) -> None:
        self._interrupt(codes.FACT_CARD_FAILING, {records.MEASURED_ERROR: self.r.starting.failure}, False)

    def do_interrupt_sensor(self) -> None:
        self._interrupt(codes.FACT_SENSOR_LOST, {}, True)

    def do_interrupt_heat(self) -> None:
        self._interrupt(codes.FACT_OVER_TEMPERATURE, self._celsius(), True)

    def _celsius(self) -> dict:
        """What is measured now: nothing, when the thermometer has fallen silent since it said that it is too hot."""
        try:
            celsius = self.p.board.battery.temperature()
        except OSError:  # signed by the supervisor, which asks every second
            celsius = None
        return {} if celsius is None else {records.MEASURED_CELSIUS: celsius}

    def do_interrupt_sealing(self) -> None:
        self._interrupt(codes.FACT_SEALING_FAILED, {records.MEASURED_ERROR: self.r.starting.failure}, False)

    def do_withdraw(self) -> None:
        """A fault after which this bureau's recorders may not be used on. It lasts over power cuts, until a new check-out."""
        p = self.p
        interrupt = p.history.session.interrupt
        p.signer.sign(
            records.FAULT, code=faults.OUT_OF_USE, part=interrupt[1], error=self.r.starting.failure or None, healed=False,
        )  # fmt: skip
        self.close_withdrawn()
        p.voice.say(speech.sentence(clips.FAULT_STOP_USE), voice.WARNING)

    def close_withdrawn(self) -> None:
        """The session cannot go on with this recorder."""
        interrupt = self.p.history.session.interrupt
        self.p.sessions.close(interrupt[1], interrupt[2])
        self.r.forget_session()
