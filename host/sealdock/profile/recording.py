# SPDX-License-Identifier: Apache-2.0
"""Tables of a profile about the recording itself: announcing, what to record, interruptions, faults, content."""

from dataclasses import dataclass
from typing import Literal

from .kinds import Activity, Approval, Ban, Cause, Claim, Extent, Mark, Means, Modality, Order, Reason, Role, Sourced


@dataclass(frozen=True, kw_only=True)
class Choice(Sourced):
    """What the text of the announcement leaves open."""

    order: Order
    order_otherwise: Order | None = None
    order_allowed: tuple[Order, ...]
    means: tuple[Means, ...]
    on_resume: bool
    on_relay_in: bool
    cue_new_persons: bool | None = None
    prerecord: Literal["off", "video", "audio_video"] = "off"
    urgent_override: Literal["record_first"] | None = None


@dataclass(frozen=True, kw_only=True)
class Suggested(Sourced):
    """A wording that the bureau chose because its regulation has none."""

    wording: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, kw_only=True)
class Announce(Sourced):
    duty: Literal["must"] | None = None
    scope: Literal["every_recording", "activities"] | None = None
    activities: tuple[Activity, ...] | None = None
    moment: Literal["before", "at_switch_on_first", "during"] | None = None
    recipients: tuple[Literal["party", "other_side", "others_present"], ...] = ()
    by: Literal["officer"] | None = None
    must_convey: tuple[Literal["device_used", "recording_in_progress"], ...] = ()
    wording: str | None = None
    claims: tuple[Claim, ...] = ()
    cue_new_persons: bool = False
    choice: Choice
    suggested: Suggested | None = None

    @property
    def spoken(self) -> str:
        """The words that the recorder speaks."""
        if self.wording is not None:
            return self.wording
        return self.suggested.wording if self.suggested else ""

    @property
    def claimed(self) -> tuple[Claim, ...]:
        """What the spoken words assert of the recording."""
        return self.claims if self.wording is not None or not self.suggested else self.suggested.claims

    @property
    def cue(self) -> bool:
        return self.cue_new_persons or bool(self.choice.cue_new_persons)


@dataclass(frozen=True, kw_only=True)
class Record(Sourced):
    activity: Activity
    modality: Modality
    extent: Extent = "unspecified"
    uninterrupted: bool | None = None
    condition_zh: str | None = None
    needs: tuple[Approval, ...] = ()
    instrument: str | None = None


@dataclass(frozen=True, kw_only=True)
class Annex(Sourced):
    title_zh: str
    held: bool
    items: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Relief(Sourced):
    """When less than the whole suffices."""

    limit_h: int | None = None
    limit_on: tuple[Literal["normal_working_time", "storage", "battery"], ...] = ()
    relief: tuple[Literal["key_stages", "relay"], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Continuity(Sourced):
    applies: Literal["every_recording", "activities", "mandatory_only"] | None = None
    activities: tuple[Activity, ...] | None = None
    extent: Extent | None = None
    start: Literal["site_activity", "arrival_and_inspection"] | None = None
    end: Literal["inspection_end", "activity_end"] | None = None
    start_end_activities: tuple[Activity, ...] | None = None
    same_place_stop_start: Literal["forbidden", "objective_cause_only"] | None = None
    place_change_ends_rule: bool | None = None
    strength: Literal["must", "generally"] | None = None
    bans: tuple[Ban, ...] = ()
    relief: Relief | None = None


@dataclass(frozen=True, kw_only=True)
class CauseRule:
    cause: Cause
    action: Literal["spoken_reason", "report_and_note"]


@dataclass(frozen=True, kw_only=True)
class Cannot(Sourced):
    """What is owed when recording cannot go on."""

    report_to: Role
    when: Literal["immediately", "unspecified"]
    writing: Literal["statement_after", "note_in_document_if_any"] | None = None


@dataclass(frozen=True, kw_only=True)
class Interruption(Sourced):
    regime: Literal["excused_if_explained", "no_excuse_same_place", "silent"]
    causes: tuple[CauseRule, ...] = ()
    open: bool = False
    spoken_reason: Literal["must"] | None = None
    restore: Literal["asap"] | None = None
    cannot: Cannot | None = None


@dataclass(frozen=True, kw_only=True)
class NoRecord(Sourced):
    reason: Reason
    effect: Literal["forbidden", "unsuitable", "may_omit", "report", "by_law"]
    needs: tuple[Approval, ...] = ()
    report_to: Role | None = None
    writing: Literal["note_in_document_if_any", "work_record_reason_and_basis", "statement_after"] | None = None
    when: str | None = None


@dataclass(frozen=True, kw_only=True)
class Fault(Sourced):
    stop_at_once: bool
    report_to: Role
    repair_zh: str
    forbidden: tuple[Literal["disassemble", "replace"], ...] = ()
    release_by: Role | None = None


@dataclass(frozen=True, kw_only=True)
class Preflight(Sourced):
    items: tuple[Literal["battery", "storage"], ...]
    when: Literal["at_recording"]


@dataclass(frozen=True, kw_only=True)
class Content(Sourced):
    mark: Mark
    modality: Modality
    condition_zh: str | None = None


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A step of a case that is recorded in some form. `marks`: what an officer sets when it happens on site."""

    code: str
    title_zh: str
    on_site: bool
    marks: tuple[Mark, ...] = ()

    @property
    def article(self) -> str:
        """LP9 of LP9.10."""
        return self.code.partition(".")[0]

    @property
    def citation(self) -> str:
        """LP9(10) of LP9.10."""
        return f"{self.article}({self.code.partition('.')[2]})"
