# SPDX-License-Identifier: Apache-2.0
"""Duties by article: met, not met, not applicable, needs judgement.

"Not met" is said only where the text itself (basis `text`) says 应当, 必须, 不得 or 严禁 and a signed fact contradicts it. That nothing was
signed is not such a fact where an officer could have done it by voice or on paper: then a person decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sealproto import records as rec

from ..verdict import JUDGEMENT, NOT_MET, Article, Findings
from .session import Session

Text = tuple[str, str]  # English, Chinese


@dataclass(frozen=True)
class Facts:
    """What may be believed of a session when its duties are judged.

    `receipt`: fields of the covering receipt, or None. `absences`: no-record entries in the session, and of no session behind it.
    """

    session: Session
    receipt: dict | None
    findings: Findings
    absences: list[rec.Record] = field(default_factory=list)

    @property
    def activities(self) -> tuple[int, ...]:
        """What the officer stated at the opening and by marks in the session; empty when nothing was stated."""
        fields = self.session.opened.fields if self.session.opened else None
        stated = [fields["activity"] if fields else None]
        stated += [record.fields.get("activity") for record in self.of_type(rec.MARK) if record.fields]
        return tuple(dict.fromkeys(activity for activity in stated if activity is not None))

    @property
    def sound(self) -> bool:
        """Whether the signed records are whole, so that what is absent from them was not recorded."""
        whole = ("complete", "gaps explained", "gaps unexplained")
        return self.findings.worst("integrity") == "intact" and self.findings.worst("completeness") in whole

    def of_type(self, record_type: int) -> list[rec.Record]:
        return [record for record in self.session.events if record.type == record_type and record.fields]

    def marks(self) -> set[int]:
        return {record.fields["code"] for record in self.of_type(rec.MARK) if record.fields}

    def marked(self, code: int) -> list[dict]:
        """The fields of every mark of that code, in order."""
        return [record.fields for record in self.of_type(rec.MARK) if record.fields and record.fields["code"] == code]

    @property
    def mode(self) -> int:
        """MODE_* bits of any part of the session."""
        bits = 0
        for part in self.session.parts:
            bits |= (part.opened.fields or {}).get("mode", 0)
        return bits


def article(src: tuple[str, ...], basis: str, verdict: str, text: Text) -> Iterator[Article]:
    """One answer for each citation. A value that is not of the text itself never gives "not met"."""
    if basis != "text" and verdict == NOT_MET:
        verdict = JUDGEMENT
    for citation in src:
        yield Article(citation, verdict, *text, basis=basis)
