# SPDX-License-Identifier: Apache-2.0
"""Kinds of values in a profile: codes of the vocabularies, words from closed lists, and what every sourced table has."""

from dataclasses import dataclass
from typing import Annotated, Literal

from .. import vocabulary
from ..vocabulary import Vocabulary

UNNAMED = 0  # an approver that the text does not name
ANY = 0  # a retention rule for every recording
ANYONE_OUTSIDE = 254


@dataclass(frozen=True)
class Codes:
    """Marks an int that the file writes as a code of `vocabulary`, or as one of `extra`."""

    vocabulary: Vocabulary
    extra: tuple[tuple[str, int], ...] = ()


Cause = Annotated[int, Codes(vocabulary.CAUSES)]
Reason = Annotated[int, Codes(vocabulary.REASONS)]
Approval = Annotated[int, Codes(vocabulary.APPROVALS)]
Mark = Annotated[int, Codes(vocabulary.MARKS)]
Activity = Annotated[int, Codes(vocabulary.ACTIVITIES)]
Role = Annotated[int, Codes(vocabulary.ROLES)]
Field = Annotated[int, Codes(vocabulary.FIELDS)]
Secrecy = Annotated[int, Codes(vocabulary.SECRECY)]
When = Annotated[int, Codes(vocabulary.TRIGGERS, (("any", ANY),))]
Approver = Annotated[int, Codes(vocabulary.ROLES, (("unnamed", UNNAMED),))]
PartyKind = Annotated[int, Codes(vocabulary.ROLES, (("anyone_outside", ANYONE_OUTSIDE),))]

Order = Literal["record_first", "announce_then_record", "announce_record_repeat", "on_request"]
Means = Literal["device", "officer_voice"]
Claim = Literal["audio", "video", "whole_process"]
Modality = Literal["must", "promote", "by_circumstance", "may", "by_reference", "forbidden", "unsuitable", "may_omit", "generally"]
Extent = Literal["whole", "main_stages", "key_stages", "unspecified"]
Medium = Literal["disc", "removable"]
Ban = Literal[
    "not_recording", "forge", "alter", "cut", "select", "insert", "edit", "record_later", "delete", "destroy", "damage",
    "copy", "keep", "self_keep", "spread", "leak", "supply", "publish", "unrelated_use", "disassemble", "replace",
    "bad_storage",
]  # fmt: skip
Capability = Literal[
    "encryption", "no_arbitrary_transfer", "no_deletion", "hd", "battery", "storage", "files_complete",
    "explosion_proof", "infrared", "gps", "live_upload",
]  # fmt: skip
Oversight = Literal[
    "conduct_sample", "replay_check", "inspection_ledger", "bulletin", "appraisal", "online_supervision", "training",
    "complaint_hold", "inspection",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Sourced:
    """A table whose values rest on articles: `src` cites them, `basis` says how firmly."""

    src: tuple[str, ...]
    basis: Literal["text", "inference", "bureau"]
