# SPDX-License-Identifier: Apache-2.0
"""What a rack shows while it works: on a terminal one bar for each slot, else lines that begin with the slot, or JSON lines with "slot"."""

import threading
import time
from types import TracebackType
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

from sealdock.text import say

_EVERY_S = 1.0  # between two lines of progress that are no bar


class Printer(Protocol):
    """How a command prints: sealdock.cli.base.Env is one."""

    json: bool
    console: Console

    def print(self, line: str, value: Any) -> None: ...


class Board:
    """All slots. Its methods may be called from any thread."""

    def __init__(self, printer: Printer) -> None:
        self.printer = printer
        self._lock = threading.Lock()
        self._bars: Progress | None = None
        if printer.console.is_terminal and not printer.json:
            columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
            self._bars = Progress(*columns, console=printer.console)

    def __enter__(self) -> "Board":
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bars is not None:
            self._bars.stop()

    def slot(self, name: str, port: str) -> "Slot":
        return Slot(self, name, port)

    def tell(self, slot: str, line: str, value: dict[str, Any]) -> None:
        with self._lock:
            self.printer.print(f"{say('slot')} {slot}: {line}", {"slot": slot, **value})

    def bar(self, slot: str, total: int) -> TaskID | None:
        return None if self._bars is None else self._bars.add_task(f"{say('slot')} {slot}", total=total)

    def move(self, task: TaskID, amount: int) -> None:
        if self._bars is not None:
            self._bars.advance(task, amount)

    def drop(self, task: TaskID) -> None:
        if self._bars is not None:
            self._bars.remove_task(task)


class Slot:
    """Implements sealdock.sync.Progress for one slot."""

    def __init__(self, board: Board, name: str, port: str) -> None:
        self.name = name
        self.port = port
        self._board = board
        self._task: TaskID | None = None
        self._done = 0
        self._total = 0
        self._last = 0.0

    def begin(self, kind: str, total: int) -> None:
        self._done, self._total, self._last = 0, total, time.monotonic()
        if kind == "media":
            self._task = self._board.bar(self.name, total)

    def advance(self, kind: str, amount: int) -> None:
        self._done += amount
        if self._task is not None:
            self._board.move(self._task, amount)
        elif kind == "media" and time.monotonic() - self._last >= _EVERY_S:
            self._tell(kind)

    def end(self, kind: str) -> None:
        if self._task is not None:
            self._board.drop(self._task)
            self._task = None
        elif kind == "media":
            self._tell(kind)

    def close(self) -> None:
        """Takes down a bar that a broken sync left."""
        self.end("")

    def _tell(self, kind: str) -> None:
        self._last = time.monotonic()
        self.say(f"{say(kind)} {self._done}/{self._total}", {"event": kind, "done": self._done, "total": self._total})

    def note(self, key: str, **values: object) -> None:
        self.say(say(key, **values), {"event": key, **{name: str(value) for name, value in values.items()}})

    def say(self, line: str, value: dict[str, Any]) -> None:
        """One line of this slot."""
        self._board.tell(self.name, line, {"port": self.port, **value})
