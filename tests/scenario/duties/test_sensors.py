# SPDX-License-Identifier: Apache-2.0
"""A sensor that is silent, or says what cannot be, is a signed fault and never a guess; recording goes on, and no such time is spoken."""

from typing import Any

import pytest

from sealproto import clips, codes
from sealproto import records as rec
from sealproto.profile_keys import CHECK_BATTERY, CHECK_CLOCK
from sealsim.recorder import MENU, RECORD
from sealsim.scenario.stage import Stage
from tests.scenario.duties.test_self_test import docked, faults, said, stage

__all__ = ["stage"]

BATTERY_SENSOR, THERMOMETER, CLOCK, CLOCK_UNSET, CLOCK_STEPPED = 2, 9, 11, 12, 13  # sealcam.faults
WRONG: list[tuple[dict[str, Any], int]] = [
    ({"name": "battery", "fault": True}, BATTERY_SENSOR),
    ({"name": "battery", "mv": 0}, BATTERY_SENSOR),
    ({"name": "battery", "mv": 9000}, BATTERY_SENSOR),
    ({"name": "battery", "temperature": 400}, THERMOMETER),
    ({"name": "battery", "temperature": -100}, THERMOMETER),
    ({"name": "clock", "fault": True}, CLOCK),
    ({"name": "clock", "lost": True}, CLOCK_UNSET),
    ({"name": "clock", "step_ms": 3_600_000}, CLOCK_STEPPED),
    ({"name": "clock", "step_ms": -10_000}, CLOCK_STEPPED),
]


@pytest.mark.parametrize(("broken", "code"), WRONG, ids=lambda value: str(value))
def test_recording_goes_on_and_the_fault_is_signed_once(stage: Stage, broken: dict[str, Any], code: int) -> None:
    recorder = stage.active
    recorder.press(RECORD)
    recorder.run_for(12_000)
    recorder.op(**broken)
    recorder.run_for(12_000)
    recorder.press(RECORD)
    recorder.run_for(12_000)
    before = len(said(stage))
    recorder.press(MENU, 1800)
    recorder.run_for(25_000)
    (check,) = [sentence.split() for sentence in said(stage)[before:] if str(clips.PREFLIGHT) in sentence.split()]
    if broken["name"] == "clock":
        assert str(clips.CLOCK_NOT_SET) in check
    if code == BATTERY_SENSOR:
        assert str(clips.CHARGE_LEFT) not in check
    recorder.set_battery(4000, temperature=24)
    recorder.op("battery", fault=False)
    recorder.op("clock", fault=False)
    signed = docked(stage)
    assert faults(signed).count(code) == 1
    assert set(faults(signed)) == {code}
    assert {fields["fact"] for fields in signed(rec.INTERRUPT)} <= {codes.FACT_STOP_PRESSED}
    assert sum(fields["samples"] for fields in signed(rec.SEGMENT)) > 22 * 16_000
    items = {item[0]: item[1:] for item in signed(rec.PREFLIGHT)[-1]["items"]}
    assert items[CHECK_CLOCK][0] == (broken["name"] != "clock")
    assert (items[CHECK_BATTERY][1] is None) == (code == BATTERY_SENSOR)


def test_a_clock_that_is_dead_at_the_dock_keeps_no_recording_back(stage: Stage) -> None:
    recorder = stage.active
    recorder.press(RECORD)
    recorder.run_for(12_000)
    recorder.op("clock", fault=True)
    recorder.run_for(8000)
    recorder.press(RECORD)
    recorder.run_for(12_000)
    signed = docked(stage)
    assert faults(signed) == [CLOCK]
    assert sum(fields["samples"] for fields in signed(rec.SEGMENT)) > 18 * 16_000
    assert len(signed(rec.CLOCK_SET)) == 1, "that of the enrolment: nothing was signed that could not be done"
    assert signed(rec.RECEIPT)
    recorder.op("clock", fault=False, lost=True)
    assert len(docked(stage)(rec.CLOCK_SET)) == 2
