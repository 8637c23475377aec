# SPDX-License-Identifier: Apache-2.0
"""Menus by ear: menu says the next item, mark takes it, holding mark leaves. One menu is open at a time."""

from sealcam.officer import choices, menu
from sealcam.sound import speech, voice
from sealproto import clips


class Choosing:
    def __init__(self, recorder) -> None:
        self.r = recorder
        self.p = recorder.parts

    def open(self, kind: int, name: int, base: int, found) -> None:
        """Opens a menu and says its name and its first item."""
        if not found:
            return
        now = self.p.clock.ms()
        self.r.menu = opened = menu.Menu(kind, name, base, found, now)
        self.p.voice.say(speech.menu(name, opened.next(now)), voice.ANSWER)

    def do_menu(self) -> None:
        """The next item of the open menu; with none open, the main menu."""
        opened = self.r.menu
        if opened is not None:
            self.p.voice.say([opened.next(self.p.clock.ms()), clips.FULL_STOP], voice.ANSWER)
            return
        session = self.p.history.session
        items = choices.main(
            self.r.machine.state, self.p.objects.profile, session is not None and session.secret, self.p.history.absent is not None,
            bool(self.p.history.owed),
        )  # fmt: skip
        self.open(menu.MAIN, clips.MENU_MAIN, 0, items)

    def do_choose(self) -> None:
        opened = self.r.menu
        code = opened.choose()
        if code is None:
            return
        self.r.menu = None
        if opened.kind == menu.MAIN:
            self.r.act(choices.ITEMS[code])
        else:
            self._handler(opened.kind)(code)

    def _handler(self, kind: int):
        r = self.r
        if kind == menu.REASONS:
            return r.reasons.chosen
        if kind == menu.MARKS:
            return r.marking.chosen
        if kind == menu.ACTIVITIES:
            return r.marking.activity_chosen
        if kind == menu.REPORTED:
            return r.marking.reported
        if kind == menu.NO_RECORD:
            return r.absences.reason_chosen
        if kind == menu.MOMENT:
            return r.absences.moment_chosen
        return r.relaying.digit_chosen

    def do_leave_menu(self) -> None:
        """The officer does not want to choose."""
        self.do_drop_menu()
        self.p.voice.say([clips.CANCELLED, clips.FULL_STOP], voice.ANSWER)

    def do_drop_menu(self) -> None:
        """Nothing was chosen: what was owed is signed as not answered."""
        opened, self.r.menu = self.r.menu, None
        if opened is None:
            return
        if opened.kind == menu.REASONS:
            self.r.reasons.unanswered()
        elif opened.kind == menu.RELAY:
            self.r.relaying.unanswered()
