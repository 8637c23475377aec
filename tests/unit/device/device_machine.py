# SPDX-License-Identifier: Apache-2.0
"""The table of states and events: whatever comes in whatever order, it stays in the table, and no way out of a fault is left open."""

from sealcam.officer import choices, lights, machine, recorder

RECORDING_STOPS = {  # what must end RECORDING, and where
    machine.RECORD_PRESSED: machine.INTERRUPTED,
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


def has(action):
    return any([hasattr(unit, "do_" + action) for unit in recorder.UNITS])


def yes(question):
    return True


def no(question):
    return False


def test_every_row_of_the_table_can_be_carried_out():
    for state, event, question, following, actions in machine.TABLE:
        assert state in machine.STATES and following in machine.STATES and event in machine.EVENTS, (state, event)
        assert not question or hasattr(recorder.Recorder, "is_" + question), question
        for action in actions:
            assert has(action) or hasattr(recorder.Recorder, "do_" + action), action
    for item in choices.ITEMS:
        assert has(choices.ITEMS[item]), choices.ITEMS[item]
    assert has("latch")


def test_no_row_is_out_of_reach():
    """Of the rows of a pair all but the last ask something, and each asks something else."""
    seen = {}
    for state, event, question, _, _ in machine.TABLE:
        earlier = seen.setdefault((state, event), [])
        assert "" not in earlier and question not in earlier, (state, event, question)
        earlier.append(question)


def test_what_ends_a_recording():
    for event in RECORDING_STOPS:
        one = machine.Machine(machine.RECORDING)
        assert one.step(event, no), machine.EVENTS[event]
        assert one.state == RECORDING_STOPS[event], machine.EVENTS[event]


def test_a_fault_withdraws_where_the_bureau_says_so():
    for event in (machine.CARD_FAILING, machine.SENSOR_LOST, machine.SEALING_FAILED):
        one = machine.Machine(machine.RECORDING)
        assert one.step(event, yes)[-1] == "withdraw"
        for other in range(len(machine.EVENTS)):
            if other not in (machine.HARD_FAULT, machine.ASSIGNED):
                one.step(other, yes)
                assert one.state == machine.WITHDRAWN, machine.EVENTS[other]


def test_an_interrupted_session_is_left_only_by_resuming_or_ending_it():
    for event in range(len(machine.EVENTS)):
        one = machine.Machine(machine.INTERRUPTED)
        one.step(event, yes)
        if one.state != machine.INTERRUPTED:
            ends = (machine.MARK_HELD, machine.ACTIVITY_ENDED, machine.UNANSWERED, machine.DOCKED)
            assert event in ends or event in (machine.RECORD_PRESSED, machine.HARD_FAULT), machine.EVENTS[event]


def test_a_fault_latches():
    for state in range(len(machine.STATES)):
        one = machine.Machine(state)
        assert one.step(machine.HARD_FAULT, no) == ("latch",)
        for event in range(len(machine.EVENTS)):
            one.step(event, yes)
            assert one.state == machine.FAULT


def test_recording_begins_only_from_where_it_may():
    began = set()
    for answer in (yes, no):
        for state in range(len(machine.STATES)):
            for event in range(len(machine.EVENTS)):
                one = machine.Machine(state)
                actions = one.step(event, answer)
                if one.state == machine.RECORDING and state != machine.RECORDING:
                    assert actions[-1] in ("open_session", "open_urgent", "resume"), actions
                    began.add((machine.STATES[state], machine.EVENTS[event]))
    assert began == {
        ("idle", "record-pressed"), ("idle", "take-over"), ("telling", "told"), ("telling", "record-held"), ("telling", "mark-pressed"),
        ("telling", "words-over"), ("interrupted", "record-pressed"),
    }  # fmt: skip


def test_record_never_waits_for_a_menu():
    """Whatever question is open, the record button starts, resumes or stops."""
    for state in (machine.IDLE, machine.RECORDING, machine.INTERRUPTED):
        for answer in (yes, no):
            one = machine.Machine(state)
            one.step(machine.RECORD_PRESSED, answer)
            assert one.state != state


def test_lights_tell_the_states_apart():
    for video in (True, False):
        shown = [lights.pattern(state, video, False, False) for state in range(len(machine.STATES))]
        assert len(set(shown)) == len(shown), shown
    recording = lights.pattern(machine.RECORDING, True, False, False)
    assert recording[1] == lights.ON and lights.pattern(machine.RECORDING, False, False, False)[2] == lights.ON
    assert lights.pattern(machine.RECORDING, True, True, False) != recording  # a warning shows while recording
