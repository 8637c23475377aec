# SPDX-License-Identifier: Apache-2.0
"""`sealdock sync`."""

import signal
import time
from collections.abc import Callable
from types import TracebackType

import click
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from sealdock import enrol, link
from sealdock.errors import ExitCode
from sealdock.rack.board import Board, Slot
from sealdock.rack.places import Place, places
from sealdock.rack.watch import Rack
from sealdock.station import Station
from sealdock.sync import Result, run_sync
from sealdock.sync.line import LineDock
from sealdock.sync.objects import provision
from sealdock.text import say

from .base import Env, command

_EVERY_S = 1.0  # between two lines of progress that are no bar


class Shown:
    """A sync's progress on the terminal: bars, or plain lines, or JSON lines."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._done: dict[str, int] = {}
        self._totals: dict[str, int] = {}
        self._last = 0.0

    def __enter__(self) -> "Shown":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bars is not None:
            self._bars.stop()

    def begin(self, kind: str, total: int) -> None:
        self._done[kind], self._totals[kind] = 0, total
        if self.env.json or not self.env.console.is_terminal:
            return
        self._bars = Progress(*_columns(kind), console=self.env.console)
        self._bars.start()
        self._tasks[kind] = self._bars.add_task(say(kind), total=total)

    def advance(self, kind: str, amount: int) -> None:
        self._done[kind] += amount
        if self._bars is not None:
            self._bars.advance(self._tasks[kind], amount)
        elif time.monotonic() - self._last >= _EVERY_S:
            self._tell(kind)

    def _tell(self, kind: str) -> None:
        self._last = time.monotonic()
        value = {"event": kind, "done": self._done[kind], "total": self._totals[kind]}
        self.env.print(f"{say(kind)} {self._done[kind]}/{self._totals[kind]}", value)

    def end(self, kind: str) -> None:
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
        else:
            self._tell(kind)

    def note(self, key: str, **values: object) -> None:
        self.env.print(say(key, **values), {"event": key, **{name: str(value) for name, value in values.items()}})


def _columns(kind: str) -> list:
    if kind == "media":
        return [TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()]
    return [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]


def sync_port(station: Station, url: str, shown: Shown | Slot) -> Result:
    """One sync over a port. LinkLost when it broke; another run carries on."""
    with enrol.dock(station, url) as client:
        recorder = station.archive.recorder_of(client.session.peer)
        if recorder is not None:
            shown.note("connected", number=recorder.number)
        result = run_sync(station, LineDock(client), shown)
        provision(station, client)
        return result


@command("sync")
@click.option(
    "--port", default=None, metavar="P", help="A device path, a socket://host:port URL, or auto; with --watch all there are unless given."
)
@click.option("--watch", is_flag=True, help="Stay, and take whatever docks, several at once, until interrupted.")
@click.pass_obj
def sync(env: Env, port: str | None, watch: bool) -> int:
    """Take everything from the recorder on a port, check it, archive it, and give the recorder a receipt."""
    if watch:
        return _watch(env, port)
    if port is None:
        raise click.UsageError(say("port-wanted"))
    with env.station(write=True) as station:
        return _once(env, station, link.resolve(port))


def _once(env: Env, station: Station, url: str) -> int:
    with Shown(env) as shown:
        result = sync_port(station, url, shown)
    env.print(*_report(station, result))
    return ExitCode.VERIFICATION_FAILED if result.problems else ExitCode.GOOD


def _report(station: Station, result: Result) -> tuple[str, dict[str, object]]:
    """What came, as a line and as a value."""
    recorder = station.archive.recorder(result.chain)
    value: dict[str, object] = {
        "recorder": recorder.number if recorder else None,
        "simulated": recorder.simulated if recorder else None,
        "chain": result.chain.hex(),
        "records": result.records,
        "segments": result.segments,
        "bytes": result.bytes,
        "receipt": result.receipt,
        "problems": result.problems,
    }
    if result.receipt is None:
        return say("nothing-new"), value
    about = {"records": result.records, "segments": result.segments, "bytes": result.bytes, "counter": result.receipt}
    return say("synced", **about), value


def _watch(env: Env, port: str | None) -> int:
    """Until interrupted, which is how it is meant to end."""
    look = _looker(port)

    def report(station: Station, slot: Slot, result: Result) -> None:
        line, value = _report(station, result)
        slot.say(line, {"event": "synced", **value})

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with Board(env) as board:
        try:
            Rack(env.home.require(), board, look, sync_port, report).run()
        except KeyboardInterrupt:
            return ExitCode.GOOD
    return ExitCode.GOOD


def _looker(port: str | None) -> Callable[[], list[Place]]:
    if port in (None, "auto"):
        return places
    only = Place(str(port), str(port))
    return lambda: [only]
