# SPDX-License-Identifier: Apache-2.0
"""The page of states is what the recorder's table says."""

from tests import recorder_states


def test_the_page_of_states_is_current() -> None:
    made = recorder_states.text().rstrip("\n") + "\n"
    assert recorder_states.FILE.read_text(encoding="utf-8") == made, "run `python -m tests.recorder_states`"


def test_every_state_is_on_the_page() -> None:
    page = recorder_states.FILE.read_text(encoding="utf-8")
    assert all(f"| {state} |" in page for state in recorder_states.machine().STATES)
