# SPDX-License-Identifier: Apache-2.0
"""Tables of a profile about what follows: storing, labels, retention, access, erasure, custody, supervision."""

import datetime
from dataclasses import dataclass, field
from typing import Literal

from .kinds import (
    Approval,
    Approver,
    Ban,
    Capability,
    Field,
    Medium,
    Oversight,
    PartyKind,
    Reason,
    Role,
    Secrecy,
    Sourced,
    When,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Extension:
    kind: Literal["conditions_restored_hours", "approval"]
    n: int | None = None
    approver: Role | None = None


@dataclass(frozen=True, kw_only=True)
class Store(Sourced):
    kind: Literal["hours", "working_days", "after_daily_work"]
    n: int | None = None
    from_: Literal["recording_finished", "work_ended"] | None = field(default=None, metadata={"key": "from"})
    obligor: Role
    target_zh: str | None = None
    promptly: bool
    extension: Extension | None = None
    handover_counts: bool
    self_keep: Literal["forbidden"] | None = None
    end_of_work: datetime.time | None = None


@dataclass(frozen=True, kw_only=True)
class Label(Sourced):
    """The fields that one article asks for."""

    context: Literal["storage", "classification", "evidence_note"]
    fields: tuple[Field, ...]
    open: bool


@dataclass(frozen=True, kw_only=True)
class Term:
    n: int
    unit: Literal["month", "year"]


@dataclass(frozen=True, kw_only=True)
class Keep(Sourced):
    when: When
    min: Term | Literal["case_file", "long_term"]
    strength: Literal["must", "generally"]
    from_: Literal["recording_day"] | None = field(default=None, metadata={"key": "from"})
    case_kinds: tuple[str, ...] | None = None
    medium: tuple[Medium, ...] | None = None
    medium_open: bool = False


@dataclass(frozen=True, kw_only=True)
class Access(Sourced):
    act: Literal["view", "copy", "supply", "publish", "retrieve"]
    by: PartyKind
    approver: Approver | None = None
    form: Literal["written", "any"] | None = None
    via: Role | None = None
    keep_copy: bool = False
    register: tuple[Field, ...] | None = None
    before_act: bool = False
    except_zh: str | None = None
    law: str | None = None


@dataclass(frozen=True, kw_only=True)
class OpenInfo(Sourced):
    rule: Literal["excluded", "by_application"]


@dataclass(frozen=True, kw_only=True)
class Erase(Sourced):
    allowed_for: tuple[Reason, ...]
    needs: tuple[Approval, ...]


@dataclass(frozen=True, kw_only=True)
class SecrecyRule(Sourced):
    classes: tuple[Secrecy, ...]
    rule_zh: str


@dataclass(frozen=True, kw_only=True)
class Disc(Sourced):
    when: Literal["penalty_case_evidence", "evidence", "long_term_triggers"] | None = None
    medium: tuple[Medium, ...] = ()
    open: bool = False
    photos_exempt: bool = False
    with_file: bool | None = None


@dataclass(frozen=True, kw_only=True)
class EvidenceNote(Sourced):
    required: bool
    fields: tuple[Field, ...] = ()
    rule_zh: str | None = None


@dataclass(frozen=True, kw_only=True)
class Ratio(Sourced):
    per: Literal["established_posts", "officers", "office"]
    value: float | None = None
    device: str


@dataclass(frozen=True, kw_only=True)
class Capabilities(Sourced):
    must: tuple[Capability, ...]
    special_need: tuple[Capability, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Custodian(Sourced):
    title_zh: str
    duties: tuple[Literal["store", "issue", "register", "maintain", "archive", "supply"], ...]


@dataclass(frozen=True, kw_only=True)
class Responsible(Sourced):
    role: Role
    title_zh: str


@dataclass(frozen=True, kw_only=True)
class OfficerRequires(Sourced):
    items: tuple[Literal["established_post", "exam_passed"], ...]


@dataclass(frozen=True, kw_only=True)
class Cloud(Sourced):
    rule: Literal["allowed_if_safe"]


@dataclass(frozen=True, kw_only=True)
class Supervision(Sourced):
    items: tuple[Oversight, ...]


@dataclass(frozen=True, kw_only=True)
class Prohibited(Sourced):
    bans: tuple[Ban, ...]


@dataclass(frozen=True, kw_only=True)
class Transfer(Sourced):
    event: Literal["violence_threat_recording", "suspected_crime"]
    to: Role
