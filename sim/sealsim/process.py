# SPDX-License-Identifier: Apache-2.0
"""The operating system process that is one boot of a recorder."""

import os
import signal
import subprocess
from pathlib import Path

from sealsim import interpreter
from sealsim.paths import source_root

LAST_LINES = 6


class Process:
    """Runs `application` (device/main.py) until killed. Its output goes to console.log in the recorder's folder."""

    def __init__(self, home: Path, application: Path, settings: Path, heap: str) -> None:
        root = source_root()
        self._console = home / "console.log"
        folders = [root / "boards" / "unix", root / "device", root / "protocol"]
        environment = {
            "MICROPYPATH": ":".join([*map(str, folders), ".frozen"]),
            "SEALDOCK_SIM": str(settings.resolve()),
            "PATH": os.environ.get("PATH", ""),
        }
        command = [str(interpreter.find().path), "-X", f"heapsize={heap}", str(application.resolve())]
        with self._console.open("ab") as console:
            self._start = console.tell()
            # A process group of its own: Ctrl-C at the terminal is for the simulator to handle.
            self._process = subprocess.Popen(
                command,
                cwd=home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """The power is cut: nothing of the process runs any more when this returns."""
        if self.alive():
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def last_words(self) -> str:
        """How it ended and the last lines it printed, for an error message."""
        code = self._process.poll()
        with self._console.open("rb") as console:
            console.seek(self._start)
            lines = console.read().decode(errors="replace").splitlines()[-LAST_LINES:]
        return f"exit code {code}: " + (" / ".join(line.strip() for line in lines) or "it printed nothing")
