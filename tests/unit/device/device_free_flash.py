# SPDX-License-Identifier: Apache-2.0
"""Free flash is counted when it is not known well enough, since that takes a small processor a while."""

from sealcam import parts
from sealcam.chain import durable

STOP_BYTES = 100_000


class Recorder(parts.Parts):
    """As far as free flash asks; also its own board, clock and file system."""

    FLASH_FREE_STOP_BYTES = STOP_BYTES
    folder = "/flash"

    def __init__(self) -> None:
        self.board = self.clock = self
        self._flash = None
        self.now = 0
        self.blocks = 100
        self.counted = 0

    def ms(self) -> int:
        return self.now

    def statvfs(self, folder: str) -> tuple:
        assert folder == "/flash"
        self.counted += 1
        return 4096, 4096, 768, self.blocks


def free(recorder: Recorder, *within_ms: int) -> int:
    os, durable.os = durable.os, recorder
    try:
        return recorder.flash_free(*within_ms)
    finally:
        durable.os = os


def test_a_count_serves_for_a_while_and_never_longer():
    recorder = Recorder()
    assert free(recorder) == 100 * 4096
    recorder.blocks = 90
    recorder.now = 10_000
    assert free(recorder) == 100 * 4096 and recorder.counted == 1
    assert free(recorder, 9999) == 90 * 4096 and recorder.counted == 2
    recorder.blocks = 80
    recorder.now = 26_000
    assert free(recorder) == 80 * 4096 and recorder.counted == 3


def test_little_is_counted_every_time():
    recorder = Recorder()
    recorder.blocks = 24
    assert free(recorder) < STOP_BYTES
    recorder.blocks = 23
    assert free(recorder) == 23 * 4096 and recorder.counted == 2
