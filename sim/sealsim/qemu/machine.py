# SPDX-License-Identifier: Apache-2.0
"""One simulated board of QEMU's machine mps2-an385, from power on to power off.

Each serial line is a socket pair, so no port or path is shared with anybody. Time counts instructions (`-icount shift=0`: one is a
nanosecond), which makes every measurement repeat exactly; a sleep of the board takes no time (`jump=True`) or its real time.
"""

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from sealdock.errors import SealdockError
from sealsim.qemu.console import Console, Say
from sealsim.qemu.monitor import Monitor

_WISHES = 0x21FFFFF0  # and its bits: boards/qemu_mps2/port/modules/mps2/hal.c
_JUMP = 1
_HEAP_KIB = 8  # the lowest bit of the heap's size
TEST_HEAP_KIB = 3 * 1024  # for tests and benchmarks, whose sources are compiled on the board
PSRAM = 0x21000000
PSRAM_BYTES = 16 << 20
_STOP_S = 5
_DOCK_UART = 1


class MachineError(SealdockError):
    """The simulated board could not be started, ended by itself, or did not answer in time."""


class Machine:
    """A running board. Its PSRAM holds either `rom`, a file copied to its beginning, or `chips`, a file of PSRAM_BYTES that *is* the PSRAM
    and keeps what the board writes when power goes: flash, key store and card. The dock line is `line`, or goes to a loopback port.
    heap_kib: the heap's size, up to 4096; 0 is the board's own, 136.
    """

    def __init__(
        self,
        elf: Path,
        *,
        heap_kib: int = 0,
        jump: bool = True,
        counted: bool = True,
        rom: Path | None = None,
        chips: Path | None = None,
        line_port: int | None = None,
    ) -> None:
        program = shutil.which("qemu-system-arm")
        if program is None:
            raise MachineError("the program qemu-system-arm is missing")
        ours, theirs = zip(*(socket.socketpair() for _ in range(4)), strict=True)
        self._console, self.line, self.control, self._monitor = ours
        command = [
            program,
            *_options(elf, heap_kib << _HEAP_KIB | (_JUMP if jump else 0), counted),
            *_memory(rom, chips),
        ]
        *lines, monitor = [f"fd={end.fileno()}" for end in theirs]
        if line_port is not None:
            lines[_DOCK_UART] = f"host=127.0.0.1,port={line_port},nodelay=on"
        for number, line in enumerate(lines):
            command += ["-chardev", f"socket,id=uart{number},{line}", "-serial", f"chardev:uart{number}"]
        command += ["-chardev", "pipe,id=random,path=/dev/urandom", "-serial", "chardev:random"]
        command += ["-chardev", f"socket,id=monitor,{monitor}", "-mon", "chardev=monitor,mode=control"]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[end.fileno() for end in theirs],
            start_new_session=True,  # Ctrl-C at the terminal is for the caller to handle
        )
        for end in theirs:
            end.close()
        self.console = Console(self._console, self._died)
        self.monitor = Monitor(self._monitor, self._died)

    @property
    def pid(self) -> int:
        return self._process.pid

    def run(self, source: str, limit_s: float = 60.0, say: Say | None = None) -> str:
        """Runs Python source on the board and returns what it printed; `say` gets it as it comes. MachineError when it raised."""
        output, error = self.console.run(source, limit_s, say)
        if error:
            raise MachineError(f"the board raised: {error.strip().splitlines()[-1]}\n{error}")
        return output

    def alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """The power is cut: nothing of the process runs any more when this returns."""
        if self.alive():
            self._process.send_signal(signal.SIGKILL)
        self._process.communicate(timeout=_STOP_S)
        for end in (self._console, self.line, self.control, self._monitor):
            end.close()

    def __enter__(self) -> "Machine":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _died(self, why: str) -> MachineError:
        if self.alive():
            return MachineError(f"the simulated board {why}")
        words = self._process.stderr.read().decode(errors="replace").strip().splitlines() if self._process.stderr else []
        return MachineError(f"the simulated board {why}, exit code {self._process.returncode}: {' / '.join(words[-3:]) or 'no word'}")


def _options(elf: Path, wishes: int, counted: bool) -> list[str]:
    return [
        *("-nographic", "-monitor", "none"),
        *(("-icount", "shift=0") if counted else ()),
        "-semihosting",  # the port opens it at start and would stop without
        *("-device", f"loader,addr={_WISHES:#x},data={wishes:#x},data-len=4"),
        *("-kernel", os.fspath(elf)),
    ]


def _memory(rom: Path | None, chips: Path | None) -> list[str]:
    machine = ["-machine", "mps2-an385"]
    if rom is not None:
        return [*machine, "-device", f"loader,file={_path(rom)},addr={PSRAM:#x},force-raw=on"]
    if chips is None:
        return machine
    backend = f"memory-backend-file,id=chips,size={PSRAM_BYTES},share=on,mem-path={_path(chips)}"
    return ["-object", backend, "-machine", "mps2-an385,memory-backend=chips"]


def _path(path: Path) -> str:
    """A path as QEMU's option lists want it."""
    return os.fspath(path.resolve()).replace(",", ",,")
