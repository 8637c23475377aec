# SPDX-License-Identifier: Apache-2.0
"""What the case package of a session must be judged: the axes, findings, and every article that the story names."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sealdock.verify import Verdict
from sealdock.verify.codes import KINDS
from sealdock.verify.verdict import ARTICLE_VERDICTS, AXES, TOTALS, Article
from sealsim.scenario.tree import Node


@dataclass(frozen=True)
class Answer:
    """One answer that an article must get; `basis` and `says` only where the story names them."""

    where: str
    verdict: str
    basis: str | None = None
    says: str | None = None

    def fits(self, article: Article) -> bool:
        return (
            article.verdict == self.verdict
            and self.basis in (None, article.basis)
            and (self.says is None or self.says in article.text or self.says in article.text_zh)
        )

    def __str__(self) -> str:
        return " ".join([self.verdict, *([f"({self.basis})"] if self.basis else []), *([f"“{self.says}”"] if self.says else [])])


@dataclass(frozen=True)
class Judged:
    """What one session must be judged. `session` counts from 1 in the order in which they were opened."""

    where: str
    session: int
    values: dict[str, str]
    articles: dict[str, list[Answer]] = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    no_findings: tuple[str, ...] = ()


def judged(node: Node) -> Judged:
    """The value of `verdict`, or one entry of it."""
    fields = node.fields("session", "total", *AXES, "articles", "findings", "no_findings")
    values = {}
    for name, allowed in (("total", TOTALS), *AXES.items()):
        if name in fields:
            values[name] = _word(fields[name], allowed)
    articles = answers(fields["articles"]) if "articles" in fields else {}
    return Judged(
        node.where,
        fields["session"].number() if "session" in fields else 1,
        {"integrity": "intact", "key": "trusted", **values},
        articles,
        tuple(_word(one, tuple(KINDS)) for one in fields["findings"].each()) if "findings" in fields else (),
        tuple(_word(one, tuple(KINDS)) for one in fields["no_findings"].each()) if "no_findings" in fields else (),
    )


def answers(node: Node) -> dict[str, list[Answer]]:
    """Article -> the answers that it must get."""
    return {article: [_answer(one) for one in given.each()] for article, given in node.items()}


def _word(node: Node, allowed: tuple[str, ...]) -> str:
    if node.text() not in allowed:
        raise node.wrong(f"{node.text()!r} is not one of {', '.join(allowed)}")
    return node.text()


def _answer(node: Node) -> Answer:
    """A verdict, or `{verdict, basis, says}`."""
    if isinstance(node.value, str):
        return Answer(node.where, _word(node, ARTICLE_VERDICTS))
    fields = node.fields("verdict", "basis", "says")
    if "verdict" not in fields:
        raise node.wrong("a verdict belongs here")
    basis = _word(fields["basis"], ("text", "inference", "bureau")) if "basis" in fields else None
    says = fields["says"].text() if "says" in fields else None
    return Answer(node.where, _word(fields["verdict"], ARTICLE_VERDICTS), basis, says)


def disagreements(wanted: Judged, verdict: Verdict) -> Iterator[str]:
    """Each thing in which the verdict is another, one line each."""
    for name, value in wanted.values.items():
        if getattr(verdict, name) != value:
            yield f"{wanted.where}: {name} is {getattr(verdict, name)!r}, not {value!r}"
    codes = [finding.code for finding in verdict.findings]
    yield from (
        f"{wanted.where}: no finding {code}; there are {', '.join(sorted(set(codes)))}" for code in wanted.findings if code not in codes
    )
    yield from (f"{wanted.where}: the finding {code} should not be there" for code in wanted.no_findings if code in codes)
    yield from differing(wanted.articles, verdict.articles)


def differing(wanted: dict[str, list[Answer]], given: list[Article]) -> Iterator[str]:
    """Each article that is judged otherwise, one line each."""
    for article, expected in wanted.items():
        yield from _article(article, expected, [row for row in given if row.article == article])


def _article(article: str, wanted: list[Answer], rows: list[Article]) -> Iterator[str]:
    """Every answer is wanted, and every wanted one given."""
    told = "; ".join(f"{row.verdict} ({row.basis}): {row.text}" for row in rows) or "nothing"
    for answer in wanted:
        if not any(answer.fits(row) for row in rows):
            yield f"{answer.where}: {article} is not judged {answer}, but: {told}"
    for row in rows:
        if not any(answer.fits(row) for answer in wanted):
            yield f"{wanted[0].where}: {article} is also judged {row.verdict} ({row.basis}): {row.text}"
