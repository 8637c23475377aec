# SPDX-License-Identifier: Apache-2.0
"""Chips keep what they were given: through kills, through torn writes, and by their own rules."""

from errno import EIO

import pytest
from tests.unit.sim.conftest import Build, traces


def test_synced_lines_survive_every_power_cut(build: Build) -> None:
    recorder = build("storage")
    synced = 0
    for ms in (0, 10, 137, 500, 211, 999):
        recorder.start()
        assert traces(recorder, "found")[-1][0] >= synced
        recorder.run_for(ms)
        recorder.power_cut()
        synced = traces(recorder, "synced")[-1][0]
    assert synced > 150
    assert not traces(recorder, "damaged")
    assert len(traces(recorder, "formatted")) == 1
    assert sum(recorder.wear()) > 10


@pytest.mark.parametrize(("after", "torn"), [(0, 0), (1, 1), (2, 16), (7, 40), (20, 511), (33, 4000)])
def test_power_cut_within_a_write(build: Build, after: int, torn: int) -> None:
    recorder = build("storage")
    recorder.start()
    recorder.run_for(200)
    recorder.op("cut", part="flash", after=after, torn=torn)
    recorder.run_for(10_000)
    assert not recorder.on
    assert recorder.events[-1].name == "cut"
    synced = traces(recorder, "synced")[-1][0]
    recorder.start()
    assert synced <= traces(recorder, "found")[-1][0] <= synced + 1
    assert not traces(recorder, "damaged")


def test_the_rules_of_flash_and_key_store(build: Build) -> None:
    recorder = build("chips")
    recorder.start()
    answers = {event["what"]: event["details"][0] for event in recorder.events if event.name == "trace"}
    assert answers["program"] == answers["clear bits"] == answers["store"] == 0
    assert answers["set bits"] == answers["store again"] == EIO
    assert answers["kept"] == b"secret\xff\xff".hex()
    assert answers["erased"] == "ff" * 8
    assert answers["no such block"] > 0
    recorder.op("keystore", fault="lost")
    recorder.run_for(100)
    assert traces(recorder, "later")[-1] == [EIO]
