# SPDX-License-Identifier: Apache-2.0
"""No-record entries: why nothing is or was recorded, by what rule, begun now or ended already. In between it may stay untouched."""

from sealcam.officer import choices, machine, menu
from sealcam.sound import voice
from sealproto import clips, codes, records
from sealproto.profile_keys import WRITING_NOTE_IN_DOCUMENT, WRITING_STATEMENT_AFTER, WRITING_WORK_RECORD

_WRITINGS = {
    WRITING_STATEMENT_AFTER: clips.WRITE_STATEMENT,
    WRITING_NOTE_IN_DOCUMENT: clips.WRITE_NOTE,
    WRITING_WORK_RECORD: clips.WRITE_WORK_RECORD,
}
_MOMENTS = (clips.ITEM_BEGINS, clips.ITEM_HAS_ENDED)


class Absences:
    def __init__(self, recorder) -> None:
        self.r = recorder
        self.p = recorder.parts
        self._reason = 0

    def do_no_record_menu(self) -> None:
        profile = self.p.objects.profile
        if profile is None:
            return
        found = choices.no_record(profile, self.r.machine.state == machine.WITHDRAWN)
        self.r.choosing.open(menu.NO_RECORD, clips.MENU_NO_RECORD, clips.REASON_BASE, found)

    def reason_chosen(self, reason: int) -> None:
        self._reason = reason
        self.r.choosing.open(menu.MOMENT, clips.MENU_MOMENT, 0, _MOMENTS)

    def moment_chosen(self, item: int) -> None:
        ended = item == clips.ITEM_HAS_ENDED
        self._sign(self._reason, records.NO_RECORD_ENDED if ended else records.NO_RECORD_BEGINS, None)
        self._say(self._reason)

    def do_no_record_ends(self) -> None:
        """The end of what an earlier entry began."""
        absent = self.p.history.absent
        if absent is not None:
            self._sign(absent[0], records.NO_RECORD_ENDED, absent[1])
            self.p.voice.say([clips.NOTED, clips.FULL_STOP], voice.ANSWER)

    def do_cannot_continue(self) -> None:
        """A session that was interrupted cannot go on: signed, and to whom the profile has it reported."""
        self._sign(codes.REASON_CANNOT_CONTINUE, records.NO_RECORD_BEGINS, None)
        self.p.voice.say([clips.CANNOT_CONTINUE, clips.FULL_STOP], voice.ANSWER)

    def _sign(self, reason: int, moment: int, start: int | None) -> None:
        p = self.p
        now = p.clock.utc_ms()
        session = p.history.session
        row = self._row(reason)
        begins = moment == records.NO_RECORD_BEGINS
        p.signer.sign(
            records.NO_RECORD,
            reason=reason, basis=row[5] if row else None, start_utc=now if begins else start, end_utc=None if begins else now,
            session=session.id if session else None, activity=self.r.marking.activity, moment=moment,
        )  # fmt: skip
        p.board.vibrator.buzz(60)

    def _row(self, reason: int) -> list | None:
        for row in self.p.objects.profile["no_record"]["rows"]:
            if row[0] == reason:
                return row
        return None

    def _say(self, reason: int) -> None:
        """Noted; and what is owed for it."""
        row = self._row(reason)
        sentence = [clips.NOTED, clips.FULL_STOP]
        if row and row[3]:
            sentence += [clips.REPORT_TO_BASE + row[3], clips.FULL_STOP]
        if row and row[4] in _WRITINGS:
            sentence += [_WRITINGS[row[4]], clips.FULL_STOP]
        self.p.voice.say(sentence, voice.ANSWER)
