# SPDX-License-Identifier: Apache-2.0
"""A demo that is stopped with Ctrl-C: one line, nothing left running, and the next one works in the same folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

LIMIT_S = 120


def command(out: Path) -> list[str]:
    return [sys.executable, "-m", "sealdock", "--json", "--lang", "en", "demo", "--out", str(out)]


def alive(out: Path) -> list[str]:
    """Command lines of the processes that work in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(out) in line or os.path.realpath(entry / "cwd").startswith(str(out)):
                found.append(line)
        except OSError:
            continue
    return found


@pytest.mark.parametrize("lines", [1, 12])
def test_ctrl_c(tmp_path: Path, micropython: object, lines: int) -> None:
    out = tmp_path / "demo"
    pipe = subprocess.PIPE
    with subprocess.Popen(command(out), stdout=pipe, stderr=pipe, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        for _ in range(lines):
            process.stdout.readline()
        assert alive(out)
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the whole group
        _, errors = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 1 and len(errors.splitlines()) == 1, errors
    assert alive(out) == []
    assert not (out / "package").exists()
    if lines == 1:
        return  # once is enough: a demo takes its time
    again = subprocess.run(command(out), capture_output=True, text=True, timeout=300, check=False)
    assert (again.returncode, again.stderr) == (0, "")
    assert alive(out) == []
