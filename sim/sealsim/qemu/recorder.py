# SPDX-License-Identifier: Apache-2.0
"""A whole recorder on the simulated Cortex-M3: its chips in a file, its dock line at a TCP port, its buttons, and what its trace tells.

with BoardRecorder(home, firmware()) as recorder:
    recorder.start(script=((1000, 1300, RECORD), (31_000, 31_300, RECORD)))
    recorder.wait_for("sealed")
"""

import time
from pathlib import Path

from sealdock.errors import SealdockError
from sealsim.line import Line
from sealsim.qemu.chips import PLACES, new_chips
from sealsim.qemu.machine import Machine

RECORD, MARK, MENU, CABLE = 1, 2, 4, 8
_PRESS_S = 0.3
Script = tuple[tuple[int, int, int], ...]

_START = """
import gc, micropython
micropython.kbd_intr(-1)
import board
board.telling = True
board.buttons.script = {script!r}
{before}
import main
"""


class BoardRecorder:
    """Chips are made when `home` has none. `told` has every trace so far: a word, then the details as printed."""

    def __init__(self, home: Path, elf: Path) -> None:
        self.chips = home / "chips.bin"
        self.told: list[list[str]] = []
        self.printed: list[str] = []
        self._elf = elf
        self._machine: Machine | None = None
        self._line = Line()
        self._cable = 0
        self.url = self._line.url
        home.mkdir(parents=True, exist_ok=True)
        if not self.chips.exists():
            new_chips(self.chips)

    def start(self, *, jump: bool = True, heap_kib: int = 0, counted: bool = True, script: Script = (), before: str = "") -> None:
        """Power on. heap_kib: instead of 136. counted: time counts instructions.

        jump: time leaps while the recorder waits, so only `script` can press in time; else it passes as for people.

        script: (from, to, buttons) in ms since power on, CABLE among them. before: Python that runs on the board before the application.
        """
        self.stop()
        self._machine = Machine(
            self._elf, heap_kib=heap_kib, jump=jump, counted=counted, chips=self.chips, line_port=self._line.recorder_port
        )
        self._machine.console.start(_START.format(script=script, before=before))

    def stop(self) -> None:
        """Power off, at once."""
        if self._machine is not None:
            self._machine.stop()
            self._machine = None

    def close(self) -> None:
        self.stop()
        self._line.close()

    def __enter__(self) -> "BoardRecorder":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def hold(self, buttons: int) -> None:
        """These buttons are down from now on, and no others."""
        self._running().control.send(bytes([buttons | self._cable]))

    def plug(self) -> str:
        """The cable goes in; the port's url."""
        self._cable = CABLE
        self.hold(0)
        return self.url

    def unplug(self) -> None:
        self._cable = 0
        self.hold(0)

    def press(self, buttons: int) -> None:
        """A short press, in real time."""
        self.hold(buttons)
        time.sleep(_PRESS_S)
        self.hold(0)

    def memory(self) -> dict[str, bytes]:
        """Every byte of the machine, by place: RAM and registers, then the chips. Nothing is changed, and no time of the board passes."""
        found = self._running().monitor.memory()
        raw = self.chips.read_bytes()
        return found | {name: raw[start : start + size] for name, (start, size) in PLACES.items()}

    def wait_for(self, word: str, limit_s: float = 60.0, details: str | None = None) -> list[str]:
        """The details of the next trace of that word, and with those details if given."""
        until = time.monotonic() + limit_s
        while True:
            found = self._next(until, word)
            if found[0] == word and details in (None, " ".join(found[1:])):
                return found[1:]

    def _next(self, until: float, wanted: str) -> list[str]:
        left = until - time.monotonic()
        if left <= 0:
            raise SealdockError(f"the recorder did not tell of {wanted}; last: {self.printed[-5:]}")
        line = self._running().console.line(left)
        self.printed.append(line)
        if not line.startswith("trace "):
            return ["", line]
        self.told.append(line.split()[1:])
        return self.told[-1]

    def _running(self) -> Machine:
        if self._machine is None:
            raise SealdockError("the recorder is switched off")
        return self._machine
