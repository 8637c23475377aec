# SPDX-License-Identifier: Apache-2.0
"""Takes whatever docks, each recorder on a thread of its own, until interrupted.

One process holds the station's lock and one Log; each thread has a Station, and with it a database connection, of its own. The database
lets one of them write at a time; the log has a lock, since a receipt states one state of it.
"""

import contextvars
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.link import LinkLost
from sealdock.station import Station
from sealdock.sync import Result
from sealdock.text import say

from .board import Board, Slot
from .places import Place

LOOK_S = 1.0  # how often ports are looked for
LOST_S = 3.0  # after a broken link
FAILED_S = 15.0  # after what was no recorder, or one that is refused
AGAIN_S = 60.0  # a recorder that stays plugged in

Sync = Callable[[Station, str, Slot], Result]
Report = Callable[[Station, Slot, Result], None]


@dataclass
class _Work:
    """What is done at one place."""

    slot: Slot
    thread: threading.Thread | None = None
    due: float = 0.0
    told: str = ""  # the last complaint, which is not repeated
    quiet: bool = field(default=False)  # it was synced, and only news is told

    @property
    def busy(self) -> bool:
        return self.thread is not None and self.thread.is_alive()


class Rack:
    """`look` gives the places of the moment; `sync` takes one recorder; `report` tells what came."""

    def __init__(self, home: Home, board: Board, look: Callable[[], list[Place]], sync: Sync, report: Report) -> None:
        self._home = home
        self._board = board
        self._look = look
        self._sync = sync
        self._report = report
        self._work: dict[str, _Work] = {}
        self.stopping = threading.Event()

    def run(self) -> None:
        """Until `stopping` is set, or KeyboardInterrupt. What is under way then is carried on by the next run."""
        with Station.open(self._home, write=True) as station:
            while not self.stopping.is_set():
                self._step(station, {place.url: place for place in self._look()})
                self.stopping.wait(LOOK_S)
            for work in list(self._work.values()):
                if work.thread is not None:
                    work.thread.join()

    def _step(self, station: Station, here: dict[str, Place]) -> None:
        for url in [url for url, work in self._work.items() if url not in here and not work.busy]:
            self._work.pop(url).slot.note("unplugged")
        for url, place in here.items():
            work = self._work.get(url)
            if work is None:
                work = self._work[url] = _Work(self._board.slot(place.slot, url))
                work.slot.note("plugged", port=url)
            if not work.busy and time.monotonic() >= work.due:
                take = contextvars.copy_context().run  # the language is the caller's
                work.thread = threading.Thread(target=take, args=(self._take, station, work), name=f"slot {place.slot}", daemon=True)
                work.thread.start()

    def _take(self, owner: Station, work: _Work) -> None:
        try:
            with Station.open(self._home) as station:
                station.log = owner.log
                result = self._sync(station, work.slot.port, work.slot)
                if not work.quiet or result.receipt is not None or result.problems:
                    self._report(station, work.slot, result)
            work.told, work.quiet, wait = "", True, AGAIN_S
        except LinkLost as error:
            work.slot.say(str(error), {"event": "lost", "error": str(error)})
            wait = LOST_S
        except SealdockError as error:
            self._complain(work, str(error))
            wait = FAILED_S
        except OSError as error:  # a full disk, a cable that was pulled between two looks
            self._complain(work, say("system", what=error.filename or work.slot.port, why=error.strerror or error))
            wait = FAILED_S
        except sqlite3.Error as error:
            self._complain(work, str(error))
            wait = FAILED_S
        work.slot.close()
        work.due = time.monotonic() + wait

    def _complain(self, work: _Work, line: str) -> None:
        if line != work.told:
            work.slot.say(line, {"event": "error", "error": line})
        work.told = line
