# SPDX-License-Identifier: Apache-2.0
"""`sealdock sync`."""

import time
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
from sealdock.errors import ExitCode, SealdockError
from sealdock.link import LinkLost
from sealdock.station import Station
from sealdock.sync import Result, run_sync
from sealdock.sync.line import LineDock
from sealdock.sync.objects import provision
from sealdock.text import say

from .base import Env, command
from .recorders import PORT

_WATCH_S = 3.0
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


def sync_port(station: Station, url: str, shown: Shown) -> Result:
    """One sync over a port. LinkLost when it broke; another run carries on."""
    with enrol.dock(station, url) as client:
        recorder = station.archive.recorder_of(client.session.peer)
        if recorder is not None:
            shown.note("connected", number=recorder.number)
        result = run_sync(station, LineDock(client), shown)
        provision(station, client)
        return result


@command("sync")
@PORT
@click.option("--watch", is_flag=True, help="Stay, and take whatever docks, until interrupted.")
@click.pass_obj
def sync(env: Env, port: str, watch: bool) -> int:
    """Take everything from the recorder on a port, check it, archive it, and give the recorder a receipt."""
    with env.station(write=True) as station:
        if watch:
            return _watch(env, station, port)
        return _once(env, station, link.resolve(port))


def _once(env: Env, station: Station, url: str) -> int:
    with Shown(env) as shown:
        result = sync_port(station, url, shown)
    _report(env, station, result)
    return ExitCode.VERIFICATION_FAILED if result.problems else ExitCode.GOOD


def _report(env: Env, station: Station, result: Result) -> None:
    recorder = station.archive.recorder(result.chain)
    value = {
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
        env.print(say("nothing-new"), value)
    else:
        about = {"records": result.records, "segments": result.segments, "bytes": result.bytes, "counter": result.receipt}
        env.print(say("synced", **about), value)


def _watch(env: Env, station: Station, port: str) -> int:
    last = ""
    while True:
        try:
            _once(env, station, link.resolve(port))
            last = ""
        except LinkLost as error:
            env.print(str(error), {"event": "lost", "error": str(error)})
        except SealdockError as error:
            if str(error) != last:
                env.print(str(error), {"event": "error", "error": str(error)})
            last = str(error)
        time.sleep(_WATCH_S)
