# SPDX-License-Identifier: Apache-2.0
"""A span of the recording in which the officer speaks: his reason, or his own announcement. Ended by a button or by time. Pure."""

LIMIT_MS = 20_000

REASON, URGENT, ANNOUNCEMENT = range(3)


class Words:
    """`sample`: where the span begins in the recording; None while nothing is recorded."""

    def __init__(self, kind: int, now_ms: int, sample: int | None) -> None:
        self.kind = kind
        self.first_sample = sample
        self._since = now_ms

    def over(self, now_ms: int) -> bool:
        return now_ms - self._since >= LIMIT_MS
