# SPDX-License-Identifier: Apache-2.0
"""The recorder's officer's side: carries out what the state machine decides. Events come in through `post`, one at a time.

The work is divided by job, one file each (UNITS); this file holds what they share: the machine, the open menu, the officer's span of words.
"""

import asyncio

from sealcam.officer import machine, menu, words
from sealcam.officer.absences import Absences
from sealcam.officer.choosing import Choosing
from sealcam.officer.informing import Informing
from sealcam.officer.marking import Marking
from sealcam.officer.reasons import Reasons
from sealcam.officer.relaying import Relaying
from sealcam.officer.starting import Starting
from sealcam.officer.stopping import Stopping
from sealcam.officer.telling import Telling
from sealcam.sound import voice
from sealproto import clips, records

UNITS = (Starting, Telling, Stopping, Reasons, Marking, Choosing, Absences, Relaying, Informing)


class Recorder:
    """`parts` has everything by name (sealcam.parts.Parts)."""

    def __init__(self, parts, state: int) -> None:
        self.parts = parts
        self.machine = machine.Machine(state)
        self.confirmed = asyncio.Event()
        self.warned = False
        self.key_stages = False  # the session that is open, or comes next, records key stages only
        self.docked = False  # a station of the bureau is connected
        self.part_ending = False  # what is over now ends because its part does
        self.menu: menu.Menu | None = None
        self.words: words.Words | None = None
        self._waiting: list[words.Words] = []  # spans that the officer is asked for after this one
        self._events: list[int] = []
        self._news = asyncio.Event()
        self.starting = Starting(self)
        self.telling = Telling(self)
        self.stopping = Stopping(self)
        self.reasons = Reasons(self)
        self.marking = Marking(self)
        self.choosing = Choosing(self)
        self.absences = Absences(self)
        self.relaying = Relaying(self)
        self.informing = Informing(self)
        self._units = (
            self.starting, self.telling, self.stopping, self.reasons, self.marking, self.choosing, self.absences, self.relaying,
            self.informing, self,
        )  # fmt: skip

    def post(self, event: int) -> None:
        """Something happened; it is worked off in its turn."""
        self._events.append(event)
        self._news.set()

    def post_first(self, event: int) -> None:
        """What an action found out about itself, before anything else that has happened."""
        self._events.insert(0, event)
        self._news.set()

    async def run(self) -> None:
        """The task that acts, forever."""
        self.begin()
        while True:
            await self._news.wait()
            self._news.clear()
            self.work()
            self.parts.sessions.scrub()

    def begin(self) -> None:
        """What a power cut left open: a question after a stop, a session on a recorder that is out of use."""
        session = self.parts.history.session
        if session is None or session.interrupt is None:
            return
        self.key_stages = bool(session.mode & records.MODE_KEY_STAGES)
        if self.machine.state == machine.WITHDRAWN:
            self.stopping.close_withdrawn()
        elif self.machine.state == machine.INTERRUPTED and session.unanswered and self.parts.objects.profile and self.menu is None:
            self.reasons.ask_after_stop([])

    def work(self) -> None:
        """Works off what has happened."""
        while self._events:
            self.step(self._events.pop(0))

    def step(self, event: int) -> None:
        before = self.machine.state
        for action in self.machine.step(event, self.answer):
            self.act(action)
        self.parts.board.trace("event", machine.EVENTS[event], machine.STATES[before], machine.STATES[self.machine.state])

    def answer(self, question: str) -> bool:
        return getattr(self, "is_" + question)()

    def act(self, action: str) -> None:
        name = "do_" + action
        for unit in self._units:
            method = getattr(unit, name, None)
            if method is not None:
                return method()
        raise ValueError(action)

    # --- questions of the table ---------------------------------------------------------------------------------------

    def is_telling_first(self) -> bool:
        """The profile has people told before anything is recorded, and recording can begin."""
        return self.telling.comes_first() and self.parts.sessions.can_begin()  # the check takes time, so only where it is asked for

    def is_hurrying_allowed(self) -> bool:
        return bool(self.parts.objects.profile["announce"]["urgent"])

    def is_choosing(self) -> bool:
        return self.menu is not None

    def is_speaking(self) -> bool:
        return self.words is not None

    def is_asked(self) -> bool:
        """The officer stopped, and has not said why."""
        return self.reasons.after_stop

    def is_withdrawing(self) -> bool:
        """After a fault this bureau's recorders may not be used on."""
        profile = self.parts.objects.profile
        return bool(profile and profile["fault"] and profile["fault"]["stop_at_once"])

    # --- the officer's words ------------------------------------------------------------------------------------------

    def speak(self, span: words.Words) -> None:
        """From now on the officer speaks; one span after the other."""
        if self.words is not None:
            self._waiting.append(span)
            return
        self.words = span
        self.parts.board.vibrator.buzz(60)

    def do_end_words(self) -> None:
        self.end_words()
        if self._waiting:
            after = self._waiting.pop(0)
            self.speak(words.Words(after.kind, self.parts.clock.ms(), self.parts.capture.samples))

    def end_words(self) -> None:
        """The span is over, by a button, by time or because the part ends; with the part those end that wait too."""
        span, self.words = self.words, None
        if self.part_ending:
            self._waiting = []
        if span is None or span.first_sample is None:
            return
        if span.kind == words.REASON:
            self.reasons.spoken(span)
        elif span.kind == words.URGENT:
            self.reasons.explained(span)
        else:
            self.telling.officer_told(span)

    def tick(self) -> None:
        """Twice a second: what ends by itself."""
        now = self.parts.clock.ms()
        self.informing.tick()
        self.telling.tick()
        if self.words is not None and self.words.over(now):
            self.post(machine.WORDS_OVER)
        elif self.menu is not None:
            self._tend_menu(now)

    def _tend_menu(self, now: int) -> None:
        """It closes by itself; before that it says once which buttons work it, but not into a recording."""
        if self.menu.over(now):
            self.post(machine.UNANSWERED if self.reasons.after_stop else machine.CHOOSING_OVER)
        elif not self.parts.capture.running and self.menu.puzzling(now):
            self.parts.voice.say([clips.MENU_HINT, clips.FULL_STOP], voice.ANSWER)

    def forget_session(self) -> None:
        """A session has ended: the next one begins with nothing chosen."""
        self.marking.activity = None
        self.key_stages = False
        self.relaying.handed_over = False
        self.menu = None
