# SPDX-License-Identifier: Apache-2.0
"""The recorder's wall clock: anchored between the dock that set it and the receipt after it, drifted, or unset.

Time never decides about order or integrity: an honest clock steps when it is set. Rules:

1. A session record without a time makes the answer "unset", and so does a package that shows no clock-set before the session.
2. The times of the session lie between that clock-set and the covering receipt, within the uncertainty that the recorder stated.
3. Between two clock-sets the times run with the milliseconds of a boot, and never back from boot to boot: a step that no station signed is
   a drift.
4. Where a station set the clock again after the session, the difference that it found is at most the uncertainty, TOLERANCE_MS and what a
   crystal wanders in the time between.
5. What a station set whose key was revoked for that record anchors nothing, and compares with nothing.
"""

from collections.abc import Callable

from sealproto import records as rec

from ..verdict import Findings

TOLERANCE_MS = 2000  # clocks are spoken to the minute; seconds change nothing that a person relies on
DRIFT_PPM = 100  # of a crystal: what a clock may wander on top in the time since it was set


def check_clock(
    findings: Findings,
    path: list[rec.Record],
    session: list[rec.Record],
    run: list[rec.Record],
    receipt: dict | None,
    revoked: Callable[[rec.Record], bool],
) -> None:
    """path: believed records before the session; run: all from session-open on; receipt: the covering one, or None.

    revoked: whether the station that a clock-set record names was revoked for it.
    """
    unset = next((record for record in session if record.utc is None), None)
    if unset is not None:
        findings.add("clock-unset", record=unset.seq)
        return
    setting = next((r for r in reversed(path) if _sets(r)), None)
    if not session or setting is None or setting.fields is None or receipt is None:
        findings.add("clock-unanchored", record=session[0].seq if session else None)
        return
    within = [record for record in run if record.seq <= session[-1].seq]
    false = next((r for r in [setting, *within] if _sets(r) and revoked(r)), None)
    if false is not None:
        findings.add("clock-revoked", record=false.seq)
        return
    since = setting.fields["after"]
    later = [record for record in run if record.seq > session[-1].seq and _sets(record) and not revoked(record)]
    worst = max(_outside(session, since, receipt["utc"]), _stepped(within), _compared(later, since))
    if worst:
        findings.add("clock-drifted", record=session[0].seq, seconds=round(worst / 1000, 1))


def _sets(record: rec.Record) -> bool:
    return record.type == rec.CLOCK_SET and record.fields is not None


def _outside(session: list[rec.Record], earliest: int, latest: int) -> int:
    """By how many ms the session's times lie outside their anchors; 0 when they lie between."""
    worst = 0
    for record in session:
        utc, _, uncertainty = record.utc
        allowed = _allowed(uncertainty, utc - earliest)
        worst = max(worst, earliest - utc - allowed, utc - latest - allowed)
    return worst


def _stepped(run: list[rec.Record]) -> int:
    """The largest step in ms that the clock made with no station setting it; 0 when it only ran."""
    worst = 0
    first: rec.Record | None = None  # of this boot since the clock was set
    for record in run:
        if record.utc is None:
            continue
        if first is not None and record.boot == first.boot:
            elapsed = record.ms - first.ms
            step = abs(record.utc[0] - first.utc[0] - elapsed)
        else:
            elapsed = 0
            step = 0 if first is None else first.utc[0] - record.utc[0]
        if step > _allowed(record.utc[2], elapsed):
            worst = max(worst, step)
        if record.type == rec.CLOCK_SET:
            first = None
        elif first is None or record.boot != first.boot:
            first = record
    return worst


def _compared(settings: list[rec.Record], since: int) -> int:
    """The difference in ms that a station found when it set the clock again after the session; 0 when it is within what is allowed."""
    fields = next((r.fields for r in settings if r.fields and r.fields["before"] is not None), None)
    if fields is None:
        return 0
    before, after = fields["before"], fields["after"]
    difference: int = abs(before - after)
    return difference if difference > _allowed(fields["uncertainty_ms"], after - since) else 0


def _allowed(uncertainty: int, elapsed: int) -> int:
    return TOLERANCE_MS + uncertainty + max(0, elapsed) * DRIFT_PPM // 1_000_000
