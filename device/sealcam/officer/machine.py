# SPDX-License-Identifier: Apache-2.0
"""The recorder's behaviour: states, events, and what each pair does. No I/O, no clock.

States
  unenrolled   has no identity yet, or not a confirmed one
  enrolling    the menu button was held: a station may enrol it now
  idle         enrolled, no session open
  telling      record was pressed, people are being told, and no sensor is on yet
  recording    a session is open and media are sealed
  interrupted  a session is open and recording has stopped; record resumes it. After a stop by hand the reason is being asked
  withdrawn    out of use after a fault, where the bureau's rules say so; only a new check-out at a station ends it
  fault        key store or chain cannot be trusted: latched until repaired

A row is (state, event, question, next state, actions). Of the rows of a pair the first counts whose question is answered with yes; "" is
always yes. Questions are methods of `sealcam.officer.recorder.Recorder` named `is_<question>`; actions are methods named `do_<action>` of
the parts of the officer's side (`sealcam.officer.recorder.UNITS`), run in order, one event after the other. A pair without a row does
nothing, on purpose: every button is safe in every state. Record always means starting, resuming or stopping, and never waits for a menu;
menu steps through a menu, mark confirms and holding mark leaves it.

The rows are names, not numbers: a literal tuple of names stays in flash when it is frozen.
"""

UNENROLLED, ENROLLING, IDLE, RECORDING, INTERRUPTED, FAULT, TELLING, WITHDRAWN = range(8)
STATES = ("unenrolled", "enrolling", "idle", "recording", "interrupted", "fault", "telling", "withdrawn")

(
    RECORD_PRESSED, MARK_PRESSED, MARK_HELD, MENU_PRESSED, MENU_HELD,
    BATTERY_WARN, BATTERY_EMPTY, SLOTS_LOW, SLOTS_OUT, FLASH_LOW, CARD_REMOVED, CARD_FAILING, CARD_BACK, SENSOR_LOST, TOO_HOT,
    SEALING_FAILED, ENROLLED, ENROL_ENDED, ASSIGNED, HARD_FAULT, START_FAILED, RESUME_FAILED,
    RECORD_HELD, TOLD, WORDS_OVER, CHOOSING_OVER, UNANSWERED, ACTIVITY_ENDED, DOCKED, TAKE_OVER, REMIND,
) = range(31)  # fmt: skip
EVENTS = (
    "record-pressed", "mark-pressed", "mark-held", "menu-pressed", "menu-held",
    "battery-warn", "battery-empty", "slots-low", "slots-out", "flash-low", "card-removed", "card-failing", "card-back",
    "sensor-lost", "too-hot",
    "sealing-failed", "enrolled", "enrol-ended", "assigned", "hard-fault", "start-failed", "resume-failed",
    "record-held", "told", "words-over", "choosing-over", "unanswered", "activity-ended", "docked", "take-over", "remind",
)  # fmt: skip

