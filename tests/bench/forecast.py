# SPDX-License-Identifier: Apache-2.0
"""How wrong the recorder is about how long its battery lasts: its own code on MicroPython's unix port, along curves of real cells.

In per cent of the whole running time; a forecast every five minutes from half an hour on. docs/recorder.md has the table.
"""

import os
import subprocess
from pathlib import Path

from sealsim import interpreter
from tests.bench.results import Figures

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "bench" / "on_board" / "forecast.py"
NAMES = ("first.mean_pct", "first.worst_pct", "second.mean_pct", "second.worst_pct")


def measure() -> Figures:
    environment = {**os.environ, "MICROPYPATH": f"{ROOT / 'device'}:{ROOT / 'protocol'}:.frozen"}
    command = [str(interpreter.find().path), str(SCRIPT), str(ROOT / "tests" / "unit" / "device")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return {f"forecast.{row[0]}.{name}": float(value) for row in rows for name, value in zip(NAMES, row[1:], strict=True)}


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:40} {value:.1f}")
