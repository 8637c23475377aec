# SPDX-License-Identifier: Apache-2.0
"""Two recorders in one world hand over by sound: each microphone hears the other's speaker."""

import pytest
from tests.unit.sim.conftest import Build, traces

from sealsim import reel
from sealsim.recorder import Recorder
from sealsim.world import BEGINNING_MS, World

OUT, IN = bytes(range(100, 132)).hex(), bytes(range(50, 82)).hex()
TOKEN = bytes(range(16)).hex()


def pair(build: Build, gain: int) -> tuple[World, Recorder, Recorder]:
    """The first gives (its clock is set), the second takes; they stand in the default scene, a market with a voice. `gain` 0: apart."""
    world = World()
    giver, taker = (build("relay", world=world, name=name, reel=reel.default(), heap="512k") for name in ("giver", "taker"))
    (giver.home / "rtc.json").write_text(f'{{"offset": 0, "base": {BEGINNING_MS}, "ppm": 0}}'.ljust(96))
    if gain:
        world.near(giver, taker, gain=gain)
    for recorder in (taker, giver):
        recorder.start()
    return world, giver, taker


@pytest.mark.parametrize("gain", [64, 16])
def test_both_name_each_other(build: Build, gain: int) -> None:
    world, giver, taker = pair(build, gain)
    world.run_for(12_000)
    assert traces(taker, "taken") == [[TOKEN, OUT]]
    assert traces(giver, "given") == [[IN]]
    world.run_for(60_000)
    assert traces(giver, "listener") == traces(taker, "listener") == [[False, 2]]


def test_out_of_earshot_both_learn_that_nobody_answered(build: Build) -> None:
    world, giver, taker = pair(build, 0)
    world.run_for(45_000)
    assert traces(giver, "given") == [[None]]
    assert traces(taker, "taken") == [[None]]


def test_an_answer_that_was_not_heard_is_given_again(build: Build) -> None:
    world, giver, taker = pair(build, 64)
    giver.op("microphone", gain=0)  # a hand over the giver's microphone
    world.run_for(9_000)
    assert traces(taker, "taken") == [[TOKEN, OUT]]
    assert traces(giver, "given") == []
    giver.op("microphone", gain=256)
    world.run_for(14_000)
    assert traces(giver, "given") == [[IN]]


def test_a_dead_speaker_hands_over_to_nobody(build: Build) -> None:
    world, giver, taker = pair(build, 64)
    giver.op("speaker", fault="dead")
    world.run_for(45_000)
    assert traces(giver, "given") == traces(taker, "taken") == [[None]]