TABLE = (
    ("unenrolled", "record-pressed", "", "unenrolled", ("refuse",)),
    ("unenrolled", "menu-held", "", "enrolling", ("offer_enrolment",)),

    ("enrolling", "record-pressed", "", "enrolling", ("confirm_enrolment",)),
    ("enrolling", "menu-held", "", "unenrolled", ("end_enrolment",)),
    ("enrolling", "enrol-ended", "", "unenrolled", ("end_enrolment",)),
    ("enrolling", "enrolled", "", "idle", ("welcome",)),

    ("idle", "record-pressed", "telling_first", "telling", ("tell_first",)),
    ("idle", "record-pressed", "", "recording", ("open_session",)),
    ("idle", "take-over", "telling_first", "telling", ("take_over", "tell_first")),
    ("idle", "take-over", "", "recording", ("take_over", "open_session")),
    ("idle", "mark-pressed", "choosing", "idle", ("choose",)),
    ("idle", "mark-pressed", "", "idle", ("forecast",)),
    ("idle", "mark-held", "choosing", "idle", ("leave_menu",)),
    ("idle", "mark-held", "", "idle", ("no_record_menu",)),
    ("idle", "menu-pressed", "", "idle", ("menu",)),
    ("idle", "menu-held", "", "idle", ("preflight",)),
    ("idle", "choosing-over", "", "idle", ("drop_menu",)),
    ("idle", "assigned", "", "idle", ("check_out",)),
    ("idle", "battery-warn", "", "idle", ("warn_battery",)),
    ("idle", "battery-empty", "", "idle", ("warn_battery",)),
    ("idle", "card-back", "", "idle", ("open_card",)),
    ("idle", "remind", "", "idle", ("remind",)),

    ("telling", "record-pressed", "", "idle", ("cancel_start",)),
    ("telling", "record-held", "hurrying_allowed", "recording", ("open_urgent",)),
    ("telling", "told", "", "recording", ("open_session",)),
    ("telling", "mark-pressed", "speaking", "recording", ("end_telling", "open_session")),
    ("telling", "words-over", "", "recording", ("end_telling", "open_session")),
    ("telling", "battery-empty", "", "idle", ("cancel_start", "warn_battery")),
    ("telling", "card-back", "", "telling", ("open_card",)),

    ("recording", "record-pressed", "", "interrupted", ("stop",)),
    ("recording", "start-failed", "", "idle", ("refuse",)),
    ("recording", "resume-failed", "", "interrupted", ("cannot_resume",)),
    ("recording", "mark-pressed", "speaking", "recording", ("end_words",)),
    ("recording", "mark-pressed", "choosing", "recording", ("choose",)),
    ("recording", "mark-pressed", "", "recording", ("mark",)),
    ("recording", "mark-held", "choosing", "recording", ("leave_menu",)),
    ("recording", "mark-held", "", "recording", ("mark_objection",)),
    ("recording", "menu-pressed", "speaking", "recording", ("end_words",)),
    ("recording", "menu-pressed", "", "recording", ("menu",)),
    ("recording", "menu-held", "", "recording", ("announce_again",)),
    ("recording", "words-over", "", "recording", ("end_words",)),
    ("recording", "choosing-over", "", "recording", ("drop_menu",)),
    ("recording", "battery-warn", "", "recording", ("warn_quietly",)),
    ("recording", "slots-low", "", "recording", ("warn_quietly",)),
    ("recording", "battery-empty", "", "interrupted", ("interrupt_battery",)),
    ("recording", "slots-out", "", "interrupted", ("interrupt_slots",)),
    ("recording", "flash-low", "", "interrupted", ("interrupt_flash",)),
    ("recording", "card-removed", "", "interrupted", ("interrupt_card_removed",)),
    ("recording", "card-failing", "withdrawing", "withdrawn", ("interrupt_card_failing", "withdraw")),
    ("recording", "card-failing", "", "interrupted", ("interrupt_card_failing",)),
    ("recording", "sensor-lost", "withdrawing", "withdrawn", ("interrupt_sensor", "withdraw")),
    ("recording", "sensor-lost", "", "interrupted", ("interrupt_sensor",)),
    ("recording", "too-hot", "", "interrupted", ("interrupt_heat",)),
    ("recording", "sealing-failed", "withdrawing", "withdrawn", ("interrupt_sealing", "withdraw")),
    ("recording", "sealing-failed", "", "interrupted", ("interrupt_sealing",)),

    ("interrupted", "record-pressed", "", "recording", ("resume",)),
    ("interrupted", "mark-pressed", "choosing", "interrupted", ("choose",)),
    ("interrupted", "mark-pressed", "", "interrupted", ("forecast",)),
    ("interrupted", "mark-held", "", "idle", ("end_session",)),
    ("interrupted", "menu-pressed", "", "interrupted", ("menu",)),
    ("interrupted", "menu-held", "", "interrupted", ("preflight",)),
    ("interrupted", "choosing-over", "", "interrupted", ("drop_menu",)),
    ("interrupted", "activity-ended", "", "idle", ("end_session",)),
    ("interrupted", "unanswered", "asked", "idle", ("end_unanswered",)),
    ("interrupted", "docked", "asked", "idle", ("end_unanswered",)),
    ("interrupted", "battery-warn", "", "interrupted", ("warn_battery",)),
    ("interrupted", "battery-empty", "", "interrupted", ("warn_battery",)),
    ("interrupted", "card-back", "", "interrupted", ("open_card",)),
    ("interrupted", "assigned", "", "interrupted", ("check_out",)),

    ("withdrawn", "record-pressed", "", "withdrawn", ("refuse_withdrawn",)),
    ("withdrawn", "mark-pressed", "choosing", "withdrawn", ("choose",)),
    ("withdrawn", "mark-pressed", "", "withdrawn", ("refuse_withdrawn",)),
    ("withdrawn", "mark-held", "choosing", "withdrawn", ("leave_menu",)),
    ("withdrawn", "menu-pressed", "", "withdrawn", ("menu",)),
    ("withdrawn", "menu-held", "", "withdrawn", ("preflight",)),
    ("withdrawn", "choosing-over", "", "withdrawn", ("drop_menu",)),
    ("withdrawn", "card-back", "", "withdrawn", ("open_card",)),
    ("withdrawn", "assigned", "", "idle", ("check_out",)),
    ("withdrawn", "remind", "", "withdrawn", ("remind",)),

    ("fault", "record-pressed", "", "fault", ("refuse",)),
    ("fault", "mark-pressed", "", "fault", ("refuse",)),
    ("fault", "menu-pressed", "", "fault", ("refuse",)),
)  # fmt: skip


class Machine:
    """The state, and the step from it."""

    def __init__(self, state: int) -> None:
        self.state = state

    def step(self, event: int, answer) -> tuple:
        """Takes an event, changes the state and returns the actions. `answer(question)` says yes or no."""
        if event == HARD_FAULT:
            self.state = FAULT
            return ("latch",)
        state, name = STATES[self.state], EVENTS[event]
        for row in TABLE:
            if row[0] == state and row[1] == name and (not row[2] or answer(row[2])):
                self.state = STATES.index(row[3])
                return row[4]
        return ()
