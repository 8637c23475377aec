# SPDX-License-Identifier: Apache-2.0
"""The recorder hears its own tone through its microphone, with the clip that firmware brings; and what breaks on the way is noticed."""

from typing import Any

import pytest
from tests.unit.sim.conftest import Build, traces

from sealsim import reel

BROKEN: list[dict[str, Any]] = [
    {"name": "speaker", "fault": "dead"},
    {"name": "speaker", "fault": "error"},
    {"name": "speaker", "gain": 3},
    {"name": "microphone", "fault": "dead"},
    {"name": "microphone", "gain": 4},
]


@pytest.mark.parametrize("scene", ["quiet", "default"])
def test_whole(build: Build, scene: str) -> None:
    recorder = build("hearing", reel=getattr(reel, scene)())
    recorder.start()
    recorder.run_for(60_000)
    levels = [level for (level,) in traces(recorder, "hears")]
    assert len(levels) > 8
    assert all(5000 < level < 9000 for level in levels), levels


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_broken(build: Build, broken: dict[str, Any]) -> None:
    recorder = build("hearing", reel=reel.default())
    recorder.start()
    recorder.op(**broken)
    recorder.run_for(60_000)
    assert [level for (level,) in traces(recorder, "hears")][1:] == [0] * (len(traces(recorder, "hears")) - 1)
    assert len(traces(recorder, "hears")) > 8


def test_a_lost_microphone_is_an_error(build: Build) -> None:
    recorder = build("hearing", reel=reel.default())
    recorder.start()
    recorder.op("microphone", fault="lost")
    recorder.run_for(20_000)
    assert traces(recorder, "lost")
    assert recorder.on
