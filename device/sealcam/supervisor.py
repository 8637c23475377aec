# SPDX-License-Identifier: Apache-2.0
"""Runs the recorder's tasks. The one place that catches Exception: it signs a fault and starts the task anew."""

import asyncio
from errno import EINVAL

from sealcam import faults, monitors, visitors
from sealcam.dock.events import DockEvents
from sealcam.dock.plug import Plug
from sealcam.officer import buttons, deadlines, lights, machine
from sealcam.officer.recorder import Recorder
from sealcam.scrub import is_quick, scrub
from sealproto import records

_QUIET_MS = 60_000  # a task that ran so long without failing is well again
_RESTART_MS = 1000
_TICK_MS = 500
_WATCH_MS = 1000
_BOOT_ONLY = ["sealcam.start", "sealcam.dock.unfinished", "sealcam.chain.spare"]
_FLASH_MS = 10_000  # how often free flash is counted; with a station connected, which may fill it fast, every time


class Supervisor:
    def __init__(self, parts, state: int) -> None:
        self._parts = parts
        self._recorder = Recorder(parts, state)
        parts.failed = self._recorder.starting.failed
        self._reminders = deadlines.Reminders()
        self._docked = False
        self._plug = Plug(parts, DockEvents(self._recorder, self._set_docked))
        self._flash_free = 0

    async def run(self) -> None:
        """Forever."""
        p = self._parts
        tasks = (self._recorder.run, p.sessions.run, p.voice.run, self._buttons, self._watch, self._tick, self._plug.run)
        self._strays = len(tasks)
        self._kept = [asyncio.create_task(self._keep(number, task)) for number, task in enumerate(tasks)]
        if p.flash_full:
            self._recorder.post(machine.HARD_FAULT)  # says why at once; a station ends it
        elif p.chain.id is not None:
            p.self_test.begin()
        asyncio.get_event_loop().set_exception_handler(self._stray)
        while True:
            p.board.feed_watchdog()
            p.faults.forget(p.clock.ms() - _QUIET_MS)
            await asyncio.sleep_ms(_WATCH_MS)

    async def _keep(self, number: int, task) -> None:
        while True:
            try:
                await task()
            except Exception as error:  # noqa: BLE001 - whatever fails in a task must not end the recorder
                self._fault(number, error)
            await asyncio.sleep_ms(_RESTART_MS)

    def _stray(self, loop, context: dict) -> None:
        """A task failed that one of the tasks began and does not wait for; asyncio would print it, on hardware to the dock line."""
        self._fault(self._strays, context["exception"])

    def _fault(self, number: int, error: Exception) -> None:
        self._parts.board.trace("failed", number, error)
        try:
            self._parts.faults.seen(faults.TASK, number, error, self._parts.clock.ms())
        except Exception as worse:  # noqa: BLE001 - not even a fault can be signed: nothing more may be claimed
            self._parts.board.trace("failed", number, worse)
            self._recorder.post(machine.HARD_FAULT)

    def _set_docked(self, docked: bool) -> None:
        self._docked = docked

    async def _buttons(self) -> None:
        board = self._parts.board
        reader = buttons.Buttons()
        while True:
            for event in reader.feed(board.buttons.read(), self._parts.clock.ms()):
                self._recorder.post(event)
            await asyncio.sleep_ms(buttons.TURN_MS)

    async def _watch(self) -> None:
        """Once a second: battery, card, flash, heat, randomness, key age."""
        p = self._parts
        while True:
            if p.generator.fault is not None:
                p.faults.seen(faults.RANDOMNESS, 0, p.generator.fault, p.clock.ms())
            for event in self._measure():
                self._recorder.post(event)
            self._renew_key()
            await asyncio.sleep_ms(_WATCH_MS)

    def _renew_key(self) -> None:
        """A press that comes now waits for all of it."""
        p = self._parts
        if self._may_rotate() and p.signer.rotate_due():
            p.signer.rotate(records.ROTATE_PERIOD)
            if is_quick() or not p.capture.running:  # else at the end of the part
                scrub()

    def _may_rotate(self) -> bool:
        """Not with little flash left, as of a recorder in a drawer: that is for boots, and for what a station has signed when it comes."""
        p = self._parts
        able = p.chain.id is not None and self._recorder.machine.state != machine.FAULT
        return able and self._flash_free >= p.board.FLASH_FREE_STOP_BYTES // 2

    def _measure(self) -> list:
        celsius = self._celsius()
        self._clock()
        self._count_flash()
        return self._battery(celsius) + self._card() + monitors.heat(celsius)

    def _battery(self, celsius: int | None) -> list:
        p = self._parts
        try:
            mv = p.board.battery.read_mv()
            if not p.battery.plausible(mv):
                raise OSError(EINVAL)
        except OSError as error:
            p.faults.seen(faults.BATTERY_SENSOR, 0, error, p.clock.ms())
            p.battery.silent()
            return []
        p.faults.over(faults.BATTERY_SENSOR)
        events = p.battery.feed(mv, p.voice.busy, celsius)
        p.forecast.feed(p.battery.charge(), p.capture.running)
        return events

    def _celsius(self) -> int | None:
        p = self._parts
        try:
            celsius = p.board.battery.temperature()
            if not monitors.believable(celsius):
                raise OSError(EINVAL)
        except OSError as error:
            p.faults.seen(faults.THERMOMETER, 0, error, p.clock.ms())
            return None
        p.faults.over(faults.THERMOMETER)
        return celsius

    def _card(self) -> list:
        p = self._parts
        try:
            present = p.board.card.present()
        except OSError as error:  # whether it still works shows the next write
            p.faults.seen(faults.CARD_SWITCH, 0, error, p.clock.ms())
            return []
        p.faults.over(faults.CARD_SWITCH)
        free = p.free_segments(self._flash_free)
        return p.storage.feed(present, p.cards.swapped(), p.cards.ready, free, self._flash_free, p.board.FLASH_FREE_STOP_BYTES)

    def _count_flash(self) -> None:
        self._flash_free = self._parts.flash_free(0 if self._docked else _FLASH_MS)

    def _clock(self) -> None:
        wrong = self._parts.clock.watch()
        if wrong is not None:
            self._parts.faults.seen(wrong[0], 0, wrong[1], self._parts.clock.ms())

    async def _tick(self) -> None:
        p = self._parts
        shown = None
        while True:
            p.self_test.settle()
            self._recorder.tick()
            if self._reminders.due(p.clock.ms(), p.history.owed, self._docked):
                self._recorder.post(machine.REMIND)
            warned = self._recorder.warned or p.self_test.deaf
            now = lights.pattern(self._recorder.machine.state, p.board.camera is not None, warned, self._docked)
            if now != shown:
                p.board.lights.set(*now)
                shown = now
            await asyncio.sleep_ms(_TICK_MS)


def run(board) -> None:
    """The recorder, from power-on to power-off. Returns when it failed as a whole and should start anew."""
    try:
        _run(board)
    except Exception as error:  # noqa: BLE001 - of ours, or no memory: nothing here may go on
        board.trace("ended", type(error).__name__, str(error))


def _run(board) -> None:
    built = _built(board)
    if built is None:
        from sealcam.latched import latched  # hardly ever needed

        asyncio.run(latched(board))
    else:
        asyncio.run(Supervisor(*built).run())


def _built(board) -> tuple | None:
    """The parts and the machine's state; None after a hard fault. What only a boot wants is forgotten."""
    from sealcam.start import HardFault, build

    try:
        return build(board)
    except Exception as fault:  # noqa: BLE001 - also one of ours: a recorder that cannot start must say so
        board.trace("hard-fault", str(fault) if isinstance(fault, HardFault) else type(fault).__name__ + ": " + str(fault))
        return None
    finally:
        visitors.forget(_BOOT_ONLY)
