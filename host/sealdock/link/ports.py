# SPDX-License-Identifier: Apache-2.0
"""Which ports a recorder may hang on: serial ports of this machine, and simulated recorders that run now."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from serial.tools import list_ports as pyserial_ports

from sealdock.errors import SealdockError
from sealdock.text import say

VARIABLE = "SEALDOCK_RECORDERS"
# Ports of the board's own that no recorder hangs on unless it is named: on-board UARTs exist on every PC, connected to nothing.
_ON_BOARD = re.compile(r"/dev/ttyS\d+$")


def is_on_board(device: str) -> bool:
    """Whether a device is one of the machine's own UARTs."""
    return _ON_BOARD.match(device) is not None


@dataclass(frozen=True)
class Port:
    """One place to look for a recorder. `url` is what --port takes."""

    url: str
    name: str
    simulated: bool = False


def recorders_folder() -> Path:
    """Where running simulated recorders announce themselves, one JSON file each: {"url", "pid", "name"}."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen)
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    base = Path(runtime) if runtime else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "sealdock" / "recorders"


def list_ports() -> list[Port]:
    """Serial ports first, then simulated recorders; both by name."""
    real = [Port(port.device, port.description or port.device) for port in pyserial_ports.comports() if not is_on_board(port.device)]
    return sorted(real, key=lambda port: port.url) + simulated_ports()


def simulated_ports() -> list[Port]:
    """Simulated recorders whose process still runs."""
    found = [_read(path) for path in sorted(recorders_folder().glob("*.json"))]
    return [port for port in found if port is not None]


def _read(path: Path) -> Port | None:
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
        url, pid, name = entry["url"], entry["pid"], entry["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not (isinstance(url, str) and isinstance(pid, int) and isinstance(name, str)) or not _runs(pid):
        return None
    return Port(url, name, simulated=True)


def _runs(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, as somebody else
        return True
    return True


def resolve(text: str) -> str:
    """What --port means: `auto` is the only port there is; a path or URL is itself. SealdockError when auto is none or not clear."""
    if text != "auto":
        return text
    ports = list_ports()
    if not ports:
        raise SealdockError(say("no-ports"))
    if len(ports) > 1:
        raise SealdockError(say("port-unclear", ports=", ".join(port.url for port in ports)))
    return ports[0].url
