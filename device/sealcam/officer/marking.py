# SPDX-License-Identifier: Apache-2.0
"""Marks: the most important by one press, all others by ear; the activity; spans of secrecy; what was reported to whom."""

from sealcam.officer import choices, machine, menu
from sealcam.sound import voice
from sealproto import clips, codes, records
from sealproto.profile_keys import SCOPE_ACTIVITIES


class Marking:
    """`activity`: what the officer chose for the session that is open, or that comes next; None while he chose none."""

    def __init__(self, recorder) -> None:
        self.r = recorder
        self.p = recorder.parts
        self.activity: int | None = None

    def mark(self, code: int, first: int | None = None, samples: int | None = None, role: int | None = None) -> None:
        """A mark at this moment, or over a span of samples. After a session has ended it belongs to the last one."""
        p = self.p
        session = p.history.session or p.history.last_session
        if first is None and p.capture.running:
            first = p.capture.samples
        self._sign(session, code, first, samples, role, None)
        p.board.vibrator.buzz(60)

    def _sign(self, session, code: int, first: int | None, samples: int | None, role: int | None, activity: int | None) -> None:
        more = {} if role is None else {"role": role}
        if activity is not None:
            more["activity"] = activity
        self.p.signer.sign(
            records.MARK,
            session=session.id if session else None, part=session.part if session else 0, code=code, first_sample=first,
            samples=samples, at_ms=self.p.clock.ms(), **more,
        )  # fmt: skip

    def do_mark(self) -> None:
        self.mark(codes.MARK_OTHER_IMPORTANT)

    def do_mark_objection(self) -> None:
        self.mark(codes.MARK_OBJECTION)

    def do_mark_menu(self) -> None:
        self.r.choosing.open(menu.MARKS, clips.MENU_MARK, clips.MARK_BASE, choices.marks(self.p.objects.profile))

    def chosen(self, code: int) -> None:
        """A mark that means more than itself does it; all others are signed as they are."""
        if code == codes.MARK_REPORTED:
            self.do_report_menu()
        elif code == codes.MARK_PERSONS_JOINED:
            self.r.telling.do_persons_joined()
        elif code == codes.MARK_ANNOUNCED_BY_OFFICER:
            self.r.telling.do_own_voice()
        else:
            self.mark(code)
            self.confirm()

    def confirm(self) -> None:
        self.p.voice.say([clips.CONFIRMED, clips.FULL_STOP], voice.ANSWER)

    def do_secret_begins(self) -> None:
        self.mark(codes.MARK_SECRET_BEGINS)
        self.confirm()

    def do_secret_ends(self) -> None:
        self.mark(codes.MARK_SECRET_ENDS)
        self.confirm()

    # --- reports ----------------------------------------------------------------------------------------------------

    def do_report_menu(self) -> None:
        """To whom it was reported; where the profile knows nobody, the mark stands without a role."""
        found = choices.roles(self.p.objects.profile)
        if found:
            self.r.choosing.open(menu.REPORTED, clips.MENU_REPORTED, clips.ROLE_BASE, found)
        else:
            self.reported(None)

    def reported(self, role: int | None) -> None:
        self.mark(codes.MARK_REPORTED, role=role)
        self.p.voice.say([clips.NOTED, clips.FULL_STOP], voice.ANSWER)

    # --- activity ---------------------------------------------------------------------------------------------------

    def do_activity_menu(self) -> None:
        self.r.choosing.open(menu.ACTIVITIES, clips.MENU_ACTIVITY, clips.ACTIVITY_BASE, choices.activities(self.p.objects.profile))

    def do_key_stages(self) -> None:
        """Whole or key stages only: for the next session."""
        self.r.key_stages = not self.r.key_stages
        self.p.voice.say([clips.KEY_STAGES, clips.ON if self.r.key_stages else clips.OFF, clips.FULL_STOP], voice.ANSWER)

    def activity_chosen(self, activity: int) -> None:
        """Before a session it will stand in session-open; during one it is a mark, and may make an announcement due."""
        self.activity = activity
        self.confirm()
        session = self.p.history.session
        if session is None or self.r.machine.state != machine.RECORDING:
            return
        self._sign(session, codes.MARK_ACTIVITY_BEGINS, self.p.capture.samples, None, None, activity)
        announce = self.p.objects.profile["announce"]
        if announce["scope"] == SCOPE_ACTIVITIES and activity in announce["activities"] and not self.r.telling.told:
            self.r.telling.announce(codes.OCCASION_FIRST)
