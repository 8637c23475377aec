# SPDX-License-Identifier: Apache-2.0
"""The card's faults are seen by the application as hardware would show them."""

from errno import EIO, ENODEV
from typing import Any

import pytest
from tests.unit.sim.conftest import Build, traces

from sealsim.hardware import MIB, new_card
from sealsim.recorder import Recorder


def last(recorder: Recorder) -> list[Any]:
    recorder.run_for(60)
    return traces(recorder, "card")[-1]


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        ({}, "same"),
        ({"fault": "write"}, EIO),
        ({"fault": "read"}, EIO),
        ({"lie": "drop"}, "differs"),
        ({"lie": "flip"}, "differs"),
    ],
)
def test_faults(build: Build, fault: dict[str, Any], result: object) -> None:
    recorder = build("card")
    recorder.start()
    recorder.op("card", **fault)
    assert last(recorder)[0] == result
    recorder.op("card", fault=None, lie=None)
    assert last(recorder)[0] == "same"


def test_a_wrapping_card_betrays_itself_late(build: Build) -> None:
    recorder = build("card")
    recorder.start()
    recorder.op("card", lie="wrap", real_sectors=4)
    recorder.run_for(1000)
    assert {detail[0] for detail in traces(recorder, "card")} == {"same"}
    card = (recorder.home / "card.bin").read_bytes()
    assert card[:2048] != bytes(2048)
    assert card[3072:] == bytes(len(card) - 3072) or card[2048:] == bytes(len(card) - 2048)


def test_slow_writes_take_time(build: Build) -> None:
    recorder = build("card")
    recorder.start()
    assert last(recorder)[1] == 0
    recorder.op("card", slow_ms=400)
    recorder.run_for(2000)
    assert traces(recorder, "card")[-1][1] == 400


def test_removed_and_exchanged(build: Build) -> None:
    recorder = build("card")
    recorder.start()
    assert last(recorder) == ["same", 0, True]
    recorder.remove_card()
    assert last(recorder) == [ENODEV, 0, False]
    recorder.power_cut()
    recorder.start()
    assert last(recorder)[0] == ENODEV
    other = recorder.home / "other.bin"
    new_card(other, MIB)
    recorder.insert_card(other)
    recorder.run_for(1000)
    assert last(recorder)[0] == "same"
    assert other.read_bytes() != bytes(MIB)


def test_power_cut_tears_a_card_write(build: Build) -> None:
    recorder = build("card")
    recorder.start()
    recorder.op("cut", part="card", after=2, torn=700)
    recorder.run_for(1000)
    cut = recorder.events[-1]
    assert (cut.name, cut["part"], cut["torn"]) == ("cut", "card", 700)
    card = (recorder.home / "card.bin").read_bytes()
    assert card[cut["offset"] + 699] == 3
    assert card[cut["offset"] + 700 :] == bytes(len(card) - cut["offset"] - 700)
