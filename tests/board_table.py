# SPDX-License-Identifier: Apache-2.0
"""A station and a recorder on the simulated Cortex-M3: both real, the dock line a socket.

    with BoardTable(folder, firmware()) as table:
        table.enrol()
        table.record(20)
        table.sync()

In the field it has 136 KiB of heap. The dock side with a station's list of clips wants more
(docs/decisions/0010-recorder-on-a-cortex-m3.md), so whoever docks it here gives it 192.
"""

import threading
from pathlib import Path

from sealdock import enrol, profile, promptstore, setup
from sealdock.home import Home
from sealdock.link.line import LinkLost
from sealdock.prompts import adpcm
from sealdock.prompts.promptset import Clip, PromptSet
from sealdock.prompts.script import script
from sealdock.station import Station
from sealdock.sync import Result, run_sync
from sealdock.sync.line import LineDock
from sealsim.qemu.recorder import MARK, MENU, RECORD, BoardRecorder

PROFILE = "luoping"
RATE = 16000
PRESS_MS = 300
BOOTED_MS = 15_000  # by then the self-test is over
_DOCK_HEAP_KIB = 192
_TRIES = 4
_CLIP_SAMPLES = 240  # as many clips as the profile has, but short: the sound only has to be there


class BoardTable:
    """`recorder` is switched on only within the methods."""

    def __init__(self, folder: Path, elf: Path) -> None:
        self.home = Home(folder / "station")
        self.root = setup.init(self.home, PROFILE, "station").fingerprint
        self.waiting: list[list[str]] = []
        self.recorder = BoardRecorder(folder / "recorder", elf)
        with Station.open(self.home, write=True) as station:
            promptstore.install(station, _prompts())

    def __enter__(self) -> "BoardTable":
        return self

    def __exit__(self, *_: object) -> None:
        self.recorder.close()

    def enrol(self) -> None:
        """Enrolment, profile, prompts and check-out."""
        url = self.dock()
        self.recorder.wait_for("lights")
        self.recorder.hold(MENU)
        self.recorder.wait_for("event", details="menu-held unenrolled enrolling")
        self.recorder.hold(0)
        with Station.open(self.home, write=True) as station:
            enrol.enrol(station, url, self._hear)
        self.recorder.stop()
        self._assign()

    def record(self, seconds: float, before: str = "") -> list[list[str]]:
        """A session, in the board's time, to its end; what the trace told from the first press on. `waiting`: what it told before."""
        self.recorder.told.clear()
        begin, end = BOOTED_MS, BOOTED_MS + round(seconds * 1000)
        presses = [(begin, RECORD), (end, RECORD), (end + 5000, MARK)]  # the first reason that is offered: the activity has ended
        self.recorder.start(script=tuple((at, at + PRESS_MS, button) for at, button in presses), before=before)
        self.recorder.wait_for("event", details="record-pressed idle recording")
        told = len(self.recorder.told)
        self.waiting = self.recorder.told[:told]
        self.recorder.wait_for("event", 120, details="activity-ended interrupted idle")
        self.recorder.stop()
        return self.recorder.told[told:]

    def sync(self) -> Result:
        """Everything is taken and a receipt given."""
        url = self.dock()
        self.recorder.wait_for("lights")
        with Station.open(self.home, write=True) as station, enrol.dock(station, url) as client:
            result = run_sync(station, LineDock(client))
        self.recorder.stop()
        return result

    def dock(self, before: str = "") -> str:
        """Switched on in real time, with the cable in; the port's url. `before` as of BoardRecorder.start()."""
        self.recorder.start(jump=False, counted=False, heap_kib=_DOCK_HEAP_KIB, before=before)
        return self.recorder.plug()

    def _assign(self) -> None:
        """Check-out. A machine that does too much else loses the line; then again from where it was, as people would."""
        for left in reversed(range(_TRIES)):
            url = self.dock()
            self.recorder.wait_for("lights")
            try:
                with Station.open(self.home, write=True) as station:
                    enrol.assign(station, url, 17, "officer")
                return
            except LinkLost:
                if not left:
                    raise
            finally:
                self.recorder.stop()

    def _hear(self) -> str:
        """What the custodian hears; then the officer confirms."""
        digits = self.recorder.wait_for("digits")[0]
        threading.Timer(1.0, self.recorder.press, [RECORD]).start()
        return digits


def _prompts() -> PromptSet:
    data = adpcm.encode(bytes(2 * _CLIP_SAMPLES))
    texts = script(profile.load(PROFILE))
    return PromptSet(PROFILE, RATE, tuple(Clip(number, texts[number], _CLIP_SAMPLES, data) for number in sorted(texts)))
