# SPDX-License-Identifier: Apache-2.0
"""The shape of a profile: one dataclass for each table of the TOML file (docs/profiles.md).

A field without a default must be present. None means that the regulation is silent, an empty tuple that it has a list
with nothing in it. Codes of `sealdock.vocabulary` are written by name in the file and are numbers here.
"""

import datetime
from dataclasses import dataclass, field
from typing import Literal

from .. import vocabulary
from .archive import (
    Access,
    Capabilities,
    Cloud,
    Custodian,
    Disc,
    Erase,
    EvidenceNote,
    Keep,
    Label,
    OfficerRequires,
    OpenInfo,
    Prohibited,
    Ratio,
    Responsible,
    SecrecyRule,
    Store,
    Supervision,
    Transfer,
)  # fmt: skip
from .kinds import Role, Sourced
from .recording import (
    Annex,
    Announce,
    Content,
    Continuity,
    Fault,
    Interruption,
    NoRecord,
    Preflight,
    Record,
    Stage,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Defect:
    at: str
    says: str
    read_as: str | None = None


@dataclass(frozen=True, kw_only=True)
class ExternalRef:
    cited_at: str
    instrument_zh: str
    article: str | None = None
    text_held: bool


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Words that are spoken and printed."""

    interrupt_zh: str
    store_zh: str
    station_zh: str = "采集站"


@dataclass(frozen=True, kw_only=True)
class RoleTitle(Sourced):
    title_zh: str
    person: str | None = None


@dataclass(frozen=True, kw_only=True)
class Permission(Sourced):
    """A yes or no that an article gives."""

    value: bool


@dataclass(frozen=True, kw_only=True)
class BureauValue:
    """A value that the bureau set where its regulation leaves room."""

    value: str | int | bool
    set_by: str | None = None
    set_on: datetime.date | None = None


@dataclass(frozen=True, kw_only=True)
class Profile:
    id: str
    schema: int
    version: int
    name_zh: str
    name_en: str
    title_zh: str
    issued: datetime.date | None = None
    trial: bool
    tz: str
    source_sha256: bytes
    fallback_zh: str | None = None
    terms: Terms
    source_defects: tuple[Defect, ...] = ()
    external_refs: tuple[ExternalRef, ...] = ()
    roles: dict[Role, RoleTitle] = field(default_factory=dict)
    announce: Announce
    record: tuple[Record, ...] = ()
    record_open: Permission | None = None
    annex: Annex | None = None
    text_only_allowed: Permission | None = None
    continuity: Continuity | None = field(default=None, metadata={"key": "cont"})
    interruption: Interruption = field(metadata={"key": "int"})
    no_record: tuple[NoRecord, ...] = field(default=(), metadata={"key": "norec"})
    no_record_open: Permission | None = field(default=None, metadata={"key": "norec_open"})
    fault: Fault | None = None
    preflight: Preflight | None = None
    content: tuple[Content, ...] = ()
    stages: tuple[Stage, ...] = ()
    store: Store
    label: tuple[Label, ...] = ()
    keep: tuple[Keep, ...] = ()
    keep_default: Literal["never_expires"] = "never_expires"
    access: tuple[Access, ...] = ()
    open_info: OpenInfo | None = None
    erase: Erase | None = None
    secrecy: SecrecyRule | None = None
    disc: Disc | None = None
    evidence_note: EvidenceNote | None = None
    ratio: tuple[Ratio, ...] = ()
    capability: Capabilities | None = None
    custodian: tuple[Custodian, ...] = ()
    responsible: tuple[Responsible, ...] = ()
    officer_requires: OfficerRequires | None = None
    cloud: Cloud | None = None
    supervision: tuple[Supervision, ...] = ()
    prohibited: tuple[Prohibited, ...] = ()
    transfer: tuple[Transfer, ...] = ()
    bureau: dict[str, BureauValue] = field(default_factory=dict)

    def title(self, role: int) -> str:
        """The title of a role in this bureau; the common title where the regulation gives none."""
        return self.roles[role].title_zh if role in self.roles else vocabulary.ROLES.zh(role)
