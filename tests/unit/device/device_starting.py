# SPDX-License-Identifier: Apache-2.0
"""While a part begins the heap is collected less often, and afterwards as the board wants it."""

import gc

from sealcam.media.capture import SensorLost
from sealcam.media.session import StartRefused
from sealcam.officer import machine
from sealcam.officer.starting import Starting

BOARD_BYTES = 8192


class Recorder:
    """As far as beginning a part asks: parts, sessions and board are itself. `seen`: the collector's threshold at each step; `posted`: what
    the machine was told. `fails`: what the first sound raises.
    """

    def __init__(self, refuses: bool = False, fails: Exception | None = None) -> None:
        self.parts = self.sessions = self.board = self
        self.refuses = refuses
        self.fails = fails
        self.seen = []
        self.posted = []

    def open(self, what: str) -> str:
        self.seen.append(gc.threshold())
        if self.refuses:
            raise StartRefused("no room")
        return what

    def start_capture(self) -> None:
        self.seen.append(gc.threshold())
        if self.fails:
            raise self.fails

    def trace(self, *what) -> None:
        pass

    def post(self, event: int) -> None:
        self.posted.append(event)


def begun(recorder: Recorder, threshold: int) -> int:
    """The threshold after a start under it."""
    gc.threshold(threshold)
    try:
        assert Starting(recorder)._begun(recorder.open, "opened") == ("opened", True)
    except StartRefused:
        assert recorder.refuses
    found = gc.threshold()
    gc.threshold(-1)
    return found


def test_less_often_until_the_first_sound():
    recorder = Recorder()
    assert begun(recorder, BOARD_BYTES) == BOARD_BYTES
    assert len(recorder.seen) == 2 and min(recorder.seen) > 2 * BOARD_BYTES


def test_as_before_when_the_start_is_refused():
    recorder = Recorder(True)
    assert begun(recorder, BOARD_BYTES) == BOARD_BYTES
    assert len(recorder.seen) == 1 and recorder.seen[0] > 2 * BOARD_BYTES


def test_never_more_often_than_the_board_wants():
    for threshold in (-1, 1 << 20):
        recorder = Recorder()
        assert begun(recorder, threshold) == threshold
        assert recorder.seen == [threshold] * 2


def test_a_part_whose_first_sound_cannot_be_taken_is_interrupted():
    """It is open by then. The supervisor signs what nobody foresaw and starts the task anew, which finds what it must do."""
    for error, event in ((SensorLost("mute"), machine.SENSOR_LOST), (MemoryError(), machine.SEALING_FAILED)):
        recorder = Recorder(fails=error)
        try:
            assert Starting(recorder)._begun(recorder.open, "opened") == ("opened", False)
        except MemoryError as raised:
            assert raised is error
        assert recorder.posted == [event]
