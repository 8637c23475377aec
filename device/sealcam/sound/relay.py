# SPDX-License-Identifier: Apache-2.0
"""The hand-over between two recorders by sound: one offers its chain and a token, the other answers with its own chain and the same token.

Both record meanwhile, so the bursts are in the evidence of both. Either may fail to hear the other: an offer is repeated, and whoever
has answered goes on answering the same offer for a while.
"""

import asyncio

from sealcam.sound import voice
from sealcam.sound.tone_listener import Listener
from sealcam.sound.tones import ANSWER, BURST_MS, OFFER, Burst

_TRIES = 3
_TURN_MS = 50
_PAUSE_MS = 300  # so that the last of a burst, and its echo, is over before the next begins
_ANSWER_MS = BURST_MS + 3000
_SILENCE_MS = 2000
_LINGER_MS = 2 * _ANSWER_MS + BURST_MS


class Relay:
    """`give` on the recorder that hands over, `take` on the one that takes over. Its buffers live only as long as it listens."""

    def __init__(self, speaker: voice.Voice, capture, clock) -> None:
        self._voice = speaker
        self._capture = capture
        self._clock = clock
        self._lingering: asyncio.Task | None = None
        self._run = 0  # a number for each use, so that what was cancelled notices

    def cancel(self) -> None:
        """Whatever runs ends within a turn, without a result."""
        self._run += 1
        self._capture.listener = None

    async def give(self, chain: bytes, token: bytes) -> bytes | None:
        """Offers the hand-over, at most three times. The other's chain (32 bytes), or None when nobody answered."""
        run = self._begin()
        try:
            for _ in range(_TRIES):
                if not await self._send(run, OFFER, token, chain):
                    return None
                heard = await self._hear(run, ANSWER, chain, token, _ANSWER_MS)
                if heard:
                    return heard[2]
            return None
        finally:
            self._end(run)

    async def take(self, chain: bytes, limit_ms: int) -> tuple | None:
        """Waits for an offer and answers it. (token, the other's chain), or None when none came in time.

        An offer that came while this recorder was speaking is answered when it comes again: the other would not hear the answer.
        """
        run = self._begin()
        answered = False
        heard = None
        until = self._clock.ms() + limit_ms
        try:
            while not answered:
                again = await self._hear(run, OFFER, chain, None, until - self._clock.ms())
                if again is None:
                    break
                heard = again
                answered = await self._silent(run) and await self._send(run, ANSWER, heard[1], chain)
        finally:
            if not answered:
                self._end(run)
        if not answered:
            return heard[1:] if heard and self._capture.running else None
        self._lingering = asyncio.create_task(self._linger(run, chain, heard[1]))
        return heard[1], heard[2]

    async def _linger(self, run: int, chain: bytes, token: bytes) -> None:
        """The other did not hear the answer when it offers again."""
        try:
            for _ in range(_TRIES - 1):
                if not await self._hear(run, OFFER, chain, token, _LINGER_MS) or not await self._send(run, ANSWER, token, chain):
                    return
        finally:
            self._end(run)

    def _begin(self) -> int:
        self.cancel()
        self._capture.listener = Listener()
        return self._run

    def _end(self, run: int) -> None:
        if run == self._run:
            self.cancel()

    def _on(self, run: int) -> bool:
        return run == self._run and self._capture.running

    async def _send(self, run: int, kind: int, token: bytes, chain: bytes) -> bool:
        """Whether the burst went out whole."""
        await asyncio.sleep_ms(_PAUSE_MS)
        if not self._on(run):
            return False
        over = asyncio.Event()
        utterance = self._voice.play(Burst(kind, token, chain), voice.DUTY, lambda _: over.set())
        await over.wait()
        return utterance.complete and self._on(run)

    async def _silent(self, run: int) -> bool:
        """Waits for the end of what this recorder says, but no longer than the other waits for an answer."""
        until = self._clock.ms() + _SILENCE_MS
        while self._voice.busy and self._on(run):
            if self._clock.ms() > until:
                return False
            await asyncio.sleep_ms(_TURN_MS)
        return True

    async def _hear(self, run: int, kind: int, own: bytes, token: bytes | None, limit_ms: int) -> tuple | None:
        """A burst of that kind that another recorder sent, with that token if one is given."""
        until = self._clock.ms() + limit_ms
        while self._on(run) and self._clock.ms() < until:
            heard = self._capture.listener.take()
            if heard and heard[0] == kind and heard[2] != own and (token is None or heard[1] == token):
                return heard
            await asyncio.sleep_ms(_TURN_MS)
        return None
