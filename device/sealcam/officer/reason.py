# SPDX-License-Identifier: Apache-2.0
"""The officer's reason for an interruption: first in words, which become a signed span, then a cause from the profile's list by ear.

Pure: the recorder passes in what happened and acts on what comes back.
"""

from sealproto import codes

SPEAK_LIMIT_MS = 20_000  # then the span ends by itself
CHOOSE_LIMIT_MS = 30_000  # then the cause stays not stated

NONE, SPEAKING, CHOOSING = range(3)


class Reason:
    def __init__(self, interrupt: int, causes: list) -> None:
        """`interrupt`: sequence number of the interrupt record; `causes`: codes to choose from, in the profile's order."""
        self.interrupt = interrupt
        self.state = NONE
        self.cause = codes.CAUSE_NOT_STATED
        self.first_sample = 0
        self._causes = causes
        self._at = -1
        self._since = 0

    def begin_speaking(self, now_ms: int, sample: int) -> None:
        self.state = SPEAKING
        self.first_sample = sample
        self._since = now_ms

    def begin_choosing(self, now_ms: int) -> None:
        self.state = CHOOSING if self._causes else NONE
        self._since = now_ms

    def next(self, now_ms: int) -> int:
        """Steps to the next cause and returns it, to be said."""
        self._since = now_ms
        self._at = (self._at + 1) % len(self._causes)
        return self._causes[self._at]

    def choose(self) -> int | None:
        """Takes the cause said last; None when none was said yet."""
        if self._at < 0:
            return None
        self.cause = self._causes[self._at]
        self.state = NONE
        return self.cause

    def overdue(self, now_ms: int) -> bool:
        limit = SPEAK_LIMIT_MS if self.state == SPEAKING else CHOOSE_LIMIT_MS
        return self.state != NONE and now_ms - self._since >= limit
