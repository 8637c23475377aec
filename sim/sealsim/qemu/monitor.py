# SPDX-License-Identifier: Apache-2.0
"""QEMU's monitor (QMP): what can be seen of a board from outside, whatever its processor does."""

import json
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# All of the machine's RAM but the PSRAM, whose file can be read at any time: name -> address, bytes.
RAM = {
    "program and stack": (0x00000000, 4 << 20),
    "block RAM": (0x01000000, 16 << 10),
    "other heap": (0x20000000, 4 << 20),
}
_ANSWER_S = 20.0


class Monitor:
    """`died(why)` makes the exception that is raised when QEMU does not answer as it should."""

    def __init__(self, end: socket.socket, died: Callable[[str], Exception]) -> None:
        self._end = end
        self._died = died
        self._lines: Iterator[bytes] | None = None

    def memory(self) -> dict[str, bytes]:
        """Every byte of RAM, and the processor's registers as text; the board stands still meanwhile."""
        with self._paused(), tempfile.TemporaryDirectory(prefix="sealdock-ram-") as folder:
            found = {}
            for name, (address, size) in RAM.items():
                path = Path(folder) / "ram"
                self.command("pmemsave", val=address, size=size, filename=str(path))
                found[name] = path.read_bytes()
            found["registers"] = self.command("human-monitor-command", **{"command-line": "info registers"}).encode()
        return found

    def command(self, name: str, **arguments: Any) -> Any:
        """What QEMU returns for one command."""
        if self._lines is None:
            self._end.settimeout(_ANSWER_S)
            self._lines = self._end.makefile("rb")
            self._ask("qmp_capabilities", {})
        return self._ask(name, arguments)

    @contextmanager
    def _paused(self) -> Iterator[None]:
        self.command("stop")
        try:
            yield
        finally:
            self.command("cont")

    def _ask(self, name: str, arguments: dict[str, Any]) -> Any:
        self._end.sendall(json.dumps({"execute": name, "arguments": arguments}).encode() + b"\n")
        for line in self._lines or ():
            said = json.loads(line)
            if "return" in said:
                return said["return"]
            if "error" in said:
                raise self._died(f"refused {name}: {said['error'].get('desc')}")
        raise self._died(f"did not answer {name}")
