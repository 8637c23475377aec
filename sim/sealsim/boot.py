# SPDX-License-Identifier: Apache-2.0
"""One boot of a recorder: its process and the talk over its control channel, from power on to power off."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sealdock.errors import SealdockError
from sealsim.channel import Channel, Message
from sealsim.process import Process

BOOT_LIMIT_S = 30.0
ANSWER_LIMIT_S = 30.0
# After these events the board does nothing more: the power is gone.
FATAL = ("cut", "watchdog")


class RecorderDied(SealdockError):
    """The recorder's process ended by itself; the text has its last words."""


@dataclass(frozen=True)
class Event:
    """What the recorder did, as the world could see it. `t` is in ms of the world."""

    name: str
    t: int
    details: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.details[key]


class Boot:
    """`keep` is called for each event on the channel's thread, before anybody who waits goes on."""

    def __init__(self, name: str, keep: Callable[[Event], None]) -> None:
        self.at: int | None = None  # where virtual time stands; None while it passes
        self.fatal: str | None = None
        self.gone = False
        self._name = name
        self._keep = keep
        self._news = threading.Condition()
        self._answers: dict[int, Message] = {}
        self._asked = 0
        self._process: Process | None = None
        self._channel = Channel(self._receive)
        self.port = self._channel.port

    def start(self, home: Path, application: Path, settings: Path, heap: str) -> None:
        """Starts the process and waits until its board is there."""
        self._process = Process(home, application, settings, heap)
        if not self._channel.accept(self._process.alive, BOOT_LIMIT_S):
            raise self._died()

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def op(self, name: str, **details: Any) -> dict[str, Any]:
        """Sends an operation and waits for its answer. SealdockError when refused."""
        self._asked += 1
        number = self._asked
        self.send({"op": name, "id": number, **details})
        self.wait(lambda: number in self._answers or self.fatal is not None, ANSWER_LIMIT_S)
        answer = self._answers.pop(number, {"error": "the power went off"})
        if "error" in answer:
            raise SealdockError(f"{self._name} refused {name}: {answer['error']}")
        return answer

    def send(self, message: Message) -> None:
        if not self._channel.send(message):
            raise self._died()

    def wait(self, ready: Callable[[], bool], limit_s: float) -> None:
        """Waits for something that a message brings about. RecorderDied, or SealdockError when it takes too long."""
        with self._news:
            if not self._news.wait_for(lambda: ready() or self.gone, limit_s):
                raise SealdockError(f"{self._name} did not answer within {limit_s:g} s")
            if ready():
                return
        raise self._died()

    def check(self) -> None:
        """RecorderDied when the process has ended by itself."""
        if self.gone:
            raise self._died()

    def kill(self) -> None:
        """The process ends at once; what it said last is still delivered."""
        if self._process is not None:
            self._process.kill()
        self._channel.close()

    def _died(self) -> RecorderDied:
        assert self._process is not None
        self.kill()
        return RecorderDied(f"{self._name} stopped by itself, {self._process.last_words()}")

    def _receive(self, message: Message | None) -> None:
        with self._news:
            if message is None:
                self.gone = True
            elif message["ev"] == "done":
                self._answers[message["id"]] = message
            elif message["ev"] == "at":
                self.at = message["t"]
            else:
                self._event(Event(message.pop("ev"), message.pop("t"), message))
            self._news.notify_all()

    def _event(self, event: Event) -> None:
        self._keep(event)
        if event.name in FATAL:
            self.fatal = event.name
