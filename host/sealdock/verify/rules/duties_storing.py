# SPDX-License-Identifier: Apache-2.0
"""Duties about handing a recording in on time."""

import datetime
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import chinese_calendar  # type: ignore[import-untyped]

from sealdock.profile import Profile

from ..verdict import JUDGEMENT, MET, NOT_MET, Article
from .procedure import Facts, Text, article

HOUR_MS = 3_600_000


def stored(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That a station held everything before the term was over, by the receipt's time."""
    rule = profile.store
    closed = facts.session.closed
    if closed is None or closed.utc is None or facts.receipt is None or facts.findings.worst("time") != "anchored":
        text = "no trusted time of both the end and the receipt", "结束时间与回执时间缺少可信依据"
        yield from article(rule.src, rule.basis, JUDGEMENT, text)
        return
    taken = facts.receipt["taken"]
    if taken is None:
        text = "only the station says when it was received", "接收时间仅有采集站的说明"
        yield from article(rule.src, rule.basis, JUDGEMENT, text)
        return
    verdict, text = _in_time(profile, closed.utc[0], facts.receipt["utc"])
    if verdict == MET and taken.utc is not None and _in_time(profile, closed.utc[0], taken.utc[0])[0] != MET:
        where = _said(taken.utc[0], profile.tz)
        text = f"the recorder got the receipt only on {where}", f"记录仪于 {where} 才收到回执"
        verdict = JUDGEMENT
    yield from article(rule.src, rule.basis, verdict, text)


def _in_time(profile: Profile, finished: int, received: int) -> tuple[str, Text]:
    rule = profile.store
    deadline = due(rule.kind, rule.n, finished, profile.tz)
    taken = _said(received, profile.tz)
    if deadline is None:
        return JUDGEMENT, (f"taken on {taken}; the term cannot be counted", f"{taken} 存入；期限无法计算")
    if received <= deadline:
        return MET, (f"taken on {taken}, due by {_said(deadline, profile.tz)}", f"{taken} 存入，期限为 {_said(deadline, profile.tz)}")
    late = f"taken on {taken}, was due by {_said(deadline, profile.tz)}", f"{taken} 存入，已超过期限 {_said(deadline, profile.tz)}"
    # An extension or a hand-over to the custodian is on paper: a person knows of it, the recording does not.
    return (JUDGEMENT if rule.extension or rule.handover_counts else NOT_MET), late


def due(kind: str, n: int | None, finished: int, tz: str) -> int | None:
    """The last UTC millisecond of the term; None when it cannot be counted (no figure, or a year without a holiday table)."""
    at = datetime.datetime.fromtimestamp(finished / 1000, ZoneInfo(tz))
    if kind == "hours" and n is not None:
        return finished + n * HOUR_MS
    if kind == "after_daily_work":
        return _end_of(at.date(), tz)
    if kind != "working_days" or n is None:
        return None
    day = at.date()
    try:
        while n:
            day += datetime.timedelta(days=1)
            n -= chinese_calendar.is_workday(day)
    except NotImplementedError:
        return None
    return _end_of(day, tz)


def _end_of(day: datetime.date, tz: str) -> int:
    after = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), ZoneInfo(tz))
    return int(after.timestamp() * 1000) - 1


def _said(utc: int, tz: str) -> str:
    return datetime.datetime.fromtimestamp(utc / 1000, ZoneInfo(tz)).strftime("%Y-%m-%d %H:%M")
