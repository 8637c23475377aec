# SPDX-License-Identifier: Apache-2.0
"""Buttons, lights, vibration, the watchdog, and a battery that empties."""

import pytest
from tests.unit.sim.conftest import Build, traces

from sealdock.errors import SealdockError
from sealsim.recorder import MARK, MENU, RECORD, WATCHDOG
from sealsim.world import discharge, voltage


def test_presses_and_what_is_shown(build: Build) -> None:
    recorder = build("panel")
    recorder.start()
    begun = recorder.now_ms()
    recorder.press(RECORD, 30, after_ms=100)
    recorder.press(MARK, 50, after_ms=110)
    recorder.press(RECORD | MARK, 4, after_ms=301)  # between two readings, and yet in two of them
    recorder.run_for(500)
    lights = [(event.t - begun, event["green"], event["red"]) for event in recorder.events if event.name == "lights"]
    assert lights == [(100, 1, 0), (110, 1, 1), (130, 0, 1), (160, 0, 0), (310, 1, 1), (330, 0, 0)]
    assert [event["ms"] for event in recorder.events if event.name == "buzz"] == [10, 30, 20, 0, 30, 0]
    with pytest.raises(SealdockError, match="no such button"):
        recorder.press(8, 10)
    with pytest.raises(SealdockError, match="refused"):
        recorder.op("no such operation")


def test_the_watchdog_bites_a_hung_recorder(build: Build) -> None:
    recorder = build("panel")
    recorder.start()
    recorder.press(MENU, 100, after_ms=1000)
    begun = recorder.now_ms()
    recorder.run_for(60_000)
    bitten = next(event for event in recorder.events if event.name == "watchdog")
    assert 9_000 <= bitten.t - begun <= 21_000
    assert traces(recorder, "reset") == [[0], [WATCHDOG]]
    assert recorder.on
    assert recorder.now_ms() == begun + 60_000


def test_a_battery_empties_along_its_curve(build: Build) -> None:
    recorder = build("time", battery_ripple_mv=0)
    curve = recorder.hardware.battery_curve
    points = discharge(curve, recorder.now_ms(), minutes=1, percent=50)
    assert points[0][1] == 3820
    assert points[-1] == [recorder.now_ms() + 60_000, 3300]
    recorder.set_battery(points=points)
    recorder.start()
    recorder.run_for(70_000)
    seen = [details[1] for details in traces(recorder, "entropy")]
    assert seen == sorted(seen, reverse=True)
    assert 3800 < seen[0] <= 3820
    assert seen[-1] == 3300
    middle = round(voltage(curve, 25))
    assert any(abs(value - middle) < 6 for value in seen)
