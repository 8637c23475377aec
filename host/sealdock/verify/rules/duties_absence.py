# SPDX-License-Identifier: Apache-2.0
"""Duties about what was not recorded: on what ground, with whose consent, and what is owed afterwards."""

from collections.abc import Iterator

from sealdock.profile import Profile
from sealdock.profile.recording import NoRecord
from sealdock.vocabulary import APPROVALS, REASONS
from sealproto import codes
from sealproto import records as rec

from ..verdict import JUDGEMENT, MET, Article
from .procedure import Facts, Text, article

_WRITINGS = {
    "statement_after": ("a written statement", "书面说明"),
    "note_in_document_if_any": ("a note in the document, where there is one", "在记录文书中注明（有文书的）"),
    "work_record_reason_and_basis": ("a work record with reason and basis", "写明原因和依据的工作记录"),
}


def absences(profile: Profile, facts: Facts) -> Iterator[Article]:
    """The answers for every no-record entry in the session, or behind it until the receipt."""
    yield from entries(profile, facts.absences, [mark.get("role") for mark in facts.marked(codes.MARK_REPORTED)])


def entries(profile: Profile, found: list[rec.Record], reported: list[int | None]) -> Iterator[Article]:
    """The answers for no-record entries, one for each reason. `reported`: the roles of marks that say to whom it was reported."""
    by_reason: dict[int, rec.Record] = {}
    for record in found:
        if record.type == rec.NO_RECORD and record.fields:
            by_reason.setdefault(record.fields["reason"], record)
    for reason, record in by_reason.items():
        row = next((row for row in profile.no_record if row.reason == reason), None)
        if row is not None:
            yield from article(row.src, row.basis, *_judged(profile, row, record, reported))
        elif profile.no_record:
            yield from _unlisted(profile, record, reason)


def _unlisted(profile: Profile, record: rec.Record, reason: int) -> Iterator[Article]:
    """A ground that the profile does not list: a person decides, by the articles that list the others."""
    rule = profile.no_record_open
    src, basis = (rule.src, rule.basis) if rule else (profile.no_record[0].src, "inference")
    text = f"record {record.seq}: not recorded because: {REASONS.en(reason)}; the regulation does not list this"
    yield from article(src, basis, JUDGEMENT, (text, f"第 {record.seq} 条：未记录，{REASONS.zh(reason)}；条文未列此情形"))


def _judged(profile: Profile, row: NoRecord, record: rec.Record, reported: list[int | None]) -> tuple[str, Text]:
    en, zh = f"record {record.seq}: not recorded: {REASONS.en(row.reason)}", f"第 {record.seq} 条：未记录，{REASONS.zh(row.reason)}"
    owed: list[Text] = []
    if row.needs:
        needs = ", ".join(map(APPROVALS.en, row.needs)), "、".join(map(APPROVALS.zh, row.needs))
        owed.append((f"it needs: {needs[0]}", f"须有：{needs[1]}"))
    if row.report_to is not None and row.report_to not in reported:
        title = profile.title(row.report_to)
        owed.append((f"a report to {title}", f"向{title}报告"))
    if row.writing is not None and row.writing != "note_in_document_if_any":
        owed.append(_WRITINGS[row.writing])
    if owed:
        return JUDGEMENT, (f"{en}; owed: {'; '.join(o[0] for o in owed)}", f"{zh}；尚需：{'；'.join(o[1] for o in owed)}")
    if row.effect == "by_law":
        return JUDGEMENT, (f"{en}; whether the law calls for it is for a person to judge", f"{zh}；是否依法不记录需人工判断")
    if row.report_to is not None:
        return MET, (f"{en}; reported", f"{zh}；已报告")
    return MET, (f"{en}, which the article names", f"{zh}，属条文所列情形")
