# SPDX-License-Identifier: Apache-2.0
"""The bureau's rules under which a session was recorded.

A package holds the profile as the recorder had it: compiled and signed, without the citations that only its source has. So the
source is looked for among the profiles that come with this program, or is given by the reader; it counts when compiling it
gives exactly the signed map.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sealdock.package import layout
from sealdock.profile import Profile, ProfileError, compile, load, names
from sealproto import cose, profile_keys
from sealproto import records as rec
from sealproto.shape import ShapeError

from .package import Package
from .rules.session import Session
from .rules.trust import Trust


@dataclass(frozen=True)
class Rules:
    """A believed profile. `source` is None when nobody has the citations; `compiled` are its values by name."""

    id: str
    number: int
    compiled: dict
    source: Profile | None


def find_profile(package: Package, trust: Trust, session: Session, given: Path | None = None) -> Rules | None:
    """The rules of the session; None when they cannot be believed, with the reason as a finding."""
    wanted = _wanted(session)
    opened = session.opened.fields["profile"] if session.opened and session.opened.fields else None
    found: Rules | None = None
    for raw, _ in package.objects(layout.PROFILE):
        if sha256(raw).digest() not in wanted:
            package.findings.add("reference-wrong", name=("the profile", "规则文件"), file=layout.PROFILE)
            continue
        fields = trust.read(cose.PROFILE, raw, layout.PROFILE, wanted.pop(sha256(raw).digest()))
        if fields and (found is None or sha256(raw).digest() == opened):  # a session is judged by the rules under which it began
            found = _rules(package, fields, given)
    if wanted:
        package.findings.add("reference-missing", name=("the profile", "规则文件"), file=layout.PROFILE)
    return found


def _wanted(session: Session) -> dict[bytes, rec.Record]:
    """Hash of each profile that the session names, and the first record that does."""
    return {part.opened.fields["profile"]: part.opened for part in reversed(session.parts) if part.opened.fields}


def _rules(package: Package, fields: dict, given: Path | None) -> Rules | None:
    try:
        compiled = profile_keys.read(fields["data"])
    except ShapeError as error:
        package.findings.add("profile-unknown", name=fields["id"], why=error)
        return None
    source = _source(fields["id"], fields["data"], given)
    if source is None:
        package.findings.add("profile-unknown", name=fields["id"], why="its source is not at hand, so no article can be cited")
    return Rules(fields["id"], fields["number"], compiled, source)


def _source(name: str, data: dict, given: Path | None) -> Profile | None:
    for candidate in (given, name if name in names() else None):
        if candidate is None:
            continue
        try:
            profile = load(candidate)
        except ProfileError:
            continue
        if compile(profile) == data:
            return profile
    return None
