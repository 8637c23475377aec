# SPDX-License-Identifier: Apache-2.0
"""What a report shows of a verdict, each as text in two languages: (Chinese, English)."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sealdock import vocabulary
from sealdock.package import layout
from sealdock.verify import Article, Verdict
from sealdock.verify.judgement import Evidence
from sealdock.verify.labels import ARTICLES, AXES, TOTALS, VALUES, Pair
from sealdock.verify.rules.session import Gap, Session
from sealdock.verify.rules.shapes import MAX_UTC
from sealproto import codes
from sealproto import records as rec


@dataclass(frozen=True)
class Row:
    """One line of a table, and the class that colours it."""

    cells: tuple[str | Pair, ...]
    tone: str = "none"


class Facts:
    """A verdict's facts for the template. `session` is None when nothing could be read."""

    def __init__(self, verdict: Verdict, tz: str) -> None:
        self.verdict = verdict
        self.evidence: Evidence | None = verdict.session
        source = self.evidence.profile.source if self.evidence and self.evidence.profile else None
        self.profile = source
        self.zone = ZoneInfo(source.tz if source else tz)

    @property
    def session(self) -> Session | None:
        return self.evidence.session if self.evidence else None

    @property
    def total(self) -> tuple[Pair, str]:
        return TOTALS[self.verdict.total]

    def axes(self) -> Iterator[tuple[Pair, Pair, Pair, str]]:
        """Name, question, value, tone of each axis."""
        for name, title, question in AXES:
            value = getattr(self.verdict, name)
            zh, tone = VALUES[value]
            yield title, question, (zh, value), tone

    def clock(self, utc: int | None, seconds: bool = True) -> str:
        """A UTC time in ms as a clock on the wall there shows it."""
        if utc is None or not 0 <= utc <= MAX_UTC:
            return "–"
        shape = "%Y-%m-%d %H:%M:%S" if seconds else "%m-%d %H:%M"
        return datetime.datetime.fromtimestamp(utc / 1000, self.zone).strftime(shape)

    def about(self) -> Iterator[tuple[Pair, str]]:
        """The session's particulars."""
        session, evidence = self.session, self.evidence
        if session is None or evidence is None or session.opened is None or session.opened.fields is None:
            return
        genesis = evidence.chain.genesis
        activity = session.opened.fields["activity"]
        yield ("执法记录编号", "Session"), session.id.hex()
        yield ("记录链", "Recorder's chain"), genesis.chain.hex() if genesis else "–"
        yield ("设备型号", "Board"), str(genesis.fields["board"]) if genesis and genesis.fields else "–"
        yield ("执法人员编号", "Officer's number"), "–" if evidence.officer is None else str(evidence.officer)
        yield ("执法活动", "Activity"), _both(vocabulary.ACTIVITIES, activity) if activity is not None else "–"
        if self.profile:
            yield ("适用规则", "Rules"), f"{self.profile.name_zh} {self.profile.title_zh}"
        yield ("开始", "Began"), self.clock(utc_of(session.opened))
        yield ("结束", "Ended"), self.clock(utc_of(session.closed))
        yield ("录制时长", "Recorded"), duration(sum(_ms(record) for record in session.segments))
        yield ("段数", "Segments"), str(len(session.segments))
        if evidence.receipt:
            yield ("采集站回执", "Receipt"), f"No. {evidence.receipt['counter']}, {self.clock(evidence.receipt['utc'])}"
        yield from self._approval(evidence.manifest)

    def _approval(self, manifest: dict | None) -> Iterator[tuple[Pair, str]]:
        """Under which approval the package was made."""
        approval = manifest["approval"] if manifest else None
        if approval:
            role, utc = approval.get(layout.APPROVAL_ROLE), approval.get(layout.APPROVAL_UTC)
            title = (self.profile.title(role) if self.profile else vocabulary.ROLES.zh(role)) if isinstance(role, int) else "–"
            when = self.clock(utc) if isinstance(utc, int) else "–"
            yield ("批准", "Approval"), f"No. {approval.get(layout.APPROVAL_NUMBER)}, {title}, {when}"

    def gaps(self) -> Iterator[Row]:
        """Interruptions: number, when, fact, cause, who said so, how long."""
        for number, gap in enumerate(self.session.gaps if self.session else [], 1):
            by = {codes.STATED_BY_DEVICE: ("设备实测", "measured"), codes.STATED_BY_OFFICER_MENU: ("执法人员选择", "officer's choice")}
            said = by.get(gap.stated_by, ("执法人员口述", "officer's words")) if gap.explained and gap.stated_by is not None else ("–", "")
            cells = (
                f"{number}",
                self.clock(utc_of(gap.interrupt)),
                (vocabulary.FACTS.zh(gap.fact), vocabulary.FACTS.en(gap.fact) + _measured(gap)),
                (vocabulary.CAUSES.zh(gap.cause), vocabulary.CAUSES.en(gap.cause)),
                said,
                duration(gap.length_ms),
                f"{gap.interrupt.seq}",
            )
            yield Row(cells, "good" if gap.explained else "bad")

    def announcements(self) -> Iterator[Row]:
        """Announcements: when, occasion, by what means, complete or not, where in the sound."""
        for record in self.session.events if self.session else []:
            fields = record.fields
            if record.type != rec.ANNOUNCE or fields is None:
                continue
            done = ("播放完整", "played whole") if fields["complete"] else ("未播完", "cut short")
            captured = self._in_sound(fields) if fields["first_sample"] is not None else ("未录制", "nothing captured")
            cells = (self.clock(utc_of(record)), OCCASIONS.get(fields["occasion"], ("其他", "other")), done, captured, f"{record.seq}")
            yield Row(cells, "none" if fields["complete"] else "open")

    def _in_sound(self, fields: dict) -> str:
        """Where in the session's sound an announcement begins, as h:mm:ss."""
        parts = {part.number: part.opened.fields for part in self.session.parts} if self.session else {}
        opened = parts.get(fields["part"])
        sound = opened["media"][1] if opened else None
        return duration(1000 * fields["first_sample"] // sound[0]) if sound and sound[0] else "–"

    def marks(self) -> Iterator[Row]:
        """Marks and notes of the officer."""
        for record in self.session.events if self.session else []:
            if record.type == rec.MARK and record.fields:
                code = record.fields["code"]
                yield Row((self.clock(utc_of(record)), (vocabulary.MARKS.zh(code), vocabulary.MARKS.en(code)), f"{record.seq}"))

    def articles(self) -> Iterator[tuple[Article, Pair, str]]:
        for article in self.verdict.articles:
            title, tone = ARTICLES[article.verdict]
            yield article, title, tone

    def findings(self) -> Iterator[Row]:
        for finding in self.verdict.findings:
            where = f"{finding.bytes[0]}–{finding.bytes[1]}" if finding.bytes else "–"
            tone = VALUES[finding.value][1] if finding.value else "none"
            cells = (
                finding.code,
                (finding.text_zh, finding.text),
                "–" if finding.record is None else str(finding.record),
                "–" if finding.segment is None else str(finding.segment),
                finding.file or "–",
                where,
            )
            yield Row(cells, tone)


OCCASIONS: dict[int, Pair] = {
    codes.OCCASION_FIRST: ("开始记录", "at the start"),
    codes.OCCASION_RESUME: ("恢复记录", "on resuming"),
    codes.OCCASION_RELAY_IN: ("接续记录", "on relay"),
    codes.OCCASION_REPEAT: ("重复告知", "repeated"),
    codes.OCCASION_ON_REQUEST: ("按需告知", "on request"),
    codes.OCCASION_CUE: ("提示", "cue"),
    codes.OCCASION_INTERRUPTION_REASON: ("说明中断原因", "reason of the interruption"),
    codes.OCCASION_WARNING: ("警示", "warning"),
    codes.OCCASION_PREFLIGHT: ("自检", "self-check"),
    codes.OCCASION_DEADLINE: ("期限提醒", "deadline"),
}


def _both(kind: vocabulary.Vocabulary, number: int) -> str:
    return f"{kind.zh(number)} ({kind.en(number)})"


def utc_of(record: rec.Record | None) -> int | None:
    """When a record was signed, by the recorder's clock."""
    return record.utc[0] if record and record.utc else None


def _ms(record: rec.Record) -> int:
    fields = record.fields or {}
    length: int = fields["end_ms"] - fields["start_ms"]
    return max(0, length)


def _measured(gap: Gap) -> str:
    fields = gap.interrupt.fields or {}
    millivolts = fields["measured"].get(rec.MEASURED_MV)
    return f" ({millivolts} mV)" if millivolts is not None else ""


def duration(ms: int | None) -> str:
    """h:mm:ss, or a dash when it is not known."""
    if ms is None:
        return "–"
    seconds = round(ms / 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
