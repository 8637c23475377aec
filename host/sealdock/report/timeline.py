# SPDX-License-Identifier: Apache-2.0
"""The picture of a session as SVG: recorded time to scale, interruptions as gaps of one width, announcements and marks above.

Interruptions last minutes or days and segments seconds, so no one scale fits both: a gap's length stands in it as text.
"""

from dataclasses import dataclass

from markupsafe import Markup, escape

from sealdock import vocabulary
from sealdock.verify.rules.session import Gap, Part
from sealproto import records as rec

from .facts import Facts, duration, utc_of

WIDTH = 960
GAP_WIDTH = 120
TOP, BAR, BOTTOM = 64, 34, 40
_MOST_SEGMENTS = 400  # drawn one by one; more would be finer than a pixel


@dataclass
class _Stretch:
    """One part on the picture: x of its beginning and end, and its milliseconds."""

    part: Part
    start_ms: int
    end_ms: int
    x: float = 0.0
    width: float = 0.0

    def at(self, ms: int) -> float:
        span = max(1, self.end_ms - self.start_ms)
        return self.x + self.width * min(1.0, max(0.0, (ms - self.start_ms) / span))


def timeline(facts: Facts) -> Markup:
    """The SVG element; empty when no segment can be believed."""
    session = facts.session
    stretches = [_stretch(part) for part in session.parts if part.segments] if session else []
    if session is None or not stretches:
        return Markup("")
    last_gap = any(gap.resume is None for gap in session.gaps)
    _lay_out(stretches, len(stretches) - 1 + last_gap)
    out = [_bars(stretch) for stretch in stretches]
    for index, gap in enumerate(session.gaps):
        before = stretches[min(index, len(stretches) - 1)]
        out.append(_gap(gap, before.x + before.width))
    out += [_times(facts, stretch) for stretch in stretches]
    out += _events(facts, stretches)
    height = TOP + BAR + BOTTOM
    head = f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="时间轴 timeline" xmlns="http://www.w3.org/2000/svg">'
    return Markup(head + "".join(out) + "</svg>")


def _stretch(part: Part) -> _Stretch:
    first, last = part.segments[0].fields or {}, part.segments[-1].fields or {}
    return _Stretch(part, first["start_ms"], last["end_ms"])


def _lay_out(stretches: list[_Stretch], gaps: int) -> None:
    free = WIDTH - 20 - GAP_WIDTH * gaps
    total = sum(max(1, s.end_ms - s.start_ms) for s in stretches)
    least = 40.0
    at = 10.0
    spare = max(0.0, free - least * len(stretches))
    for stretch in stretches:
        stretch.x = at
        stretch.width = least + spare * (stretch.end_ms - stretch.start_ms) / total
        at += stretch.width + GAP_WIDTH


def _bars(stretch: _Stretch) -> str:
    if len(stretch.part.segments) > _MOST_SEGMENTS:
        return f'<rect class="seg" x="{stretch.x:.1f}" y="{TOP}" width="{stretch.width:.1f}" height="{BAR}"/>'
    out = []
    for record in stretch.part.segments:
        fields = record.fields or {}
        x, end = stretch.at(fields["start_ms"]), stretch.at(fields["end_ms"])
        shade = "seg" if fields["number"] % 2 else "seg even"
        out.append(
            f'<rect class="{shade}" x="{x:.1f}" y="{TOP}" width="{max(0.5, end - x):.1f}" height="{BAR}">'
            f"<title>第 {fields['number']} 段 segment {fields['number']}</title></rect>"
        )
    return "".join(out)


def _gap(gap: Gap, x: float) -> str:
    tone = "gap" if gap.explained else "gap bad"
    middle = x + GAP_WIDTH / 2
    cause = vocabulary.CAUSES.zh(gap.cause) if gap.explained else vocabulary.FACTS.zh(gap.fact)
    length = duration(gap.length_ms) if gap.resume else "未恢复"
    return (
        f'<rect class="{tone}" x="{x:.1f}" y="{TOP}" width="{GAP_WIDTH}" height="{BAR}"/>'
        f'<text class="in" x="{middle:.1f}" y="{TOP + 15}">{escape(cause)}</text>'
        f'<text class="in" x="{middle:.1f}" y="{TOP + 29}">{escape(length)}</text>'
    )


def _times(facts: Facts, stretch: _Stretch) -> str:
    """When a part's first segment began and its last ended, on the wall."""
    out = []
    first, last = stretch.part.segments[0], stretch.part.segments[-1]
    begun = utc_of(first)
    fields = first.fields or {}
    begun = None if begun is None else begun - (fields["end_ms"] - fields["start_ms"])
    for utc, x, anchor, row in ((begun, stretch.x, "start", 0), (utc_of(last), stretch.x + stretch.width, "end", 1)):
        if utc is not None:
            shown = facts.clock(utc)[11:]
            out.append(f'<text class="time" x="{x:.1f}" y="{TOP + BAR + 15 + row * 15}" text-anchor="{anchor}">{shown}</text>')
    return "".join(out)


def _events(facts: Facts, stretches: list[_Stretch]) -> list[str]:
    by_part = {stretch.part.number: stretch for stretch in stretches}
    out = []
    for record in facts.session.events if facts.session else []:
        fields = record.fields or {}
        stretch = by_part.get(fields.get("part", -1))
        if stretch is None:
            continue
        if record.type == rec.ANNOUNCE:
            x, end = stretch.at(fields["start_ms"]), stretch.at(fields["end_ms"])
            wide = f"{max(2.0, end - x):.1f}"
            out.append(f'<rect class="say" x="{x:.1f}" y="{TOP - 16}" width="{wide}" height="8"><title>告知 announcement</title></rect>')
        elif record.type == rec.MARK:
            x = stretch.at(record.ms)
            name = escape(vocabulary.MARKS.zh(fields["code"]))
            out.append(f'<path class="mark" d="M{x:.1f} {TOP} l-5 -26 h10 z"><title>{name}</title></path>')
        elif record.type == rec.REASON_NOTE:
            x = stretch.at(record.ms)
            out.append(f'<circle class="note" cx="{x:.1f}" cy="{TOP - 32}" r="5"><title>说明原因 reason</title></circle>')
    return out
