# SPDX-License-Identifier: Apache-2.0
"""`sealdock doctor`: what this machine has, and what it lacks.

Checks plug in through the entry points "sealdock.doctor": a function without arguments that returns a map with `path` and `version`,
null where nothing was found, and never raises.
"""

import platform
import sys
from importlib.metadata import entry_points, version
from typing import Any

import click

from sealdock.home import Home

from .base import Env, command

CHECKS = "sealdock.doctor"
_LIBRARIES = ("click", "cryptography", "pynacl", "cbor2", "pyserial", "rich", "numpy", "av", "espeakng-loader")


def examine(home: Home) -> dict[str, Any]:
    """What `doctor --json` prints; each plug-in's findings also stand at the top under its name as `path`, and `version`."""
    found: dict[str, Any] = {
        "sealdock": version("sealdock"),
        "python": {"path": sys.executable, "version": platform.python_version()},
        "libraries": {name: version(name) for name in _LIBRARIES},
        "station": {"path": str(home.path), "set_up": home.station_key.exists()},
    }
    for point in entry_points(group=CHECKS):
        found.update(_plugged(point.name, point.load()()))
    return found


def _plugged(name: str, result: dict[str, Any]) -> dict[str, Any]:
    about = {key: value for key, value in result.items() if key not in ("path", "version")}
    return {name: result.get("path"), "version": result.get("version"), f"{name}_about": about}


@command("doctor")
@click.pass_obj
def doctor(env: Env) -> None:
    """What this machine has."""
    found = examine(env.home)
    if env.json:
        env.emit(found)
        return
    for name, value in found.items():
        shown = " ".join(str(item) for item in value.values()) if isinstance(value, dict) else value
        env.line(f"{name}: {shown if shown is not None else '–'}")
