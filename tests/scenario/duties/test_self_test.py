# SPDX-License-Identifier: Apache-2.0
"""At power-on and at each spoken check the recorder hears its own tone; what is dead or covered is seen, felt, said and signed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sealdock.station import Station
from sealproto import clips
from sealproto import records as rec
from sealproto.profile_keys import CHECK_SOUND
from sealsim.recorder import MENU, RECORD
from sealsim.scenario.kit import Kits, Wanted
from sealsim.scenario.stage import Stage

HEARING = 8  # sealcam.faults
TONE_FAULTS: list[dict[str, Any]] = [
    {"name": "speaker", "fault": "dead"},
    {"name": "speaker", "gain": 2},
    {"name": "microphone", "fault": "dead"},
    {"name": "microphone", "gain": 4},
]


@pytest.fixture
def stage(kits: Kits, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Stage]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    wanted = Wanted("luoping")
    made = Stage(*kits.copy(wanted), wanted)
    yield made
    made.close()


def docked(stage: Stage) -> Callable[[int], list[dict[str, Any]]]:
    """Docks; a function that gives the bodies of all the recorder's records of a type."""
    stage.dock()
    with Station.open(stage.home) as station:
        (recorder,) = station.archive.recorders()
        found = [rec.Record(raw) for raw in station.archive.records(recorder.chain)]
    return lambda kind: [record.fields for record in found if record.type == kind and record.fields]


def faults(signed: Callable[[int], list[dict[str, Any]]]) -> list[int]:
    return [fields["code"] for fields in signed(rec.FAULT)]


def lights(stage: Stage) -> int:
    """What the green light does."""
    return [event.details["green"] for event in stage.active.events if event.name == "lights"][-1]


def said(stage: Stage) -> list[str]:
    return [event.details["details"][0] for event in stage.active.events if event.name == "trace" and event.details["what"] == "say"]


def test_whole(stage: Stage) -> None:
    stage.active.press(MENU, 1800)
    stage.active.run_for(25_000)
    stage.active.press(RECORD)
    stage.active.run_for(12_000)
    stage.active.press(RECORD)
    stage.active.run_for(3000)
    signed = docked(stage)
    assert HEARING not in faults(signed)
    (opened,) = signed(rec.SESSION_OPEN)
    checked = {item: (passed, value) for item, passed, value in opened["check"]}
    assert checked[CHECK_SOUND][0] and checked[CHECK_SOUND][1] > 5000
    assert sum(f"{clips.PART_SOUND} {clips.GOOD}" in sentence for sentence in said(stage)) == 1


@pytest.mark.parametrize("broken", TONE_FAULTS, ids=str)
def test_broken(stage: Stage, broken: dict[str, Any]) -> None:
    recorder = stage.active
    recorder.op(**broken)
    before = len(recorder.events)
    recorder.press(MENU, 1800)
    recorder.run_for(25_000)
    assert any(event.name == "buzz" and event.details["ms"] == 1500 for event in recorder.events[before:])
    assert lights(stage) == 3  # green blinks fast
    assert any(f"{clips.PART_SOUND} {clips.BAD}" in sentence for sentence in said(stage))
    recorder.op(broken["name"], fault=None, gain=256)
    recorder.press(MENU, 1800)
    recorder.run_for(25_000)
    assert lights(stage) == 1
    signed = docked(stage)
    assert faults(signed).count(HEARING) == 1
    checks = [dict((item[0], item[1:]) for item in fields["items"]) for fields in signed(rec.PREFLIGHT)]
    assert [check[CHECK_SOUND][0] for check in checks[-2:]] == [False, True]


def test_record_pressed_during_the_test_records_at_once(stage: Stage) -> None:
    recorder = stage.active
    recorder.press(MENU, 1800)
    recorder.run_for(1900)  # the tone is being played
    recorder.press(RECORD)
    recorder.run_for(12_000)
    recorder.press(RECORD)
    recorder.run_for(3000)
    signed = docked(stage)
    segments = signed(rec.SEGMENT)
    assert sum(fields["samples"] for fields in segments) > 10 * 16_000
    assert sum(fields["lost_samples"] for fields in segments) == 0
    assert HEARING not in faults(signed)
