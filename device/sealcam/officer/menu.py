# SPDX-License-Identifier: Apache-2.0
"""A menu by ear: menu says the next item, mark takes the one said last. Pure: times are passed in, nothing is spoken here."""

LIMIT_MS = 30_000  # without a button a menu closes by itself
REASON_LIMIT_MS = 60_000  # a reason that is owed is asked for longer
_HINT_MS = 12_000  # name and first item take about five

MAIN, MARKS, ACTIVITIES, REASONS, NO_RECORD, MOMENT, REPORTED, RELAY = range(8)


class Menu:
    """`kind` says what choosing means. An item's clip is `base` + its code; `codes` may be bytes or a tuple."""

    def __init__(self, kind: int, name: int, base: int, codes, now_ms: int, limit_ms: int = LIMIT_MS) -> None:
        self.kind = kind
        self.name = name  # the clip that says what is to be chosen
        self.base = base
        self.codes = codes
        self._at = -1
        self._since = now_ms
        self._limit_ms = limit_ms
        self._hinted = False

    def next(self, now_ms: int) -> int:
        """Steps to the next item, after the last to the first, and returns its clip."""
        self._since = now_ms
        self._at = (self._at + 1) % len(self.codes)
        return self.base + self.codes[self._at]

    def choose(self) -> int | None:
        """The code of the item said last; None when none was said yet."""
        return None if self._at < 0 else self.codes[self._at]

    def puzzling(self, now_ms: int) -> bool:
        """True once, when no button has come for a while: whoever waits may not know which."""
        if self._hinted or now_ms - self._since < _HINT_MS:
            return False
        self._hinted = True
        return True

    def over(self, now_ms: int) -> bool:
        """Whether nobody answered in time."""
        return now_ms - self._since >= self._limit_ms
