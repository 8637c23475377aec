# SPDX-License-Identifier: Apache-2.0
"""The board's own files under MicroPython, against hand-written chips: each `pico2_*.py` in a process of its own."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.unit.test_on_micropython import failures

from sealsim import interpreter

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
PATH = [HERE / "fakes", ROOT / "boards" / "pico2_audio", ROOT / "device", ROOT / "protocol"]


def run(*arguments: str) -> tuple[int, str]:
    environment = {**os.environ, "MICROPYPATH": ":".join([*map(str, PATH), ".frozen"])}
    command = [str(interpreter.find().path), "-X", "heapsize=32m", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


@pytest.mark.parametrize("path", sorted(HERE.glob("pico2_*.py")), ids=lambda path: path.name)
def test_file(path: Path) -> None:
    code, output = run(str(ROOT / "tests/unit/run_on_micropython.py"), str(path))
    failed = failures(code, output)
    assert not failed, f"{', '.join(failed)}\n{output}"
