# SPDX-License-Identifier: Apache-2.0
"""The table of states and events: whatever comes in whatever order, it stays in the table, and no way out of a fault is left open."""

from sealcam import lights, machine
from sealcam.recorder import Recorder

RECORDING_STOPS = {  # what must end RECORDING, and where
    machine.RECORD_PRESSED: machine.IDLE,
    machine.BATTERY_EMPTY: machine.INTERRUPTED,
    machine.SLOTS_OUT: machine.INTERRUPTED,
    machine.FLASH_LOW: machine.INTERRUPTED,
    machine.CARD_REMOVED: machine.INTERRUPTED,
    machine.CARD_FAILING: machine.INTERRUPTED,
    machine.SENSOR_LOST: machine.INTERRUPTED,
    machine.TOO_HOT: machine.INTERRUPTED,
    machine.SEALING_FAILED: machine.INTERRUPTED,
    machine.HARD_FAULT: machine.FAULT,
}


def test_every_action_of_the_table_exists():
    for state, event in machine.TABLE:
        following, actions = machine.TABLE[(state, event)]
        assert 0 <= state < len(machine.STATES) and 0 <= event < len(machine.EVENTS) and 0 <= following < len(machine.STATES)
        for action in actions:
            assert hasattr(Recorder, "do_" + action), action
    assert hasattr(Recorder, "do_latch")


def test_what_ends_a_recording():
    for event in RECORDING_STOPS:
        one = machine.Machine(machine.RECORDING)
        assert one.step(event), machine.EVENTS[event]
        assert one.state == RECORDING_STOPS[event], machine.EVENTS[event]


def test_an_interrupted_session_is_left_only_by_resuming_or_ending_it():
    for event in range(len(machine.EVENTS)):
        one = machine.Machine(machine.INTERRUPTED)
        one.step(event)
        if one.state != machine.INTERRUPTED:
            assert event in (machine.RECORD_PRESSED, machine.MARK_HELD, machine.HARD_FAULT), machine.EVENTS[event]


def test_a_fault_latches():
    for state in range(len(machine.STATES)):
        one = machine.Machine(state)
        assert one.step(machine.HARD_FAULT) == ("latch",)
        for event in range(len(machine.EVENTS)):
            one.step(event)
            assert one.state == machine.FAULT


def test_recording_begins_only_from_idle_or_an_interruption():
    for state in range(len(machine.STATES)):
        for event in range(len(machine.EVENTS)):
            one = machine.Machine(state)
            actions = one.step(event)
            if one.state == machine.RECORDING and state != machine.RECORDING:
                assert (state, event) in ((machine.IDLE, machine.RECORD_PRESSED), (machine.INTERRUPTED, machine.RECORD_PRESSED))
                assert actions[0] in ("open_session", "resume")


def test_lights_tell_the_states_apart():
    for video in (True, False):
        shown = [lights.pattern(state, video, False, False) for state in range(len(machine.STATES))]
        assert len(set(shown)) == len(shown), shown
    recording = lights.pattern(machine.RECORDING, True, False, False)
    assert recording[1] == lights.ON and lights.pattern(machine.RECORDING, False, False, False)[2] == lights.ON
    assert lights.pattern(machine.RECORDING, True, True, False) != recording  # a warning shows while recording
