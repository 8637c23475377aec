# SPDX-License-Identifier: Apache-2.0
"""Handing a recording over to another recorder, and taking one over: both chains sign the same relay number.

The number is four digits from 1 to 5. It goes from speaker to microphone by itself where the other recorder hears it; else the officer,
who heard it spoken, enters it by ear.
"""

import asyncio

from sealcam.officer import choices, machine, menu
from sealcam.sound import speech, voice
from sealproto import clips, codes, records

_DIGITS = 4
_TAKE_MS = 40_000


class Relaying:
    """`taking_over`: the session that opens next takes over; `handed_over`: the open part was handed over to another recorder."""

    def __init__(self, recorder) -> None:
        self.r = recorder
        self.p = recorder.parts
        self.taking_over = False
        self.handed_over = False
        self._task: asyncio.Task | None = None  # sound from recorder to recorder, while it runs
        self._giving: bytes | None = None  # the number that waits for its hand-over record
        self._entered: list | None = None  # digits so far of the number that is being taken over

    # --- out --------------------------------------------------------------------------------------------------------

    def do_hand_over(self) -> None:
        if self._giving is not None or self._entered is not None:
            return
        raw = self.p.random(_DIGITS)
        self._giving = bytes([49 + byte % 5 for byte in raw]) + bytes(16 - _DIGITS)
        if self.p.relay is None:
            self._given(None)
        else:
            self._task = asyncio.create_task(self._give())

    async def _give(self) -> None:
        self._given(await self.p.relay.give(self.p.chain.id, self._giving))

    def _given(self, peer: bytes | None) -> None:
        """Signs the hand-over and says its number, for an officer whose recorder did not hear it."""
        token, self._giving = self._giving, None
        if token is None:
            return
        session = self.p.history.session
        self.p.signer.sign(
            records.HANDOVER_OUT, session=session.id, part=session.part, peer_chain=peer, token=token, samples=self.p.capture.samples,
        )  # fmt: skip
        self.handed_over = True
        if not self.r.part_ending:
            self.r.telling.say_signed(speech.relay_out(token[:_DIGITS]), codes.OCCASION_OTHER, records.ZERO_HASH)

    # --- in ---------------------------------------------------------------------------------------------------------

    def do_ask_take_over(self) -> None:
        """Recording begins at once, or goes on; which number it takes over is asked afterwards."""
        if self.r.machine.state == machine.RECORDING:
            self.take()
        else:
            self.r.post_first(machine.TAKE_OVER)

    def do_take_over(self) -> None:
        self.taking_over = True

    def take(self) -> None:
        self.taking_over = False
        if self._giving is not None or self._entered is not None:
            return
        self._entered = []
        if self.p.relay is None:
            self._ask()
        else:
            self._task = asyncio.create_task(self._take())

    async def _take(self) -> None:
        heard = await self.p.relay.take(self.p.chain.id, limit_ms=_TAKE_MS)
        if heard is not None:
            self._taken(heard[0], heard[1])
        elif self._entered is not None and not self.r.part_ending:
            self._ask()

    def _ask(self) -> None:
        self.r.choosing.open(menu.RELAY, clips.MENU_RELAY, 0, choices.RELAY_DIGITS)

    def digit_chosen(self, digit: int) -> None:
        entered = self._entered
        if entered is None:
            return
        entered.append(digit)
        if len(entered) < _DIGITS:
            self._ask()
        else:
            self._taken(bytes([48 + n for n in entered]) + bytes(16 - _DIGITS), None)

    def unanswered(self) -> None:
        """Nobody entered the number: the take-over is signed without one."""
        self._taken(records.NO_TOKEN, None)

    def _taken(self, token: bytes, peer: bytes | None) -> None:
        if self._entered is None:
            return
        self._entered = None
        self.p.signer.sign(records.HANDOVER_IN, session=self.p.history.session.id, peer_chain=peer, token=token)
        if not self.r.part_ending:
            self.p.voice.say([clips.RELAY_IN, clips.FULL_STOP], voice.ANSWER)

    def end(self) -> None:
        """The part ends: what was begun is signed as far as it came."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.p.relay.cancel()
        self._given(None)
        self.unanswered()
