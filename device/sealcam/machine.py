# SPDX-License-Identifier: Apache-2.0
"""The recorder's behaviour: states, events, and what each pair does. No I/O, no clock.

States
  UNENROLLED   has no identity yet, or not a confirmed one
  ENROLLING    the menu button was held: a station may enrol it now
  IDLE         enrolled, no session open
  RECORDING    a session is open and media are sealed
  INTERRUPTED  a session is open, recording stopped for a cause that is signed; the officer resumes by pressing record
  FAULT        key store or chain cannot be trusted: latched until repaired

Actions are methods of `sealcam.recorder.Recorder` named `do_<action>`, run in order, one event after the other.
A pair that the table does not have does nothing, on purpose: every button is safe in every state.
"""

UNENROLLED, ENROLLING, IDLE, RECORDING, INTERRUPTED, FAULT = range(6)
STATES = ("unenrolled", "enrolling", "idle", "recording", "interrupted", "fault")

(
    RECORD_PRESSED, MARK_PRESSED, MARK_HELD, MENU_PRESSED, MENU_HELD,
    BATTERY_WARN, BATTERY_EMPTY, SLOTS_LOW, SLOTS_OUT, FLASH_LOW, CARD_REMOVED, CARD_FAILING, CARD_BACK, SENSOR_LOST, TOO_HOT,
    SEALING_FAILED, ENROLLED, ENROL_ENDED, ASSIGNED, HARD_FAULT, START_FAILED, RESUME_FAILED,
) = range(22)  # fmt: skip
EVENTS = (
    "record-pressed", "mark-pressed", "mark-held", "menu-pressed", "menu-held",
    "battery-warn", "battery-empty", "slots-low", "slots-out", "flash-low", "card-removed", "card-failing", "card-back",
    "sensor-lost", "too-hot",
    "sealing-failed", "enrolled", "enrol-ended", "assigned", "hard-fault", "start-failed", "resume-failed",
)  # fmt: skip

# (state, event): (next state, actions)
TABLE = {
    (UNENROLLED, MENU_HELD): (ENROLLING, ("offer_enrolment",)),
    (UNENROLLED, RECORD_PRESSED): (UNENROLLED, ("refuse",)),
    (ENROLLING, RECORD_PRESSED): (ENROLLING, ("confirm_enrolment",)),
    (ENROLLING, MENU_HELD): (UNENROLLED, ("end_enrolment",)),
    (ENROLLING, ENROL_ENDED): (UNENROLLED, ("end_enrolment",)),
    (ENROLLING, ENROLLED): (IDLE, ("welcome",)),

    (IDLE, RECORD_PRESSED): (RECORDING, ("open_session",)),
    (IDLE, MARK_PRESSED): (IDLE, ("forecast",)),
    (IDLE, MENU_PRESSED): (IDLE, ("forecast",)),
    (IDLE, MENU_HELD): (IDLE, ("preflight",)),
    (IDLE, ASSIGNED): (IDLE, ("check_out",)),
    (IDLE, BATTERY_WARN): (IDLE, ("warn_battery",)),
    (IDLE, BATTERY_EMPTY): (IDLE, ("warn_battery",)),
    (IDLE, CARD_BACK): (IDLE, ("open_card",)),

    (RECORDING, RECORD_PRESSED): (IDLE, ("close_session",)),
    (RECORDING, START_FAILED): (IDLE, ("refuse",)),
    (RECORDING, RESUME_FAILED): (INTERRUPTED, ("refuse",)),
    (RECORDING, MARK_PRESSED): (RECORDING, ("mark",)),
    (RECORDING, MARK_HELD): (RECORDING, ("mark_objection",)),
    (RECORDING, MENU_PRESSED): (RECORDING, ("menu",)),
    (RECORDING, MENU_HELD): (RECORDING, ("announce_again",)),
    (RECORDING, BATTERY_WARN): (RECORDING, ("warn_quietly",)),
    (RECORDING, SLOTS_LOW): (RECORDING, ("warn_quietly",)),
    (RECORDING, BATTERY_EMPTY): (INTERRUPTED, ("interrupt_battery",)),
    (RECORDING, SLOTS_OUT): (INTERRUPTED, ("interrupt_slots",)),
    (RECORDING, FLASH_LOW): (INTERRUPTED, ("interrupt_slots",)),
    (RECORDING, CARD_REMOVED): (INTERRUPTED, ("interrupt_card_removed",)),
    (RECORDING, CARD_FAILING): (INTERRUPTED, ("interrupt_card_failing",)),
    (RECORDING, SENSOR_LOST): (INTERRUPTED, ("interrupt_sensor",)),
    (RECORDING, TOO_HOT): (INTERRUPTED, ("interrupt_heat",)),
    (RECORDING, SEALING_FAILED): (INTERRUPTED, ("interrupt_sealing",)),

    (INTERRUPTED, RECORD_PRESSED): (RECORDING, ("resume",)),
    (INTERRUPTED, MARK_HELD): (IDLE, ("abandon_session",)),
    (INTERRUPTED, MENU_PRESSED): (INTERRUPTED, ("forecast",)),
    (INTERRUPTED, MENU_HELD): (INTERRUPTED, ("preflight",)),
    (INTERRUPTED, BATTERY_EMPTY): (INTERRUPTED, ("warn_battery",)),
    (INTERRUPTED, CARD_BACK): (INTERRUPTED, ("open_card",)),
    (INTERRUPTED, ASSIGNED): (INTERRUPTED, ("check_out",)),

    (FAULT, RECORD_PRESSED): (FAULT, ("refuse",)),
    (FAULT, MENU_PRESSED): (FAULT, ("refuse",)),
}  # fmt: skip


class Machine:
    """The state, and the step from it."""

    def __init__(self, state: int) -> None:
        self.state = state

    def step(self, event: int) -> tuple:
        """Takes an event, changes the state and returns the actions."""
        if event == HARD_FAULT:
            self.state = FAULT
            return ("latch",)
        self.state, actions = TABLE.get((self.state, event), (self.state, ()))
        return actions
