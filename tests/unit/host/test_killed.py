# SPDX-License-Identifier: Apache-2.0
"""SIGKILL at the durable steps of a sync: what was archived stays whole, the next run carries on, nothing is stated twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from line_double import LineDouble
from stations import StationBureau, enrol, make_builder, make_home, record_story
from test_sync import assert_all_archived, assert_receipts_hold
from tests.chainbuilder import ChainBuilder

from sealdock import setup
from sealdock.home import Home
from sealdock.station import Station, now_ms

SCRIPT = Path(__file__).parent / "killed.py"
SIGKILLED = -9


def killed(limit: int, home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SEALDOCK_HOME": str(home.path), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, str(SCRIPT), str(limit), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def story(folder: Path) -> tuple[Home, ChainBuilder]:
    home = make_home(folder)
    builder = make_builder(home)
    record_story(builder)
    return home, builder


def test_sync_survives_kills_at_its_durable_steps(tmp_path: Path) -> None:
    home, builder = story(tmp_path / "whole")
    with LineDouble(builder) as recorder:
        whole = killed(0, home, "sync", "--port", recorder.url)
    assert whole.returncode == 0, whole.stderr
    steps = int(whole.stderr.splitlines()[-1])
    assert steps > 40
    home, builder = story(tmp_path / "killed")
    kills = 0
    with LineDouble(builder) as recorder:
        # Each run gets a little further than the one before, so kills fall into every phase, also into the finishing of killed ones.
        for limit in range(1, steps, 5):
            run = killed(limit, home, "sync", "--port", recorder.url)
            kills += run.returncode == SIGKILLED
            with Station.open(home) as station:
                known = list(station.archive.records(builder.chain))
                assert known == builder.records[: len(known)]
            if run.returncode == 0:
                break
        last = killed(0, home, "sync", "--port", recorder.url)
        assert last.returncode == 0, last.stderr
    assert kills >= 5
    with Station.open(home) as station:
        assert_all_archived(station, builder)
        assert_receipts_hold(station, builder)


@pytest.mark.parametrize("limit", [1, 5, 12, 25])
def test_station_init_is_all_or_nothing(tmp_path: Path, limit: int) -> None:
    home = Home(tmp_path / "home")
    run = killed(limit, home, "station", "init", "--profile", "luoping", "--no-prompts")
    assert run.returncode == SIGKILLED
    assert not home.path.exists()
    setup.init(home, "luoping")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    with Station.open(home, write=True) as station:
        enrol(station, ChainBuilder(StationBureau(home), utc=now_ms()))
