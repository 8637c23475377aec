# SPDX-License-Identifier: Apache-2.0
"""Where a story happens: recorders in one world, one station, an officer and a bystander. Step functions act on it."""

from functools import lru_cache
from pathlib import Path

from sealdock import clock, enrol
from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.profile import load
from sealdock.prompts import espeak
from sealdock.prompts.build import build
from sealdock.station import Station
from sealdock.sync import run_sync
from sealdock.sync.line import LineDock
from sealdock.sync.objects import provision
from sealsim import reel
from sealsim.recorder import Event, Recorder
from sealsim.scenario.ears import Ears, Words
from sealsim.scenario.kit import SETTLE_MS, SPEED, Wanted, recorder_home
from sealsim.world import World

LISTEN_MS = 40_000  # the longest that an officer waits for a sentence
LISTEN_STEP_MS = 250
BREATH_MS = 300  # after words, before the next thing is done
FULL_MV = 4100


class Untrue(SealdockError):
    """What the story says did not happen; the text says what did."""


class Stage:
    """Close it. `active` is the recorder that the next step is done to."""

    def __init__(self, folder: Path, now_ms: int, wanted: Wanted) -> None:
        self.folder = folder
        self.home = Home(folder / "station")
        self.profile = load(wanted.profile)
        self.world = World(now_ms)
        self.recorders = [
            Recorder(recorder_home(folder, number), reel=reel.quiet(), world=self.world) for number in range(1, wanted.recorders + 1)
        ]
        words = _words(wanted.profile)
        self.active = self.recorders[0]
        self.seen = {recorder: 0 for recorder in self.recorders}  # events of each that the story has looked at
        if len(self.recorders) > 1:
            self.world.near(*self.recorders)
        clock.use(self.now_ms)
        for recorder in self.recorders:
            recorder.start()
        self.world.run_for(SETTLE_MS)
        self._ears = {recorder: Ears(recorder.home, words, self.world.now_ms) for recorder in self.recorders}

    def close(self) -> None:
        clock.use(None)
        for recorder in self.recorders:
            recorder.close()

    def now_ms(self) -> int:
        return max(recorder.now_ms() for recorder in self.recorders)

    @property
    def ears(self) -> Ears:
        return self._ears[self.active]

    @property
    def every_ear(self) -> list[Ears]:
        return list(self._ears.values())

    @property
    def news(self) -> list[Event]:
        """What the active recorder did since the story last looked for lights or vibration."""
        return self.active.events[self.seen[self.active] :]

    # Time and sound

    def wait(self, ms: int) -> None:
        self.world.run_for(ms)

    def hear(self, words: str) -> None:
        """Waits until the words were spoken. Untrue when they are not."""
        deadline = self.world.now_ms + LISTEN_MS
        spoken = -1
        while True:
            ended = sum(event.name == "spoke" for event in self.active.events)
            if ended != spoken and self.ears.hear(words):
                return
            spoken = ended
            if self.world.now_ms >= deadline:
                raise Untrue(f"not heard: {words}")
            self.wait(LISTEN_STEP_MS)

    def until_quiet(self) -> None:
        """Waits until the recorder has said what it is saying."""
        for _ in range(LISTEN_MS // LISTEN_STEP_MS):
            self.wait(LISTEN_STEP_MS)
            if not self.active.op("look")["pending_ms"]:
                return

    def say(self, pcm: bytes, what: str, gain: int) -> None:
        """Somebody near all recorders speaks; time passes until it is said."""
        lengths = [recorder.say(pcm, what, gain) for recorder in self.recorders if recorder.on]
        self.wait(max(lengths, default=0) + BREATH_MS)

    # Power and dock

    def power_on(self) -> None:
        self.active.start()
        self.wait(SETTLE_MS)

    def dock(self) -> None:
        """Everything goes to the station; a recorder without power is given a charged battery first."""
        if not self.active.on:
            self.active.set_battery(FULL_MV)
            self.power_on()
        url = self.active.plug()
        self.active.real(speed=SPEED)
        try:
            with Station.open(self.home, write=True) as station, enrol.dock(station, url) as client:
                result = run_sync(station, LineDock(client))
                provision(station, client)
        finally:
            self.active.gate()
            self.active.unplug()
        if result.problems:
            raise Untrue(f"the station found: {result.problems[0]}")


@lru_cache(maxsize=8)
def _words(profile: str) -> Words:
    return Words(build(load(profile)))


@lru_cache(maxsize=64)
def spoken(text: str) -> bytes:
    """A person's words, as sound."""
    return espeak.synthesize(text)
