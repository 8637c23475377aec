# SPDX-License-Identifier: Apache-2.0
"""One session as its believed records tell it: parts, segments, interruptions, and whether anything is missing between them.

State: the part that is open, the interruption that waits for its resume, counts so far.
Events are the session's records in their order; rules:

1. session-open comes once and first, session-close once and last; announcements, marks and notes may stand anywhere between. Behind the
   close only a mark may come that says to whom it was reported.
2. A segment belongs to the open part and to the boot in which the part began. Its number, first frame and first sample continue the
   segment before; a number may be skipped only for an unsealed tail that the recorder found and said so.
3. interrupt closes the part; resume opens the next one and names that interrupt. A new boot while a part is open is a gap that
   nobody signed for.
4. A gap is explained by a cause that the measured fact proves, by the officer who pressed stop and chose the cause, or by a
   reason-note of the officer: a cause, or a span of the sound that holds words. A cause that the fact does not prove explains
   nothing by itself; nor does a note that no officer stated, nor a cause that this version does not know.
5. What interrupt and session-close count is what there is. An interrupt may count one segment more than was sealed: the one that was
   open, whose frames and samples are lost or lie in an unsealed tail; the next part counts on from there.
6. Stopping by hand acts at once and its reason is asked afterwards: an interrupt with that fact, behind which the session is closed without
   a resume, is the session's end and no gap, unless the officer named another cause than the activity's end or a segment was lost.
7. A part holds as much sound as time passed in it (pace.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sealdock.vocabulary import CAUSES, FACTS
from sealproto import codes
from sealproto import records as rec

from ..verdict import Findings
from .pace import Pace

# The legal causes that a measured fact proves, and the measured value that must stand beside it.
_FAULTS = frozenset((codes.CAUSE_DEVICE_FAULT, codes.CAUSE_DEVICE_INOPERABLE))
PROVES: Mapping[int, frozenset[int]] = {
    codes.FACT_VOLTAGE_BELOW: frozenset((codes.CAUSE_BATTERY_LOW,)),
    codes.FACT_SLOTS_EXHAUSTED: frozenset((codes.CAUSE_STORAGE_FULL,)),
    codes.FACT_CARD_FAILING: _FAULTS,
    codes.FACT_SENSOR_LOST: _FAULTS,
    codes.FACT_OVER_TEMPERATURE: frozenset((codes.CAUSE_DEVICE_INOPERABLE,)),
    codes.FACT_WATCHDOG_RESTART: _FAULTS,
    codes.FACT_SEALING_FAILED: _FAULTS,
}
_MEASURED = {codes.FACT_VOLTAGE_BELOW: rec.MEASURED_MV, codes.FACT_SLOTS_EXHAUSTED: rec.MEASURED_FREE_SLOTS}
_NO_EXPLANATION = (codes.CAUSE_NOT_STATED, codes.CAUSE_ENFORCEMENT_ENDED)


@dataclass
class Gap:
    """One interruption. `cause` is the one that explains it, 0 when none does; `stated_by` is a STATED_BY_* or None.

    `lost`: a segment had been begun and was never sealed.
    """

    interrupt: rec.Record
    fact: int
    cause: int
    stated_by: int | None
    lost: bool
    resume: rec.Record | None = None
    notes: list[rec.Record] = field(default_factory=list)
    silent: set[int] = field(default_factory=set)  # notes in whose span nothing is to be heard

    @property
    def spoken(self) -> rec.Record | None:
        """The note whose signed span holds the officer's own words."""
        for note in self.notes:
            by_voice = note.fields and note.fields["stated_by"] == codes.STATED_BY_OFFICER_VOICE and note.fields["samples"]
            if by_voice and note.seq not in self.silent:
                return note
        return None

    @property
    def explained(self) -> bool:
        return self.cause not in _NO_EXPLANATION or self.spoken is not None

    @property
    def length_ms(self) -> int | None:
        """How long nothing was recorded, as far as the recorder knew."""
        return self.resume.fields["length_ms"] if self.resume and self.resume.fields else None


