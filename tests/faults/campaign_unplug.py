# SPDX-License-Identifier: Apache-2.0
"""The cable is pulled at every frame of a sync in turn; plugged in again, the sync goes on and ends byte for byte as without it.

A real recorder with a small session; each turn begins from the same copies of station and recorder. At odd frames the recorder sees the
cable go too, at even ones only the station does, as with a hub that lost its power. Then nothing that was taken is asked for again.
Behind the last record that the station needs, a pulled cable harms nothing, and the sync may well be whole.
"""

import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sealdock.archive import media
from sealdock.cli.sync import sync_port
from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.link import LinkLost
from sealdock.station import Station
from sealdock.sync import Quiet, Result
from sealproto import records as rec
from sealsim import reel
from sealsim.recorder import Recorder
from sealsim.world import World

from . import Broken, demand, progress
from .table import Table, check_card

SIZE, SAMPLE = 10_000, 2
INTERPRETER = True
SESSION_MS = 2500
ATTEMPTS = 3  # after the one that broke


Forget = Callable[[Home], None]
Sync = Callable[[Home, str], Result]


class Cable:
    """Counts frames from the recorder and hangs up on the station behind the given one."""

    def __init__(self, recorder: Recorder, pull_at: int | None) -> None:
        self.frames = 0
        self.pulled = False
        self._line = recorder.line
        self._pull_at = pull_at
        self._line.up.change = self._up

    def _up(self, data: bytes) -> bytes:
        if self.pulled:
            return b""
        for at, byte in enumerate(data):
            self.frames += byte == 0
            if self.frames == self._pull_at:
                self.pulled = True
                if self._line._host is not None:
                    self._line._host.shutdown(socket.SHUT_RDWR)
                return data[: at + 1]
        return data

    def plug(self) -> None:
        self._line.up.change = None


@contextmanager
def copied(folder: Path, now_ms: int) -> Iterator[tuple[Home, Recorder, str]]:
    """A copy of station and recorder, the recorder on and in real time."""
    with tempfile.TemporaryDirectory(prefix="sealdock-unplug-") as place:
        shutil.copytree(folder, Path(place) / "table")
        recorder = Recorder(Path(place) / "table" / "recorder0", reel=reel.quiet(), world=World(now_ms))
        try:
            recorder.start()
            recorder.run_for(1500)
            url = recorder.plug()
            recorder.real()
            yield Home(Path(place) / "table" / "station"), recorder, url
        finally:
            recorder.close()


def sync(home: Home, url: str) -> Result:
    with Station.open(home, write=True) as station:
        return sync_port(station, url, Quiet())  # type: ignore[arg-type]


def frames_of_a_sync(folder: Path, now_ms: int) -> int:
    with copied(folder, now_ms) as (home, recorder, url):
        cable = Cable(recorder, None)
        sync(home, url)
        return cable.frames


def turn(folder: Path, now_ms: int, frame: int, forget: Forget | None = None, first: Sync = sync) -> int:
    """Pulls at one frame and carries on; the bytes of media that both runs carried."""
    with copied(folder, now_ms) as (home, recorder, url):
        cable = Cable(recorder, frame)
        carried = 0
        try:
            carried += first(home, url).bytes
            _check(home, recorder, carried)  # whoever calls a sync whole has all of it, wherever the cable was pulled behind that
        except SealdockError as error:  # LinkLost, or at the first frame: nobody there
            demand(cable.pulled, f"it ended by itself: {error}")
            carried += _kept(home)
        cable.plug()
        if frame % 2:
            recorder.unplug()
            recorder.plug()
        if forget is not None:
            forget(home)
        carried += _carry_on(home, url)
        _check(home, recorder, carried)
        return carried


def _carry_on(home: Home, url: str) -> int:
    for _ in range(ATTEMPTS):
        try:
            result = sync(home, url)
            demand(result.problems == [], f"problems: {result.problems}")
            return result.bytes
        except LinkLost:
            continue
    raise Broken(f"the sync did not end in {ATTEMPTS} attempts")


def _kept(home: Home) -> int:
    """Bytes of media that an interrupted run left."""
    with Station.open(home) as station:
        found = [s for row in station.archive.recorders() for s in media.segments(station.archive, chain=row.chain)]
        whole = sum(s.stored_bytes or 0 for s in found if s.held)
        return whole + sum(media.leaves_here(station.archive, s) * media.LEAF_BYTES for s in found if not s.held)


def _check(home: Home, recorder: Recorder, carried: int) -> None:
    with Station.open(home) as station:
        total = check_card(station, recorder.home / "card.bin")
        (row,) = station.archive.recorders()
        demand(row.alarm is None, f"an alarm: {row.alarm}")
        at = station.archive.position(row.chain)
        last = rec.Record(station.archive.record(row.chain, at.seq - 1)) if at else None
        demand(last is not None and last.type == rec.RECEIPT, "the recorder's record of the receipt is not here")
    demand(carried <= total + media.LEAF_BYTES, f"{carried} bytes were carried for {total}")


def run(size: int, forget: Forget | None = None, first: Sync = sync) -> dict[str, int | float]:
    """At so many frames, evenly spread; at all of them when there are no more."""
    with tempfile.TemporaryDirectory(prefix="sealdock-unplug-") as place:
        table = Table(Path(place) / "table", 1)
        table.record(table.recorders[0], SESSION_MS)
        now_ms = table.recorders[0].now_ms()
        table.close()
        last = frames_of_a_sync(Path(place) / "table", now_ms)
        frames = sorted({1 + number * (last - 1) // max(1, min(size, last) - 1) for number in range(min(size, last))})
        for number, frame in enumerate(frames, 1):
            progress("unplug", number, len(frames), 25)
            try:
                turn(Path(place) / "table", now_ms, frame, forget, first)
            except Broken as error:
                raise Broken(f"frame {frame} of {last}: {error}") from error
    return {"unplug.frames": last, "unplug.pulled": len(frames), "unplug.lost": 0}


def _forget(home: Home) -> None:
    """What an archive must never do: hold something else than what it took."""
    for path in [*(home.archive / "partial").iterdir(), *(home.archive / "media").rglob("*.seg")]:
        path.write_bytes(bytes(path.stat().st_size))


def _boast(home: Home, url: str) -> Result:
    """A sync that calls itself whole although its link broke."""
    try:
        return sync(home, url)
    except SealdockError:
        return Result(bytes(32))


CONTROLS = (lambda: run(2, forget=_forget), lambda: run(2, first=_boast))
