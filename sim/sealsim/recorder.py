# SPDX-License-Identifier: Apache-2.0
"""One simulated recorder: its hardware in a folder, its process, its cable, and the time it lives in.

    with Recorder.create(home, Hardware(), reel=reel.default()) as recorder:
        recorder.start()
        recorder.press(RECORD, 300)
        recorder.run_for(60_000)
        recorder.power_cut()

sim/README.md lists operations and events.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sealdock.errors import SealdockError
from sealsim.boot import ANSWER_LIMIT_S, BOOT_LIMIT_S, Boot, Event, RecorderDied
from sealsim.hardware import Hardware
from sealsim.paths import source_root
from sealsim.sound import Part, heard
from sealsim.surroundings import MARK, MENU, RECORD, Surroundings
from sealsim.world import World

__all__ = ["MARK", "MENU", "POWER_ON", "RECORD", "SOFTWARE", "WATCHDOG", "Event", "Recorder", "RecorderDied"]

POWER_ON, SOFTWARE, WATCHDOG = 0, 1, 2
# A run of many hours may take minutes; an application that never waits for anything would take for ever.
RUN_LIMIT_S = 900.0


class Recorder(Surroundings):
    """Not for several threads at once, except that `on_event` is called on the control channel's own thread."""

    def __init__(self, home: Path, *, reel: Path, world: World | None = None, application: Path | None = None) -> None:
        self.world = world or World()
        self.home = home.resolve()
        super().__init__(self.home, Hardware.load(self.home), reel.resolve(), self.world.now_ms)
        self.application = application or source_root() / "device" / "main.py"
        self.events: list[Event] = []
        self.on_event: Callable[[Event], None] | None = None
        self.restart_on_watchdog = True
        self.boots = 0
        self.real_time = False
        self._real_base = (self.world.now_ms, 0.0, 1.0)  # world ms, monotonic s, speed
        self._boot: Boot | None = None
        self.world.recorders.append(self)

    @classmethod
    def create(cls, home: Path, hardware: Hardware | None = None, **options: Any) -> "Recorder":
        """New hardware in a folder that has none yet. Options as for Recorder()."""
        (hardware or Hardware()).build(home)
        return cls(home, **options)

    # Power.

    @property
    def on(self) -> bool:
        return self._boot is not None

    @property
    def virtual(self) -> bool:
        """Switched on and waiting for the simulator to let its time pass."""
        return self.on and not self.real_time

    @property
    def pid(self) -> int:
        """The process of this boot; 0 while switched off."""
        return self._boot.pid if self._boot else 0

    def start(self, reset_cause: int = POWER_ON, *, real: bool = False, speed: float = 1.0) -> None:
        """Power on. Returns when the application waits for something for the first time (virtual) or has started (real)."""
        if self.on:
            raise SealdockError(f"{self.hardware.name} is switched on already")
        self.world.now_ms = self.now_ms()
        self._enter(real, speed)
        boot = self._boot = Boot(self.hardware.name, self._keep)
        settings = self.home / "sim.json"
        settings.write_text(json.dumps(self._settings(reset_cause), ensure_ascii=False), encoding="utf-8")
        try:
            boot.start(self.home, self.application, settings, self.hardware.heap)
            self.boots += 1
            self.greet()
            if not real:
                boot.wait(lambda: boot.at is not None, BOOT_LIMIT_S)
        except SealdockError:
            self.power_cut()
            raise

    def power_cut(self) -> None:
        """The battery is pulled: the process ends at once, with whatever it had not yet given to its chips."""
        if self._boot is None:
            return
        self.world.now_ms = self.now_ms()
        self._boot.kill()
        self._boot = None
        if not self.hardware.rtc_backed:
            (self.home / "rtc.json").write_bytes(b"")

    def restart(self, reset_cause: int = SOFTWARE) -> None:
        """Ends and starts again at the same instant, keeping the clock."""
        clock = (self.home / "rtc.json").read_bytes()
        self.power_cut()
        (self.home / "rtc.json").write_bytes(clock)
        self.start(reset_cause, real=self.real_time, speed=self._real_base[2])

    def close(self) -> None:
        """The simulation ends."""
        self.power_cut()
        super().close()
        if self in self.world.recorders:
            self.world.recorders.remove(self)

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Virtual time.

    def run_for(self, ms: int) -> list[Event]:
        return self.run_until(self.world.now_ms + ms)

    def run_until(self, until_ms: int) -> list[Event]:
        """Lets virtual time pass; returns the events of that time. Ends early when a fault cuts the power."""
        before = len(self.events)
        self.begin_run(until_ms)
        self.end_run(until_ms)
        self.world.now_ms = max(self.world.now_ms, until_ms)
        return self.events[before:]

    def run_to(self, name: str, limit_ms: int, step_ms: int = 100, **match: Any) -> Event:
        """Lets virtual time pass until an event of that name with those details; then to the end of the step."""
        deadline = self.world.now_ms + limit_ms
        while self.world.now_ms < deadline:
            found = _first(self.run_for(min(step_ms, deadline - self.world.now_ms)), name, match)
            if found:
                return found
        raise SealdockError(f"{self.hardware.name} gave no {name} {match or ''} within {limit_ms} ms")

    def begin_run(self, until_ms: int) -> None:
        if self.real_time:
            raise SealdockError(f"{self.hardware.name} runs in real time: call gate() first")
        boot = self._demand()
        boot.at = None
        boot.send({"op": "run", "until": until_ms})

    def end_run(self, until_ms: int) -> None:
        boot = self._demand()
        try:
            boot.wait(lambda: boot.at is not None or boot.fatal is not None, RUN_LIMIT_S)
        except SealdockError:
            self.power_cut()
            raise
        if self._after_fatal():
            self.begin_run(until_ms)
            self.end_run(until_ms)

    # Real time.

    def real(self, speed: float = 1.0) -> None:
        """From now on time passes with the machine's clock, `speed` times as fast; for the serial line."""
        self.op("real", speed=speed)
        self._enter(True, speed)

    def gate(self) -> None:
        """Back to virtual time, which goes on where real time stopped."""
        boot = self._demand()
        if not self.real_time:
            return
        boot.at = None
        boot.op("gate")
        boot.wait(lambda: boot.at is not None, ANSWER_LIMIT_S)
        self.real_time = False
        self.world.now_ms = max(self.world.now_ms, boot.at or 0)

    def now_ms(self) -> int:
        """The world's time, as the recorder lives it."""
        if not self.real_time:
            return self.world.now_ms
        begun, mark, speed = self._real_base
        return max(self.world.now_ms, begun + int((time.monotonic() - mark) * 1000 * speed))

    def wait_for(self, name: str, limit_s: float, since: int = 0, **match: Any) -> Event:
        """Waits for an event at or after index `since` of `events`. SealdockError when none comes in time."""
        self._demand().wait(lambda: _first(self.events[since:], name, match) is not None, limit_s)
        event = _first(self.events[since:], name, match)
        assert event is not None
        return event

    def tend(self) -> None:
        """Restarts a recorder that its watchdog ended, switches off one that a fault cut, names one that died."""
        if self._boot is None or self._after_fatal():
            return
        try:
            self._boot.check()
        except RecorderDied:
            self.power_cut()
            raise

    # What can be asked of it.

    def op(self, name: str, **details: Any) -> dict[str, Any]:
        """Any operation of sim/README.md; returns the answer. SealdockError when refused or switched off."""
        return self._demand().op(name, **details)

    def heard(self, out: Path) -> list[Part]:
        """Writes what a bystander heard since the hardware was made, as sealsim.sound.heard()."""
        return heard(self.home, self.reel, self.reel_epoch_ms, out)

    def wear(self) -> list[int]:
        """How often each flash block was erased."""
        raw = (self.home / "flash.wear").read_bytes()
        return [int.from_bytes(raw[at : at + 4], "little") for at in range(0, len(raw), 4)]

    def _enter(self, real: bool, speed: float) -> None:
        self._real_base = (self.now_ms(), time.monotonic(), speed)
        self.real_time = real

    def _settings(self, reset_cause: int) -> dict[str, Any]:
        assert self._boot is not None
        seed = self.hardware.entropy_seed
        return self.hardware.settings(
            self.home,
            **self.situation(),
            control_port=self._boot.port,
            world_ms=self.world.now_ms,
            real=self.real_time,
            speed=self._real_base[2],
            reset_cause=reset_cause,
            entropy_seed=None if seed is None else f"{seed} boot {self.boots}",
        )

    def _demand(self) -> Boot:
        if self._boot is None:
            raise SealdockError(f"{self.hardware.name} is switched off")
        return self._boot

    def _after_fatal(self) -> bool:
        """True when the recorder was restarted; a recorder whose power a fault cut is switched off."""
        if self._boot is None or self._boot.fatal is None:
            return False
        self.world.now_ms = max(self.world.now_ms, self.events[-1].t)
        if self._boot.fatal == "watchdog" and self.restart_on_watchdog:
            self.restart(WATCHDOG)
            return True
        self.power_cut()
        return False

    def _keep(self, event: Event) -> None:
        self.events.append(event)
        if self.on_event is not None:
            self.on_event(event)


def _first(events: list[Event], name: str, match: dict[str, Any]) -> Event | None:
    for event in events:
        if event.name == name and all(event.details.get(key) == value for key, value in match.items()):
            return event
    return None
