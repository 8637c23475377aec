# SPDX-License-Identifier: Apache-2.0
"""What scenario tests share: one run of the demo, one station with its recorder. Each is made once; who changes it works on a copy."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .dockside import Dockside

# Scenarios read the recorder's own tables of menus; its pure code is not installed.
sys.path.insert(0, str(Path(__file__).parents[2] / "device"))


@dataclass(frozen=True)
class Demo:
    """What one run left behind: its folder, its lines (JSON), its summary."""

    out: Path
    lines: list[dict[str, Any]]
    summary: dict[str, Any]
    root: str


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, micropython: object) -> Demo:
    out = tmp_path_factory.mktemp("demo 演示") / "out"
    command = [sys.executable, "-m", "sealdock", "--json", "--lang", "en", "demo", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-1000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return Demo(out, lines, json.loads((out / "summary.json").read_text()), (out / "root.txt").read_text().strip())


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory, micropython: object) -> Path:
    """A folder for Dockside: a station, and a recorder that nobody has enrolled."""
    folder = tmp_path_factory.mktemp("fresh") / "table"
    Dockside.create(folder).close()
    return folder


@pytest.fixture(scope="session")
def docked(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after enrolment, check-out and a session of which the station has nothing yet."""
    folder = tmp_path_factory.mktemp("docked") / "table"
    shutil.copytree(fresh, folder)
    with Dockside(folder) as table:
        table.enrol()
        table.record(40, marks=130)
    return folder
