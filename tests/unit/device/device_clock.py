# SPDX-License-Identifier: Apache-2.0
"""Two clocks: the one that orders never falls, and the one that people read says nothing rather than something wrong."""

from fake_board import Board
from mounted import Mounted

from sealcam import faults
from sealcam.clockkeeping import Clockkeeper
from sealproto import records

UTC = 1_772_413_200_000


def test_milliseconds_go_on_through_the_wrap():
    with Mounted() as folder:
        board = Board()
        clock = Clockkeeper(board, folder)
        last = clock.ms()
        wrapped = 0
        for _ in range(30):
            ticks = board.ticks_ms()
            board.pass_ms(3 * 86_400_000)
            wrapped += board.ticks_ms() < ticks
            assert clock.ms() == last + 3 * 86_400_000
            last = clock.ms()
        assert wrapped >= 6


def test_nothing_is_said_before_it_was_set():
    with Mounted() as folder:
        board = Board()
        board.clock.utc = UTC  # it runs, but nobody of the bureau has set it
        clock = Clockkeeper(board, folder)
        assert clock.utc() is None and clock.utc_ms() is None


def test_set_read_and_carried_over_a_boot():
    with Mounted() as folder:
        board = Board()
        Clockkeeper(board, folder).set(UTC, 40)
        board.pass_ms(100_000_000)
        utc, source, uncertainty = Clockkeeper(board, folder).utc()
        assert (utc, source) == (UTC + 100_000_000, records.CLOCK_DOCK)
        assert 40 < uncertainty < 40 + 5000  # it grows with the time since it was set


def test_a_clock_that_lost_its_power_is_unset_again():
    with Mounted() as folder:
        board = Board()
        Clockkeeper(board, folder).set(UTC, 40)
        board.clock.utc = None
        clock = Clockkeeper(board, folder)
        assert clock.utc() is None
        clock.set(UTC + 5, 1)
        assert clock.utc()[0] == UTC + 5


def test_a_clock_chip_that_does_not_answer_is_no_time():
    with Mounted() as folder:
        board = Board()
        clock = Clockkeeper(board, folder)
        clock.set(UTC, 40)

        def silent():
            raise OSError(5)

        board.clock.read_ms = silent
        assert clock.utc() is None


def watched(board, clock, seconds=30):
    found = []
    for _ in range(seconds):
        board.pass_ms(1000)
        wrong = clock.watch()
        if wrong:
            found.append(wrong[0])
    return found


def test_a_clock_that_runs_with_the_counter_is_believed():
    with Mounted() as folder:
        board = Board()
        clock = Clockkeeper(board, folder)
        assert watched(board, clock) == []  # never set: nothing to distrust
        clock.set(UTC, 40)
        assert watched(board, clock, 7200) == []
        board.clock.utc -= 1900  # whole seconds, read at any moment
        assert watched(board, clock) == []


def test_a_step_is_told_once_and_no_time_is_trusted_until_it_is_set():
    for step in (-3_600_000, -4000, 4000, 86_400_000):
        with Mounted() as folder:
            board = Board()
            clock = Clockkeeper(board, folder)
            clock.set(UTC, 40)
            assert watched(board, clock) == []
            board.clock.utc += step
            assert watched(board, clock) == [faults.CLOCK_STEPPED], step
            assert clock.utc() is None and Clockkeeper(board, folder).utc() is None
            clock.set(UTC + 99_000, 40)
            assert watched(board, clock) == [] and clock.utc() is not None


def test_a_clock_that_drifts_away_is_told():
    with Mounted() as folder:
        board = Board()
        clock = Clockkeeper(board, folder)
        clock.set(UTC, 40)
        for _ in range(3600):
            board.clock.utc += 1  # 1000 ppm: no crystal
            if watched(board, clock, 1) == [faults.CLOCK_STEPPED]:
                break
        else:
            raise AssertionError("not noticed")
        assert clock.utc() is None


def test_a_clock_that_lost_its_time_or_is_silent_is_told():
    with Mounted() as folder:
        board = Board()
        clock = Clockkeeper(board, folder)
        clock.set(UTC, 40)
        board.clock.utc = None
        assert watched(board, clock, 1) == [faults.CLOCK_UNSET]

        def silent():
            raise OSError(5)

        board.clock.read_ms = silent
        assert watched(board, clock, 1) == [faults.CLOCK]