@dataclass
class Part:
    """What one boot recorded of the session without interruption."""

    number: int
    opened: rec.Record
    segments: list[rec.Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pace = Pace(self.opened)
        self.unheard: tuple[rec.Record, int] | None = None  # the segment in which too much time had passed unheard, and how many ms


@dataclass
class Tail:
    """Blocks that lay on the card behind the last seal after power was lost."""

    record: rec.Record
    number: int


def explanation(fields: dict) -> tuple[int, int | None]:
    """(cause, who stated it) of an interrupt's own fields: what rule 4 accepts of it, else (0, None)."""
    fact, cause = fields["fact"], fields["cause"]
    needed = _MEASURED.get(fact)
    if CAUSES.term(cause) is None:
        return codes.CAUSE_NOT_STATED, None  # of a later vocabulary: it explains nothing to this reader
    if cause in PROVES.get(fact, ()) and (needed is None or needed in fields["measured"]):
        return cause, codes.STATED_BY_DEVICE
    if fact == codes.FACT_STOP_PRESSED and cause not in _NO_EXPLANATION:
        return cause, codes.STATED_BY_OFFICER_MENU
    return codes.CAUSE_NOT_STATED, None


class Session:
    """The session of one package. Feed records with add(), then finish()."""

    def __init__(self, findings: Findings, session: bytes) -> None:
        self.findings = findings
        self.id = session
        self.opened: rec.Record | None = None
        self.closed: rec.Record | None = None
        self.last: rec.Record | None = None
        self.parts: list[Part] = []
        self.gaps: list[Gap] = []
        self.tails: list[Tail] = []
        self.events: list[rec.Record] = []  # announcements, marks, notes, faults: what a report draws
        self._waiting: Gap | None = None
        self._number = self._frames = self._samples = 0
        self._handlers: dict[int, Callable[[rec.Record, dict], None]] = {
            rec.SESSION_OPEN: self._open,
            rec.SEGMENT: self._segment,
            rec.INTERRUPT: self._interrupt,
            rec.RESUME: self._resume,
            rec.REASON_NOTE: self._note,
            rec.TAIL_FOUND: self._tail,
            rec.SESSION_CLOSE: self._close,
        }

    @property
    def segments(self) -> list[rec.Record]:
        return [record for part in self.parts for record in part.segments]

    def add(self, record: rec.Record) -> None:
        """The next believed record of the run; those of other sessions pass by."""
        fields = record.fields
        if fields is None or (fields.get("session") or self.id) != self.id:
            return
        if fields.get("session") == self.id:
            self._mine(record, fields)
        elif record.type == rec.FAULT and self.opened and not self.closed:
            self.events.append(record)
            what = f"code {fields['code']}", f"代码 {fields['code']}"
            self.findings.add("fault-noted", record=record.seq, what=what)

    def _mine(self, record: rec.Record, fields: dict) -> None:
        if self.closed and record.type == rec.MARK and fields["code"] == codes.MARK_REPORTED:
            self._event(record, fields)
            return
        self.last = record
        if (self.opened is None) != (record.type == rec.SESSION_OPEN) or self.closed:
            self._misplaced(record)
            return
        self._handlers.get(record.type, self._event)(record, fields)

    def _misplaced(self, record: rec.Record) -> None:
        self.findings.add("session-order", record=record.seq, name=record.name)

    def _event(self, record: rec.Record, fields: dict) -> None:
        self.events.append(record)

    def _open(self, record: rec.Record, fields: dict) -> None:
        self.opened = record
        self.parts.append(Part(0, record))

    def _segment(self, record: rec.Record, fields: dict) -> None:
        part = self.parts[-1]
        if self._waiting or fields["part"] != part.number:
            self._misplaced(record)
        if record.boot != part.opened.boot:
            why = (
                f"boot {record.boot} records in a part of boot {part.opened.boot}",
                f"第 {part.opened.boot} 次开机的部分中出现第 {record.boot} 次开机的记录",
            )
            self.findings.add("gap-unsigned", record=record.seq, segment=fields["number"], why=why)
        self._tell_unheard()
        self._continues(record, fields)
        unheard = part.pace.add(fields)
        part.unheard = (record, unheard) if unheard else None
        part.segments.append(record)
        self._number = fields["number"] + 1
        self._frames = fields["first_frame"] + fields["frames"]
        self._samples = fields["first_sample"] + fields["samples"]

    def _continues(self, record: rec.Record, fields: dict) -> None:
        number = fields["number"]
        for missing in range(self._number, min(number, self._number + 1000)):
            self.findings.add("segment-missing", record=record.seq, segment=missing, number=missing)
        if number < self._number:
            why = "its number was used before", "编号重复"
            self.findings.add("segment-order", record=record.seq, segment=number, number=number, why=why)
        for name, expected in (("first_frame", self._frames), ("first_sample", self._samples)):
            if fields[name] != expected:
                why = f"{name} {fields[name]} where {expected} is next", f"{name} 为 {fields[name]}，应为 {expected}"
                self.findings.add("segment-order", record=record.seq, segment=number, number=number, why=why)
        self._lost(record, fields)

    def _tell_unheard(self) -> None:
        """Rule 7, of the segments so far, now that it is clear that no interruption follows the last of them."""
        part = self.parts[-1]
        if part.unheard:
            record, ms = part.unheard
            number = (record.fields or {})["number"]
            self.findings.add("media-short", record=record.seq, segment=number, number=number, seconds=round(ms / 1000, 1))
            part.unheard = None

    def _lost(self, record: rec.Record, fields: dict) -> None:
        """What the sensors lost inside a segment: a dropped picture now and then is noted, lost sound is a gap."""
        frames, samples = fields["lost_frames"], fields["lost_samples"]
        if not frames and not samples:
            return
        video = (self.parts[-1].opened.fields or {})["media"][0]
        few = video and frames <= video[2] and not samples
        code = "frames-dropped" if few else "media-lost"
        self.findings.add(code, record=record.seq, segment=fields["number"], number=fields["number"], frames=frames, samples=samples)

    def _interrupt(self, record: rec.Record, fields: dict) -> None:
        if self._waiting or fields["part"] != self.parts[-1].number:
            self._misplaced(record)
        lost = self._count(record, fields)
        cause, by = explanation(fields)
        self._waiting = Gap(record, fields["fact"], cause, by, lost)
        self.gaps.append(self._waiting)

    def _resume(self, record: rec.Record, fields: dict) -> None:
        if self._waiting is None or fields["interrupt"] != self._waiting.interrupt.seq or fields["part"] != self.parts[-1].number + 1:
            self._misplaced(record)
        if self._waiting:
            self._waiting.resume = record
        self._waiting = None
        self.parts.append(Part(fields["part"], record))

    def _note(self, record: rec.Record, fields: dict) -> None:
        self.events.append(record)
        for gap in self.gaps:
            if gap.interrupt.seq == fields["interrupt"]:
                gap.notes.append(record)
                by_officer = fields["stated_by"] in (codes.STATED_BY_OFFICER_MENU, codes.STATED_BY_OFFICER_VOICE)
                if by_officer and fields["cause"] not in _NO_EXPLANATION and CAUSES.term(fields["cause"]) is not None:
                    gap.cause, gap.stated_by = fields["cause"], fields["stated_by"]

    def _tail(self, record: rec.Record, fields: dict) -> None:
        if fields["number"] != self._number or fields["part"] != self.parts[-1].number or self._waiting:
            self._misplaced(record)
        self.tails.append(Tail(record, fields["number"]))
        self.findings.add("tail-unsealed", record=record.seq, segment=fields["number"], leaves=fields["leaves"])

    def _close(self, record: rec.Record, fields: dict) -> None:
        self.closed = record
        gap = self._waiting
        if gap and gap.fact == codes.FACT_STOP_PRESSED and gap.cause in _NO_EXPLANATION and not gap.lost:
            self.gaps.remove(gap)
        if gap is None:
            self._tell_unheard()
        self._waiting = None
        if fields["parts"] != len(self.parts):
            self._miscounted(record, ("parts", "部分数"), fields["parts"], len(self.parts))
        counts = (("segments", "段数", self._number), ("frames", "帧数", self._frames), ("samples", "采样数", self._samples))
        for name, zh, found in counts:
            if fields[name] != found:
                self._miscounted(record, (name, zh), fields[name], found)

    def _miscounted(self, record: rec.Record, what: tuple[str, str], said: int, found: int) -> None:
        self.findings.add("count-wrong", record=record.seq, what=what, said=said, found=found)

    def _count(self, record: rec.Record, fields: dict) -> bool:
        """Rule 5 at an interrupt: what was begun and not sealed has a number, frames and samples of its own. Whether there was any."""
        begun = fields["segments"] - self._number
        frames, samples = fields["frames"] - self._frames, fields["samples"] - self._samples
        if begun not in (0, 1):
            self._miscounted(record, ("segments", "段数"), fields["segments"], self._number)
        if frames < 0 or (frames and not begun):
            self._miscounted(record, ("frames", "帧数"), fields["frames"], self._frames)
        if samples < 0 or (samples and not begun):
            self._miscounted(record, ("samples", "采样数"), fields["samples"], self._samples)
        if begun == 1 and not any(tail.number == self._number for tail in self.tails):
            self.findings.add("begun-unsealed", record=record.seq, segment=self._number, number=self._number)
        self._number, self._frames, self._samples = fields["segments"], fields["frames"], fields["samples"]
        return begun > 0

    def finish(self) -> None:
        """What can be said only at the end: gaps, and whether the session was opened and closed."""
        for gap in self.gaps:
            code = "gap-explained" if gap.explained else "gap-unexplained"
            self.findings.add(code, record=gap.interrupt.seq, why=_why(gap))
        if self.opened is None:
            self.findings.add("session-missing")
        elif self.closed is None:
            if not self._waiting:
                self._tell_unheard()
            self.findings.add("session-open-ended", record=self.last.seq if self.last else None)


def _why(gap: Gap) -> tuple[str, str]:
    if gap.cause == codes.CAUSE_NOT_STATED and gap.spoken:
        return f"{FACTS.en(gap.fact)}; the officer said why (record {gap.spoken.seq})", (
            f"{FACTS.zh(gap.fact)}；执法人员已口述原因（第 {gap.spoken.seq} 条记录）"
        )
    return f"{FACTS.en(gap.fact)}; {CAUSES.en(gap.cause)}", f"{FACTS.zh(gap.fact)}；{CAUSES.zh(gap.cause)}"
