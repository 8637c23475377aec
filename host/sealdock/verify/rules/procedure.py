# SPDX-License-Identifier: Apache-2.0
"""Duties by article: met, not met, not applicable, needs judgement.

"Not met" is said only where the text itself (basis `text`) says 应当, 必须, 不得 or 严禁 and a signed fact contradicts it. That nothing was
signed is not such a fact where an officer could have done it by voice or on paper: then a person decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sealproto import records as rec

from ..verdict import JUDGEMENT, NOT_MET, Article, Findings
from .session import Session

Text = tuple[str, str]  # English, Chinese


@dataclass(frozen=True)
class Facts:
    """What may be believed of a session when its duties are judged. `receipt`: fields of the covering receipt, or None."""

    session: Session
    receipt: dict | None
    findings: Findings

    @property
    def activity(self) -> int | None:
        fields = self.session.opened.fields if self.session.opened else None
        return fields["activity"] if fields else None

    @property
    def sound(self) -> bool:
        """Whether the signed records are whole, so that what is absent from them was not recorded."""
        whole = ("complete", "gaps explained", "gaps unexplained")
        return self.findings.worst("integrity") == "intact" and self.findings.worst("completeness") in whole

    def of_type(self, record_type: int) -> list[rec.Record]:
        return [record for record in self.session.events if record.type == record_type and record.fields]

    def marks(self) -> set[int]:
        return {record.fields["code"] for record in self.of_type(rec.MARK) if record.fields}


def article(src: tuple[str, ...], basis: str, verdict: str, text: Text) -> Iterator[Article]:
    """One answer for each citation. A value that is not of the text itself never gives "not met"."""
    if basis != "text" and verdict == NOT_MET:
        verdict = JUDGEMENT
    for citation in src:
        yield Article(citation, verdict, *text, basis=basis)
