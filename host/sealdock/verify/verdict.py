# SPDX-License-Identifier: Apache-2.0
"""What a check of evidence answers: four axes that are never mixed, what led to them, and the duties by article.

An axis is the worst of its findings, so that a later good answer cannot hide an earlier bad one. docs/verdict.md explains
every value and every code.
"""

from dataclasses import dataclass, field
from typing import Any

from sealdock.text import printable

from .codes import KINDS

# Each axis from good to bad.
INTEGRITY = ("intact", "altered", "forked")
COMPLETENESS = ("complete", "gaps explained", "not understood", "gaps unexplained", "truncated")
KEY = ("trusted", "unknown", "revoked", "untrusted")
TIME = ("anchored", "drifted", "unset")
AXES = {"integrity": INTEGRITY, "completeness": COMPLETENESS, "key": KEY, "time": TIME}

AUTHENTIC = "authentic"
WITH_GAPS = "authentic-with-explained-gaps"
UNVERIFIED = "unverified-origin"
INCOMPLETE = "incomplete"
NOT_AUTHENTIC = "not-authentic"
UNREADABLE = "unreadable"
TOTALS = (AUTHENTIC, WITH_GAPS, UNVERIFIED, INCOMPLETE, NOT_AUTHENTIC, UNREADABLE)

MET, NOT_MET, NOT_APPLICABLE, JUDGEMENT = ARTICLE_VERDICTS = ("met", "not_met", "not_applicable", "needs_judgement")


@dataclass(frozen=True)
class Finding:
    """One thing that was found. `bytes` is [start, end) inside `file`; for media at the granularity of a 16 KiB leaf."""

    code: str
    text: str
    text_zh: str
    record: int | None = None
    segment: int | None = None
    file: str | None = None
    bytes: tuple[int, int] | None = None

    @property
    def axis(self) -> str | None:
        """The axis that this finding bears on; None for a note."""
        return KINDS[self.code].axis

    @property
    def value(self) -> str | None:
        """The value that it gives its axis at least."""
        return KINDS[self.code].value

    def as_json(self, lang: str = "en") -> dict[str, Any]:
        """The finding as `verify --json` prints it."""
        where = {"record": self.record, "segment": self.segment, "file": self.file, "bytes": list(self.bytes) if self.bytes else None}
        return {"code": self.code, **where, "text": self.text_zh if lang == "zh" else self.text}


@dataclass(frozen=True)
class Article:
    """The answer for one citation of the profile, such as LP12."""

    article: str
    verdict: str
    text: str
    text_zh: str
    basis: str = "text"

    def as_json(self, lang: str = "en") -> dict[str, Any]:
        """The article as `verify --json` prints it."""
        return {"article": self.article, "verdict": self.verdict, "text": self.text_zh if lang == "zh" else self.text}


class Findings:
    """Collects findings; knows nothing but the table of codes.

    >>> findings = Findings()
    >>> findings.add("record-signature", record=4, file="records.cbor", bytes=(1200, 1480))
    >>> findings.worst("integrity")
    'altered'
    """

    def __init__(self) -> None:
        self.all: list[Finding] = []

    def add(
        self,
        code: str,
        *,
        record: int | None = None,
        segment: int | None = None,
        file: str | None = None,
        bytes: tuple[int, int] | None = None,
        **values: object,
    ) -> None:
        """Adds a finding of a known code; `values` fill in its text, a pair being (English, Chinese)."""
        kind = KINDS[code]
        en, zh = (text.format(**{name: _in(value, n) for name, value in values.items()}) for n, text in enumerate((kind.en, kind.zh)))
        self.all.append(Finding(code, en, zh, record, segment, None if file is None else printable(file), bytes))

    def worst(self, axis: str) -> str:
        """The axis's value: the worst that any finding gives it."""
        values = AXES[axis]
        return values[max((values.index(f.value) for f in self.all if f.axis == axis and f.value), default=0)]

    def has(self, *codes: str) -> bool:
        """Whether any finding has one of these codes."""
        return any(finding.code in codes for finding in self.all)


def _in(value: object, language: int) -> object:
    return printable(str(value[language] if isinstance(value, tuple) else value))


def total(integrity: str, completeness: str, key: str) -> str:
    """The worst of the axes as one word. Time stands beside it: a clock that was never set does not make a recording false."""
    if integrity != "intact" or key in ("revoked", "untrusted"):
        return NOT_AUTHENTIC
    if completeness not in ("complete", "gaps explained"):
        return INCOMPLETE
    if key == "unknown":
        return UNVERIFIED
    return WITH_GAPS if completeness == "gaps explained" else AUTHENTIC


@dataclass
class Verdict:
    """The answer. `session` holds what the report draws and is None when nothing could be read."""

    total: str
    integrity: str
    completeness: str
    key: str
    time: str
    simulated: bool
    findings: list[Finding]
    articles: list[Article] = field(default_factory=list)
    root: bytes | None = None
    session: Any = None

    @property
    def good(self) -> bool:
        """Whether the evidence may be relied on: the root was given and holds, and every gap is explained."""
        return self.total in (AUTHENTIC, WITH_GAPS)

    def as_json(self, lang: str = "en") -> dict[str, Any]:
        """The object that `verify --json` prints."""
        return {
            "total": self.total,
            "integrity": self.integrity,
            "completeness": self.completeness,
            "key": self.key,
            "time": self.time,
            "simulated": self.simulated,
            "findings": [finding.as_json(lang) for finding in self.findings],
            "articles": [article.as_json(lang) for article in self.articles],
        }


def conclude(findings: Findings, simulated: bool, articles: list[Article], root: bytes | None, session: Any) -> Verdict:
    """The verdict over all findings."""
    axes = {axis: findings.worst(axis) for axis in AXES}
    word = total(axes["integrity"], axes["completeness"], axes["key"])
    return Verdict(word, **axes, simulated=simulated, findings=findings.all, articles=articles, root=root, session=session)


def unreadable(findings: Findings) -> Verdict:
    """The verdict over something that holds no evidence at all."""
    return Verdict(UNREADABLE, "altered", "truncated", "untrusted", "unset", False, findings.all)
