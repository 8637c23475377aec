# SPDX-License-Identifier: Apache-2.0
"""When the recorder listens to itself (sealcam.sound.hearing), and what it signs and says when it does not hear itself."""

import asyncio
from errno import EIO

from sealcam import visitors
from sealcam.faults import HEARING, Faults
from sealcam.sound import voice
from sealproto import clips

_BUZZ_MS = 1500


class SelfTest:
    """At power-on and before each full check. `level`: what was heard last, None while that is not known."""

    def __init__(self, board, capture, speaker: voice.Voice, faults: Faults, clock) -> None:
        self._board = board
        self._capture = capture
        self._voice = speaker
        self._faults = faults
        self._clock = clock
        self._task: asyncio.Task | None = None
        self.level: int | None = None
        self.running = False

    def begin(self) -> None:
        """Unless it runs already, the microphone is recording, or the prompts have no tone."""
        if not self.running and not self._capture.sensing and self._voice.has(clips.TONE):
            self.running = True
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        came: list = []
        try:
            hearing, came = visitors.bring("sealcam.sound.hearing")
            heard = await hearing.hears_itself(self._board.microphone, self._voice, lambda: self._capture.sensing)
            self.level = self.level if heard is None else heard
        except OSError:
            self.level = 0
        finally:
            visitors.forget(came)
            self.running = False

    @property
    def deaf(self) -> bool:
        """Speaker or microphone do not do their work: nobody may count on the announcement."""
        return self.level == 0

    def settle(self) -> None:
        """Called often: when a test has ended, says and signs what came of it. OSError when signing fails."""
        if self._task is None or self.running:
            return
        self._task = None
        self._board.trace("hears", self.level)
        if self.deaf:
            self._board.vibrator.buzz(_BUZZ_MS)
            self._faults.seen(HEARING, 0, OSError(EIO), self._clock.ms())
        elif self.level is not None:
            self._faults.over(HEARING)
