# SPDX-License-Identifier: Apache-2.0
"""When what was recorded must be handed in, as far as the recorder can count, and when to remind of it. Pure.

Working days are counted from Monday to Friday: a recorder has no calendar of holidays. Holidays only lengthen the term; a working weekend
shortens it, and that only the station knows.
"""

from sealcam.sound import speech
from sealproto import clips
from sealproto.profile_keys import STORE_AFTER_DAILY_WORK, STORE_HOURS

_HOUR_MS = 3_600_000
_DAY_MS = 86_400_000
_FIRST_MS = 30 * 60_000  # of quiet after a session, or after power-on
_AGAIN_MS = 2 * _HOUR_MS


def sentence(profile: dict, ended: int | None, now: int | None) -> list | None:
    """What to say of the oldest session that no station holds. Times are UTC in ms; without a trusted time nothing is said."""
    if ended is None or now is None or now < ended:
        return None
    store = profile["store"]
    offset = profile["tz_minutes"] * 60_000
    if store["kind"] == STORE_HOURS:
        return _left(ended + store["left"] * _HOUR_MS - now)
    first, today = (ended + offset) // _DAY_MS, (now + offset) // _DAY_MS
    if store["kind"] == STORE_AFTER_DAILY_WORK:
        return speech.sentence(clips.STORE_TODAY) if today == first else speech.deadline(0, clips.HOURS)
    days = store["left"] - _working_days(first, today)
    return speech.deadline(days, clips.WORKING_DAYS) if days else _left((today + 1) * _DAY_MS - now - offset)  # the last day, to its end


def _left(ms: int) -> list:
    """Hours, and in the last of them minutes; what is over is overdue."""
    if ms >= _HOUR_MS:
        return speech.deadline(ms // _HOUR_MS, clips.HOURS)
    return speech.deadline(max(1, ms // 60_000) if ms > 0 else 0, clips.MINUTES)


def _working_days(first: int, last: int) -> int:
    """Working days after `first` up to `last`; day 0 is 1970-01-01, a Thursday."""
    weeks, rest = divmod(last - first, 7)
    return weeks * 5 + sum([1 for day in range(last - rest + 1, last + 1) if (day + 3) % 7 < 5])


class Reminders:
    """Says when it is time: half an hour after the recorder fell quiet, then every two hours."""

    def __init__(self) -> None:
        self._next: int | None = None
        self._count = 0

    def due(self, now_ms: int, owed: list, docked: bool) -> bool:
        """Ask it now and then. `owed`: ends of sessions that are not stored yet."""
        if not owed or docked:
            self._next = None
            return False
        if self._next is None or len(owed) != self._count:
            self._next, self._count = now_ms + _FIRST_MS, len(owed)
        if now_ms < self._next:
            return False
        self._next = now_ms + _AGAIN_MS
        return True
