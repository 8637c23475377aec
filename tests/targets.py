# SPDX-License-Identifier: Apache-2.0
"""Where test files of the recorder's code run: MicroPython's unix port, or the firmware on a simulated Cortex-M3.

Both run the same tests/unit/run_on_micropython.py and print the same lines.
"""

import os
import subprocess
import tempfile
from pathlib import Path

from sealsim import interpreter, qemu
from sealsim.qemu.machine import PSRAM, TEST_HEAP_KIB
from sealsim.qemu.romfs import image

ROOT = Path(__file__).parent.parent
TIMEOUT_S = 300

# What does not run on the Cortex-M3, and why. Everything else must pass on both.
_NO_AES = "this board has no AES: it records unencrypted"
NOT_ON_QEMU = {
    "tests/unit/crypto/device_aes_kw.py": _NO_AES,
    "tests/unit/device/device_cuts.py": _NO_AES,
    "tests/unit/device_interpreter.py": _NO_AES,
    "tests/unit/device/device_chain.py": "two minutes of power cuts; littlefs and the chain run there in device_dock_*.py",
}

_ON_BOARD = """
import sys, vfs, uctypes
vfs.mount(vfs.VfsRom(uctypes.bytearray_at({psram:#x}, {size})), "/")
sys.path[:] = [".frozen", "/tests/unit"]
sys.argv[:] = ["run_on_micropython.py", {path!r}]
try:
    import run_on_micropython
except SystemExit as end:
    print("exit", end.args[0] if end.args else 0)
"""


class Unix:
    name = "unix"

    def __init__(self) -> None:
        self._micropython = interpreter.find().path

    def run(self, path: str) -> tuple[int, str]:
        """Exit code and output of the test functions of `path` (relative to the project, or absolute)."""
        environment = {**os.environ, "MICROPYPATH": "boards/unix:device:protocol:tests/unit:.frozen"}
        command = [str(self._micropython), "-X", "heapsize=4m", "tests/unit/run_on_micropython.py", path]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=TIMEOUT_S,
            check=False,
        )
        return done.returncode, done.stdout


class CortexM3:
    """Test files, and what they read, come to the board as a file system in its memory; a file gets a fresh board and a heap of 3 MiB."""

    name = "qemu"

    def __init__(self) -> None:
        self._firmware = qemu.firmware()
        self._files = {path: (ROOT / path).read_bytes() for path in _carried()}

    def run(self, path: str) -> tuple[int, str]:
        files = self._files
        if os.path.isabs(path):
            files = {**files, path[1:]: Path(path).read_bytes()}
        with tempfile.NamedTemporaryFile(suffix=".romfs") as rom:
            data = image(files)
            rom.write(data)
            rom.flush()
            with qemu.Machine(self._firmware, heap_kib=TEST_HEAP_KIB, counted=False, rom=Path(rom.name)) as machine:
                source = _ON_BOARD.format(psram=PSRAM, size=len(data), path=path)
                return _ended(machine, source)


def _ended(machine: qemu.Machine, source: str) -> tuple[int, str]:
    said: list[str] = []
    try:
        output = machine.run(source, TIMEOUT_S, said.append)
    except qemu.MachineError as error:
        return 1, "".join(said) + str(error)
    *lines, last = output.rstrip().splitlines() or [""]
    return (int(last.split()[1]), "\n".join(lines)) if last.startswith("exit ") else (1, output)


def _carried() -> list[str]:
    """Test files and vectors; the code that they test is in the firmware."""
    found = [path for folder in ("tests/unit", "tests/vectors", "protocol/vectors") for path in (ROOT / folder).rglob("*")]
    kinds = (".py", ".json")
    return [path.relative_to(ROOT).as_posix() for path in found if path.suffix in kinds and path.is_file()]
