# SPDX-License-Identifier: Apache-2.0
"""The verdict over a case package: who recorded it, whether it is whole, whether a byte was changed, whether its times hold.

>>> verdict = verify("package/", root="3f5a 09c1 ...")
>>> verdict.total, verdict.findings
('authentic', [])
"""

from collections.abc import Mapping
from pathlib import Path

from sealdock.text import say
from sealdock.trust import parse_fingerprint

from .container import NotAPackage, Zip, open_container
from .judgement import check
from .package import looks_like_package
from .relay import compare
from .verdict import Article, Finding, Findings, Verdict, unreadable

__all__ = ["Article", "Finding", "Verdict", "compare", "verify", "verify_files"]


def verify(path: str | Path, root: str | bytes | None = None, profile: Path | None = None, revocations: bytes | None = None) -> Verdict:
    """The verdict over a package folder or zip file. root: the bureau's fingerprint, as published or as 32 bytes.

    revocations: a list of the root that the reader got elsewhere; the newer of it and the package's counts.

    SealdockError when nothing is there or the fingerprint is none; whatever is there and wrong is a finding.
    """
    digest = parse_fingerprint(root) if isinstance(root, str) else root
    findings = Findings()
    try:
        return _verify(Path(path), digest, findings, profile, revocations)
    except NotAPackage as error:
        findings.add("not-a-package", why=error)
        return unreadable(findings)


def _verify(path: Path, root: bytes | None, findings: Findings, profile: Path | None, revocations: bytes | None) -> Verdict:
    container = open_container(path)
    if not looks_like_package(container):
        raise NotAPackage(say("package-empty"))
    if isinstance(container, Zip):
        place = container.first_difference()
        if place:
            findings.add("container-changed", file=path.name, bytes=place)
    return verify_files(container, root, findings, profile, revocations)


def verify_files(
    files: Mapping[str, bytes],
    root: bytes | None,
    findings: Findings | None = None,
    profile: Path | None = None,
    revocations: bytes | None = None,
) -> Verdict:
    """The verdict over a package's files by name; root: the fingerprint's 32 bytes."""
    return check(files, root, findings or Findings(), profile, revocations)
