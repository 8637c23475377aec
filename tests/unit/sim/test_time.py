# SPDX-License-Identifier: Apache-2.0
"""Virtual time: exact, repeatable, fast, and unharmed by the wrap of ticks_ms."""

import time

import pytest
from tests.unit.sim.conftest import Build, traces

from sealdock.errors import SealdockError
from sealsim.world import World

WRAP = 2**30


@pytest.mark.parametrize("start", [WRAP - 1_000, 0, WRAP - 1, WRAP // 2 - 700])
def test_asyncio_keeps_its_promises_across_the_wrap(build: Build, start: int) -> None:
    recorder = build("time", ticks_start=start)
    recorder.start()
    recorder.run_for(10_000)
    assert traces(recorder, "started") == [[start]]
    assert not traces(recorder, "overslept")
    results, waited, log, ticks = traces(recorder, "results")[0]
    assert results == "['a', 'b', 'timed out', None, None, None]"
    assert waited is True
    assert log == "xyzcancelled"
    assert ticks == (start + 1650) % WRAP
    assert traces(recorder, "spun") == [[True]]
    assert traces(recorder, "yielded") == [[]]


def test_two_runs_are_one(build: Build) -> None:
    stories = []
    for _ in range(2):
        recorder = build("time", entropy_seed="same")
        recorder.start()
        recorder.run_for(5_000)
        recorder.power_cut()
        recorder.start()
        recorder.run_for(5_000)
        stories.append(recorder.events)
    assert stories[0] == stories[1]
    draws = [details[0] for details in traces(recorder, "entropy")]
    assert len(set(draws)) == len(draws) > 4


def test_real_entropy_differs(build: Build) -> None:
    draws = []
    for _ in range(2):
        recorder = build("time")
        recorder.start()
        recorder.run_for(3_000)
        draws.append(traces(recorder, "entropy")[0][0])
    assert draws[0] != draws[1]


def test_an_hour_passes_in_seconds(build: Build) -> None:
    recorder = build("panel")
    recorder.start()
    started = time.monotonic()
    recorder.run_for(3_600_000)  # 360,000 wake-ups
    assert time.monotonic() - started < 20
    assert recorder.op("look")["ticks"] == (recorder.hardware.ticks_start + 3_600_000) % WRAP


def test_time_never_passes_the_gate(build: Build) -> None:
    recorder = build("panel")
    recorder.start()
    begun = recorder.now_ms()
    for ms in range(1, 25):
        recorder.run_for(1)
        assert recorder.op("look")["t"] == begun + ms


def test_recorders_share_a_world(build: Build) -> None:
    world = World()
    one, two = build("panel", world=world), build("panel", world=world)
    one.start()
    two.start()
    begun = world.now_ms
    world.run_for(500, step_ms=100)
    two.press(1, 100)
    world.run_for(500)
    assert [event.t - begun for event in two.events if event.name == "lights"] == [510, 600]
    assert not [event for event in one.events if event.name == "lights"]
    assert one.now_ms() == two.now_ms() == begun + 1000


def test_real_time_and_back(build: Build) -> None:
    recorder = build("panel")
    recorder.start()
    recorder.real(speed=20)
    with pytest.raises(SealdockError, match="real time"):
        recorder.run_for(10)
    begun = time.monotonic()
    before = recorder.now_ms()
    time.sleep(0.1)
    passed = recorder.now_ms() - before
    assert 1500 < passed < 20_000 * (time.monotonic() - begun) + 500
    recorder.press(2, 300)
    assert recorder.wait_for("trace", 5, what="buttons")["details"] == [2]
    recorder.gate()
    now = recorder.world.now_ms
    recorder.run_for(1000)
    assert recorder.op("look")["t"] == now + 1000


def test_the_clock_is_not_the_world(build: Build) -> None:
    recorder = build("panel", rtc_backed=True)
    recorder.start()
    assert recorder.op("look")["rtc"] is None
    recorder.op("clock", utc=1000)
    recorder.op("clock", ppm=100)
    recorder.run_for(1_000_000)
    assert recorder.op("look")["rtc"] == 1000 + 1_000_100
    recorder.power_cut()
    recorder.world.now_ms += 60_000
    recorder.start()
    assert recorder.op("look")["rtc"] == 1000 + 1_060_106
    recorder.op("clock", lost=True)
    assert recorder.op("look")["rtc"] is None


def test_a_clock_without_backup_forgets(build: Build) -> None:
    recorder = build("panel", rtc_backed=False)
    recorder.start()
    recorder.op("clock", utc=1000)
    recorder.power_cut()
    recorder.start()
    assert recorder.op("look")["rtc"] is None
