# SPDX-License-Identifier: Apache-2.0
"""One simulated recorder: its hardware in a folder, its process, its cable, and everything the world can do to it.

    with Recorder.create(home, Hardware(), reel=reel.default()) as recorder:
        recorder.start()
        recorder.press(RECORD, 300)
        recorder.run_for(60_000)
        recorder.power_cut()

sim/README.md lists operations and events.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sealdock.errors import SealdockError
from sealsim.channel import Channel, Message
from sealsim.hardware import Hardware
from sealsim.line import Line
from sealsim.paths import source_root
from sealsim.process import Process
from sealsim.registry import Entry
from sealsim.sound import Part, heard
from sealsim.voices import Voices
from sealsim.world import World

RECORD, MARK, MENU = 1, 2, 4
POWER_ON, SOFTWARE, WATCHDOG = 0, 1, 2
BOOT_LIMIT_S = 30.0
ANSWER_LIMIT_S = 30.0
# A run of many hours may take minutes; an application that never waits for anything would take for ever.
RUN_LIMIT_S = 900.0
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


class Recorder:
    """Not for several threads at once, except that events arrive on the channel's own thread."""

    def __init__(self, home: Path, *, reel: Path, world: World | None = None, application: Path | None = None) -> None:
        self.home = home.resolve()
        self.hardware = Hardware.load(self.home)
        self.world = world or World()
        self.world.recorders.append(self)
        self.reel = reel.resolve()
        self.reel_epoch_ms = self.world.now_ms
        self.application = application or source_root() / "device" / "main.py"
        self.line = Line()
        self.events: list[Event] = []
        self.on_event: Callable[[Event], None] | None = None
        self.voices = Voices(self.home)
        self.restart_on_watchdog = True
        self.battery_points: list[list[int]] = [[0, self.hardware.battery_curve[0][0]]]
        self.temperature = self.hardware.temperature
        self.boots = 0
        self.real_time = False
        self._card: Path | None = self.home / "card.bin"
        self._plugged = False
        self._news = threading.Condition()
        self._answers: dict[int, Message] = {}
        self._at: int | None = None
        self._gone = False
        self._fatal: str | None = None
        self._asked = 0
        self._process: Process | None = None
        self._channel: Channel | None = None
        self._entry: Entry | None = None

    @classmethod
    def create(cls, home: Path, hardware: Hardware | None = None, **options: Any) -> "Recorder":
        """New hardware in a folder that has none yet. Options as for Recorder()."""
        (hardware or Hardware()).build(home)
        return cls(home, **options)

    # Power.

    @property
    def on(self) -> bool:
        return self._process is not None

    @property
    def virtual(self) -> bool:
        """Switched on and waiting for the simulator to let its time pass."""
        return self.on and not self.real_time

    def start(self, reset_cause: int = POWER_ON, *, real: bool = False, speed: float = 1.0) -> None:
        """Power on. Returns when the application waits for something for the first time (virtual) or has started (real)."""
        if self.on:
            raise SealdockError(f"{self.hardware.name} is switched on already")
        self.real_time = real
        self._at, self._gone, self._fatal = None, False, None
        self._answers.clear()
        self._channel = Channel(self._receive)
        settings = self.home / "sim.json"
        settings.write_text(json.dumps(self._situation(reset_cause, real, speed), ensure_ascii=False), encoding="utf-8")
        self._process = Process(self.home, self.application, settings, self.hardware.heap)
        self.boots += 1
        if not self._channel.accept(self._process.alive, BOOT_LIMIT_S):
            self._died()
        if self._plugged:
            self.op("plug", port=self.line.recorder_port)
        if not real:
            self._wait(lambda: self._at is not None, BOOT_LIMIT_S)

    def power_cut(self) -> None:
        """The battery is pulled: the process ends at once, with whatever it had not yet given to its chips."""
        if self._process is None:
            return
        self._process.kill()
        if self._channel is not None:
            self._channel.close()
        self._process = self._channel = None
        if not self.hardware.rtc_backed:
            (self.home / "rtc.json").write_bytes(b"")

    def restart(self, reset_cause: int = SOFTWARE) -> None:
        """Ends and starts again at the same instant, keeping the clock."""
        clock = (self.home / "rtc.json").read_bytes()
        self.power_cut()
        (self.home / "rtc.json").write_bytes(clock)
        self.start(reset_cause, real=self.real_time)

    def close(self) -> None:
        """The simulation ends."""
        self.power_cut()
        self.unplug()
        self.line.close()
        if self in self.world.recorders:
            self.world.recorders.remove(self)

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Time.

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
            for event in self.run_for(min(step_ms, deadline - self.world.now_ms)):
                if event.name == name and all(event.details.get(key) == value for key, value in match.items()):
                    return event
        raise SealdockError(f"{self.hardware.name} gave no {name} {match or ''} within {limit_ms} ms")

    def begin_run(self, until_ms: int) -> None:
        self._demand_virtual()
        self._at = None
        self._send({"op": "run", "until": until_ms})

    def end_run(self, until_ms: int) -> None:
        while True:
            self._wait(lambda: self._at is not None or self._fatal is not None, RUN_LIMIT_S)
            if self._fatal == "watchdog" and self.restart_on_watchdog:
                self.world.now_ms = max(self.world.now_ms, self.events[-1].t)
                self.restart(WATCHDOG)
                self.begin_run(until_ms)
                continue
            if self._fatal is not None:
                self.power_cut()
            return

    def real(self, speed: float = 1.0) -> None:
        """From now on time passes with the machine's clock, `speed` times as fast; for the serial line."""
        self.op("real", speed=speed)
        self.real_time = True

    def gate(self) -> None:
        """Back to virtual time, which goes on where real time stopped."""
        self._at = None
        self.op("gate")
        self._wait(lambda: self._at is not None, ANSWER_LIMIT_S)
        self.real_time = False
        self.world.now_ms = max(self.world.now_ms, self._at or 0)

    def now_ms(self) -> int:
        """The world's time as the recorder lives it."""
        return self.op("look")["t"] if self.real_time else self.world.now_ms

    def wait_for(self, name: str, limit_s: float, since: int = 0, **match: Any) -> Event:
        """Real time: waits for an event at or after index `since` of `events`."""

        def found() -> Event | None:
            for event in self.events[since:]:
                if event.name == name and all(event.details.get(key) == value for key, value in match.items()):
                    return event
            return None

        self._wait(lambda: found() is not None, limit_s)
        event = found()
        assert event is not None
        return event

    # What the world does to it. Each works while the recorder is on; battery, card and cable also while it is off.

    def press(self, buttons: int, ms: int = 200, after_ms: int = 0) -> None:
        self.op("press", button=buttons, ms=ms, after_ms=after_ms)

    def set_battery(self, mv: int | None = None, *, points: list[list[int]] | None = None, temperature: int | None = None) -> None:
        """A steady voltage, or points (world ms, mV) as world.discharge() gives them."""
        self.battery_points = points or [[0, mv or self.battery_points[-1][1]]]
        self.temperature = temperature if temperature is not None else self.temperature
        if self.on:
            self.op("battery", points=self.battery_points, temperature=self.temperature)

    def remove_card(self) -> None:
        self._card = None
        if self.on:
            self.op("card", remove=True)

    def insert_card(self, path: Path | None = None) -> None:
        """The recorder's own card, or another card image."""
        self._card = path.resolve() if path else self.home / "card.bin"
        if self.on:
            self.op("card", insert=str(self._card))

    def plug(self) -> str:
        """The cable goes in; returns the port's URL, the same for the recorder's whole life."""
        self._plugged = True
        if self._entry is None:
            self._entry = Entry(self.hardware.name, self.line.url)
        if self.on:
            self.op("plug", port=self.line.recorder_port)
        return self.line.url

    def unplug(self) -> None:
        self._plugged = False
        if self._entry is not None:
            self._entry.close()
            self._entry = None
        if self.on:
            self.op("unplug")

    def say(self, pcm: bytes, what: str, gain: int = 256) -> int:
        """Somebody near the recorder speaks from now on: 16 kHz mono signed 16-bit. Returns the length in ms."""
        path = self.voices.keep(pcm, self.now_ms(), what, gain)
        return int(self.op("say", path=str(path), gain=gain)["ms"])

    def set_reel(self, reel: Path, epoch_ms: int | None = None) -> None:
        """Another scene, which began at `epoch_ms` (default: now)."""
        self.reel, self.reel_epoch_ms = reel.resolve(), self.now_ms() if epoch_ms is None else epoch_ms
        if self.on:
            self.op("reel", path=str(self.reel), epoch_ms=self.reel_epoch_ms)

    def op(self, name: str, **details: Any) -> dict[str, Any]:
        """Any operation of sim/README.md; returns the answer. SealdockError when refused."""
        self._asked += 1
        number = self._asked
        self._send({"op": name, "id": number, **details})
        self._wait(lambda: number in self._answers or self._fatal is not None, ANSWER_LIMIT_S)
        answer = self._answers.pop(number, {"error": "the power went off"})
        if "error" in answer:
            raise SealdockError(f"{self.hardware.name} refused {name}: {answer['error']}")
        return answer

    def heard(self, out: Path) -> list[Part]:
        """Writes what a bystander heard since the hardware was made, as sealsim.sound.heard()."""
        return heard(self.home, self.reel, self.reel_epoch_ms, out)

    def wear(self) -> list[int]:
        """How often each flash block was erased."""
        raw = (self.home / "flash.wear").read_bytes()
        return [int.from_bytes(raw[at : at + 4], "little") for at in range(0, len(raw), 4)]

    # Plumbing.

    def _situation(self, reset_cause: int, real: bool, speed: float) -> dict[str, Any]:
        assert self._channel is not None
        entropy = self.hardware.entropy_seed
        return self.hardware.settings(
            self.home,
            control_port=self._channel.port,
            world_ms=self.world.now_ms,
            real=real,
            speed=speed,
            reset_cause=reset_cause,
            reel=str(self.reel),
            reel_epoch_ms=self.reel_epoch_ms,
            card=str(self._card) if self._card else None,
            battery_points=self.battery_points,
            temperature=self.temperature,
            entropy_seed=None if entropy is None else f"{entropy} boot {self.boots}",
        )

    def _send(self, message: Message) -> None:
        if self._process is None or self._channel is None:
            raise SealdockError(f"{self.hardware.name} is switched off")
        if not self._channel.send(message):
            self._died()

    def _receive(self, message: Message | None) -> None:
        """On the channel's thread."""
        event = None
        with self._news:
            if message is None:
                self._gone = True
            elif message["ev"] == "done":
                self._answers[message["id"]] = message
            elif message["ev"] == "at":
                self._at = message["t"]
            else:
                event = Event(message.pop("ev"), message.pop("t"), message)
                self.events.append(event)
                if event.name in FATAL:
                    self._fatal = event.name
            self._news.notify_all()
        if event is not None and self.on_event is not None:
            self.on_event(event)

    def _wait(self, ready: Callable[[], bool], limit_s: float) -> None:
        with self._news:
            if not self._news.wait_for(lambda: ready() or self._gone, limit_s):
                raise SealdockError(f"{self.hardware.name} did not answer within {limit_s} s")
            if ready():
                return
        self._died()

    def _died(self) -> None:
        assert self._process is not None
        self._process.kill()
        words = self._process.last_words()
        self.power_cut()
        raise RecorderDied(f"{self.hardware.name} stopped by itself, {words}")

    def _demand_virtual(self) -> None:
        if self.real_time:
            raise SealdockError(f"{self.hardware.name} runs in real time: call gate() first")
