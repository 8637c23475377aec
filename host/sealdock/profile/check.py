# SPDX-License-Identifier: Apache-2.0
"""What must hold between the tables of a profile, beyond each table's own shape."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from .. import vocabulary
from .kinds import Sourced
from .read import ShapeError
from .schema import Profile

SCHEMA = 1
# Minutes east of UTC. Zones whose offset never changes: the recorder knows no rules of summer time.
ZONES = {"Asia/Shanghai": 480, "Asia/Urumqi": 360}
# CC13¶2, LP9(2), LP8.4: initials of the bureau, article, paragraph, item.
CITATION = re.compile(r"[A-Z]{2,4}\d+(\.\d+)?(¶\d+)?(\(\d+\))?")
CLAIMS = (("录音", "audio"), ("录像", "video"), ("全程", "whole_process"))


def check(profile: Profile) -> None:
    """ShapeError naming the key where `profile` contradicts itself."""
    _meta(profile)
    _sources(profile, "")
    _announcement(profile)
    _orders(profile)
    _interruption(profile)
    _store(profile)
    for role, key in _spoken_roles(profile):
        if role not in profile.roles:
            raise ShapeError(key, "profile-role-title")


def _meta(profile: Profile) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", profile.id):
        raise ShapeError("id", "profile-slug")
    if profile.schema != SCHEMA:
        raise ShapeError("schema", "profile-schema", found=profile.schema, known=SCHEMA)
    if profile.version < 1:
        raise ShapeError("version", "profile-version")
    if profile.tz not in ZONES:
        raise ShapeError("tz", "profile-not-among", value=profile.tz, choices=", ".join(ZONES))


def _sources(table: Any, path: str) -> None:
    if isinstance(table, Sourced):
        for citation in table.src:
            if not CITATION.fullmatch(citation):
                raise ShapeError(f"{path}.src", "profile-citation", citation=repr(citation))
        if not table.src and table.basis == "text":
            raise ShapeError(f"{path}.src", "profile-article")
    for item in fields(table):
        name = str(item.metadata.get("key", item.name))
        for step, inner in _inner(getattr(table, item.name)):
            _sources(inner, f"{path}.{name}{step}" if path else name + step)


def _inner(value: object) -> Iterator[tuple[str, Any]]:
    """Tables within a field's value, with the step that leads to each."""
    if isinstance(value, dict):
        for key, one in value.items():
            role = vocabulary.ROLES.term(key)
            yield f".{role.code if role else key}", one
    elif isinstance(value, tuple):
        yield from ((f"[{number}]", one) for number, one in enumerate(value) if is_dataclass(one))
    elif is_dataclass(value):
        yield "", value


def _announcement(profile: Profile) -> None:
    announce = profile.announce
    if announce.scope == "activities" and not announce.activities:
        raise ShapeError("announce.activities", "profile-activities")
    if announce.duty and not announce.spoken:
        raise ShapeError("announce.wording", "profile-wording")
    key = "announce.wording" if announce.wording is not None else "announce.suggested.wording"
    words = announce.spoken
    if words != unicodedata.normalize("NFC", words) or any(char.isspace() for char in words):
        raise ShapeError(key, "profile-nfc")
    for part, claim in CLAIMS:
        if (part in words) != (claim in announce.claimed):
            raise ShapeError(key, "profile-claim", part=part, claim=repr(claim))


def _orders(profile: Profile) -> None:
    choice = profile.announce.choice
    if choice.order not in choice.order_allowed:
        raise ShapeError("announce.choice.order", "profile-order")
    if profile.announce.moment in ("before", "at_switch_on_first") and choice.prerecord != "off":
        raise ShapeError("announce.choice.prerecord", "profile-prerecord")


def _interruption(profile: Profile) -> None:
    causes = [rule.cause for rule in profile.interruption.causes]
    if len(set(causes)) != len(causes):
        raise ShapeError("int.causes", "profile-cause-twice")
    reasons = [row.reason for row in profile.no_record]
    if len(set(reasons)) != len(reasons):
        raise ShapeError("norec", "profile-reason-twice")


def _store(profile: Profile) -> None:
    store = profile.store
    if (store.n is None) != (store.kind == "after_daily_work"):
        raise ShapeError("store.n", "profile-store-n")
    if store.extension and store.extension.kind == "approval" and store.extension.approver is None:
        raise ShapeError("store.extension.approver", "profile-missing")
    if store.extension and store.extension.kind == "conditions_restored_hours" and store.extension.n is None:
        raise ShapeError("store.extension.n", "profile-missing")


def _spoken_roles(profile: Profile) -> Iterator[tuple[int, str]]:
    """Roles whose title is spoken or printed to the officer, with the key that names them."""
    if profile.interruption.cannot:
        yield profile.interruption.cannot.report_to, "int.cannot.report_to"
    if profile.fault:
        yield profile.fault.report_to, "fault.report_to"
        if profile.fault.release_by is not None:
            yield profile.fault.release_by, "fault.release_by"
    if profile.store.extension and profile.store.extension.approver is not None:
        yield profile.store.extension.approver, "store.extension.approver"
    for number, row in enumerate(profile.no_record):
        if row.report_to is not None:
            yield row.report_to, f"norec[{number}].report_to"
