# SPDX-License-Identifier: Apache-2.0
"""Approvals: who allowed what with a session, checked against the profile before it is written down.

An approval stands in the archive with its reason; the log holds its act, role and a salted hash, so that nobody can later change it
or add one.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from sealdock import log, vocabulary
from sealdock.archive.sessions import Session
from sealdock.errors import ExitCode, SealdockError
from sealdock.profile import Profile
from sealdock.profile.archive import Access
from sealdock.profile.kinds import ANYONE_OUTSIDE, UNNAMED
from sealdock.station import Station, now_ms
from sealdock.text import chinese, say
from sealproto import codes

# What a person may ask for -> numbers in the log and in manifests, and the acts of a profile that it is.
ACTS = {"view": 1, "copy": 2, "supply": 3, "export": 4}
_PROFILE_ACTS = {"view": ("view",), "copy": ("copy", "view"), "supply": ("supply",), "export": ("supply",)}


@dataclass(frozen=True)
class Approval:
    """One recorded approval. `role` approved it (None: it needs no role), `party` is for whom (None: inside the bureau)."""

    number: int
    session: bytes
    act: str
    party: int | None
    role: int | None
    reason: str
    utc: int
    log_index: int


def role_number(text: str) -> int:
    """The number of a role from its code or its Chinese title; SealdockError when there is none."""
    for term in vocabulary.ROLES.terms:
        if text == term.code or text in term.zh.split("、"):
            return term.number
    raise SealdockError(say("unknown-role", text=text, known=", ".join(t.code for t in vocabulary.ROLES.terms)), ExitCode.USAGE)


def role_title(number: int | None, profile: Profile | None = None) -> str:
    """A role's title in the language that is spoken."""
    if number is None:
        return "–"
    if chinese():
        return profile.title(number) if profile else vocabulary.ROLES.zh(number)
    return vocabulary.ROLES.en(number)


def approve(
    station: Station, session: Session, act: str, role: int, reason: str, *, party: int | None = None, written: bool = False
) -> Approval:
    """Records an approval. SealdockError with exit code 5 when the profile wants another role, or the written form."""
    check_rule(station.profile, act, role, party, written)
    utc = now_ms()
    salt = secrets.token_bytes(16)
    digest = sha256(salt + reason.encode()).digest()
    index = station.log.append(log.APPROVED, session.session, ACTS[act], role, digest, utc)
    with station.archive.transaction() as db:
        number = db.execute(
            "INSERT INTO approval(session, act, party, role, reason, utc, salt, log_index) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (session.session, act, party, role, reason, utc, salt, index),
        ).lastrowid
    return Approval(number or 0, session.session, act, party, role, reason, utc, index)


def rule_for(profile: Profile, act: str, party: int | None) -> Access | None:
    """The access rule that speaks of an act for a party; None where the regulation is silent."""
    outside = party is not None and party not in (codes.ROLE_SUPERIOR, codes.ROLE_OTHER_BUREAU)
    for row in profile.access:
        if row.act not in _PROFILE_ACTS[act]:
            continue
        if row.by == party or (row.by == ANYONE_OUTSIDE and (outside or act == "export")):
            return row
        if party is None and row.act in ("view", "copy") and row.by != ANYONE_OUTSIDE:
            return row
    return None


def check_rule(profile: Profile, act: str, role: int, party: int | None, written: bool) -> None:
    """Exit code 5 when an approval by that role is not what the profile's article asks for."""
    rule = rule_for(profile, act, party)
    if rule is None:
        return
    src = "、".join(rule.src) if chinese() else ", ".join(rule.src)
    if rule.via is not None and role != rule.via:
        raise _broken("rule-via", src=src, role=role_title(rule.via, profile))
    if rule.via is None and rule.approver not in (None, UNNAMED) and role != rule.approver:
        raise _broken("rule-approver", src=src, role=role_title(rule.approver, profile))
    if role in (codes.ROLE_PARTY, codes.ROLE_OTHERS_PRESENT, codes.ROLE_VIEWER) and rule.approver is not None:
        raise _broken("rule-forbidden", src=src)
    if rule.form == "written" and not written:
        raise _broken("rule-form", src=src)


def _broken(key: str, **values: object) -> SealdockError:
    return SealdockError(say(key, **values), ExitCode.RULE_BROKEN)


def approvals(station: Station, session: Session) -> list[Approval]:
    """All approvals of a session, oldest first."""
    rows = station.archive.db.execute("SELECT * FROM approval WHERE session = ? ORDER BY id", (session.session,))
    return [Approval(r["id"], r["session"], r["act"], r["party"], r["role"], r["reason"], r["utc"], r["log_index"]) for r in rows]


def require(station: Station, session: Session, act: str) -> Approval:
    """The newest approval of an act; SealdockError with exit code 5 when there is none."""
    found = [a for a in approvals(station, session) if a.act == act]
    if not found:
        raise _broken("not-approved", act=say(f"act-{act}"), act_code=act, session=session.session.hex()[:12])
    return found[-1]
