# SPDX-License-Identifier: Apache-2.0
"""One run of the demo, which the scenario tests look at from all sides."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


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
