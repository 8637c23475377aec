# SPDX-License-Identifier: Apache-2.0
"""Two clocks: the one that orders never falls, and the one that people read says nothing rather than something wrong."""

import gc

import vfs
from fake_board import Board, Flash

from sealcam.clockkeeping import Clockkeeper
from sealproto import records

UTC = 1_772_413_200_000


class Mounted:
    def __enter__(self) -> str:
        flash = Flash(16)
        vfs.VfsLfs2.mkfs(flash)
        vfs.mount(vfs.VfsLfs2(flash), "/clock")
        return "/clock"

    def __exit__(self, kind, error, trace) -> None:
        vfs.umount("/clock")
        gc.collect()


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
