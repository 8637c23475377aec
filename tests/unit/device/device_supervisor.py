# SPDX-License-Identifier: Apache-2.0
"""The supervisor: whatever fails, in its own tasks or in one that they began, is signed as a fault and printed nowhere."""

import asyncio

from sealcam import faults, x25519  # noqa: F401 - first: imports nest on a small processor's stack, and this one nests deepest
from sealcam.supervisor import Supervisor


class Parts:
    """Everything that run() asks of the recorder, by name; `seen` holds the faults."""

    def __init__(self) -> None:
        self.board = self.clock = self.chain = self.sessions = self.voice = self.faults = self
        self.id = None
        self.flash_full = False
        self.seen_faults: list = []
        self.traced: list = []

    def feed_watchdog(self) -> None: ...

    def ms(self) -> int:
        return 5

    def forget(self, before_ms: int) -> None: ...

    def seen(self, code: int, part: int, error: Exception, now_ms: int) -> None:
        self.seen_faults.append((code, part, error.args[0], now_ms))

    def trace(self, event: str, *details: object) -> None:
        self.traced.append((event, details[0]))

    async def run(self) -> None:
        await asyncio.sleep(60)


class Alone(Supervisor):
    """Without officer and dock. `first` runs where the officer's side would."""

    def __init__(self, parts: Parts, first) -> None:
        self._parts = parts
        self._recorder = self._plug = parts
        self._buttons = first
        self._watch = self._tick = parts.run


async def fails() -> None:
    raise OSError(28)


def faults_of(first) -> list:
    parts = Parts()

    async def main() -> None:
        task = asyncio.create_task(Alone(parts, first).run())
        await asyncio.sleep_ms(100)
        task.cancel()

    asyncio.run(main())
    asyncio.new_event_loop()
    assert [event for event, _ in parts.traced] == ["failed"] * len(parts.seen_faults)
    return parts.seen_faults


def test_a_task_that_fails_is_a_fault_of_its_own_number() -> None:
    assert faults_of(fails) == [(faults.TASK, 3, 28, 5)]


def test_a_task_that_nobody_waits_for_is_a_fault_too() -> None:
    async def begins() -> None:
        kept = asyncio.create_task(fails())
        await asyncio.sleep(60)
        kept.cancel()

    assert faults_of(begins) == [(faults.TASK, 7, 28, 5)]
