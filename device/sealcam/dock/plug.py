# SPDX-License-Identifier: Apache-2.0
"""The dock side lives only while a cable is in: its modules and buffers would take a fifth of a small recorder's heap in the field."""

import asyncio

from sealcam import visitors

TYPE_CHECKING = False
if TYPE_CHECKING:  # the recorder has no `typing`
    from typing import Any

_LOOK_MS = 250
_SETTLE_MS = 50  # by then everything that was cancelled has come to its end
_AWAY_LOOKS = 40  # a cable that slips out for less interrupts nothing: not an enrolment, and no session that the other end resumes


class Plug:
    """`parts` has everything by name (sealcam.parts.Parts), `events` is what the dock tells and asks (sealcam.dock.events)."""

    def __init__(self, parts, events) -> None:
        self._parts = parts
        self._events = events
        self._dock: Any = None  # while a cable is in
        self._task: asyncio.Task | None = None
        self._attempts: list[int] = []  # when handshakes began that did not succeed: the line's limit outlives the dock

    async def run(self) -> None:
        """For ever. Raises what a handler of the dock raised beyond its rights."""
        while True:
            while not self._parts.board.serial.connected():
                await asyncio.sleep_ms(_LOOK_MS)
            await self._serve()

    async def _serve(self) -> None:
        """Until the cable has been out for some time; at once when recording begins without it.

        Coroutines that have ended may stay in memory with all that their arguments and variables hold, since asyncio's queue leaves stale
        links between tasks. So nothing of the dock is in those of this file, and what has ended is taken apart.
        """
        came = self._begin()
        try:
            watch = asyncio.create_task(self._watch())
            try:
                await self._task
            except asyncio.CancelledError:
                return
            finally:
                watch.cancel()
        finally:
            await self._end(came)

    def _begin(self) -> list:
        """The names of the modules that came with the dock."""
        module, came = visitors.bring("sealcam.dock.dock")
        try:
            self._dock = self._made(module.Dock)
            self._task = asyncio.create_task(self._dock.run())
        except MemoryError:
            self._dock = None
            visitors.forget(came)
            raise
        return came

    async def _end(self, came: list) -> None:
        self._task = None
        await asyncio.sleep_ms(_SETTLE_MS)
        self._dock.release()
        self._dock = None
        visitors.forget(came)

    async def _watch(self) -> None:
        away = 0
        while away < _AWAY_LOOKS:
            await asyncio.sleep_ms(_LOOK_MS)
            away = 0 if self._parts.board.serial.connected() else away + 1
            if away and self._events.recording():
                break
        self._task.cancel()

    def _made(self, kind):
        p = self._parts
        return kind(
            p.board, p.store, p.chain, p.signer, p.history, p.clock, p.cards, p.trust, p.objects, p.random, self._events, self._attempts
        )
