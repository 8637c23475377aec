# SPDX-License-Identifier: Apache-2.0
"""Processes end when they should, and say why when they should not."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.unit.sim.conftest import HERE, Build

from sealdock.errors import SealdockError
from sealsim import reel
from sealsim.hardware import Hardware
from sealsim.recorder import Recorder, RecorderDied


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def ends(pid: int) -> bool:
    for _ in range(100):
        if not running(pid):
            return True
        time.sleep(0.05)
    return False


def test_a_broken_application_is_named(build: Build) -> None:
    recorder = build("fails", name="A17")
    recorder.start()
    with pytest.raises(RecorderDied, match=r"A17 stopped by itself, exit code 1: .*the application is broken"):
        recorder.run_for(2000)
    assert not recorder.on
    with pytest.raises(SealdockError, match="switched off"):
        recorder.run_for(10)


def test_an_application_that_cannot_start_is_named(build: Build, tmp_path: Path) -> None:
    recorder = build("fails")
    recorder.application = tmp_path / "no such.py"
    with pytest.raises(RecorderDied, match="stopped by itself"):
        recorder.start()


def test_an_exception_in_a_story_leaves_nothing_running(tmp_path: Path, micropython: Path) -> None:
    recorder = Recorder.create(tmp_path / "r", Hardware(), reel=reel.quiet(), application=HERE / "apps" / "app_panel.py")
    with pytest.raises(ZeroDivisionError), recorder:
        recorder.start()
        pid = recorder.pid
        assert running(pid)
        raise ZeroDivisionError
    assert not running(pid)


STORY = """
import sys, time
from pathlib import Path
from sealsim import reel
from sealsim.recorder import Recorder
recorder = Recorder.create(Path(sys.argv[1]), reel=reel.quiet(), application=Path(sys.argv[2]))
recorder.start(real=sys.argv[3] == "real")
print(recorder.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("mode", ["virtual", "real"])
def test_a_killed_simulator_takes_its_recorders_along(tmp_path: Path, micropython: Path, mode: str) -> None:
    command = [sys.executable, "-c", STORY, str(tmp_path / "r"), str(HERE / "apps" / "app_panel.py"), mode]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert running(pid)
        process.kill()
    assert ends(pid)


def test_hardware_is_made_once(tmp_path: Path) -> None:
    Hardware().build(tmp_path / "r")
    with pytest.raises(SealdockError, match="already holds"):
        Hardware().build(tmp_path / "r")
    with pytest.raises(SealdockError, match="no simulated recorder"):
        Hardware.load(tmp_path)
