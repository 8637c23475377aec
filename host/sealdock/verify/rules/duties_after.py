# SPDX-License-Identifier: Apache-2.0
"""Duties that a recording leads to: secrecy, handing over to the police, keeping for long. What is marked is proposed; a person decides."""

from collections.abc import Iterator

from sealdock.profile import Profile
from sealdock.vocabulary import MARKS, ROLES
from sealproto import codes

from ..verdict import JUDGEMENT, NOT_APPLICABLE, Article
from .procedure import Facts, Text, article

# Which triggers a mark proposes; each profile lists those that it knows.
PROPOSED = {
    codes.MARK_OBJECTION: (codes.TRIGGER_MAJOR_OBJECTION, codes.TRIGGER_OBJECTION_COMPLAINT_PETITION),
    codes.MARK_OBSTRUCT: (codes.TRIGGER_RESIST_ABUSE_ASSAULT,),
    codes.MARK_ABUSE_ASSAULT: (codes.TRIGGER_RESIST_ABUSE_ASSAULT,),
    codes.MARK_VIOLENCE_THREAT_RECORDING: (codes.TRIGGER_RESIST_ABUSE_ASSAULT,),
    codes.MARK_SUDDEN_GROUP: (codes.TRIGGER_SUDDEN_GROUP,),
    codes.MARK_EVIDENCE: (codes.TRIGGER_EVIDENCE,),
}


def kept(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That what the officer marked is looked at when it is decided how long to keep the recording."""
    for row in profile.keep:
        marks = [mark for mark in sorted(facts.marks()) if row.when in PROPOSED.get(mark, ())]
        for mark in marks:
            text = f"marked: {MARKS.en(mark)}; this proposes the term of the article", f"已标记：{MARKS.zh(mark)}；建议适用该条保存期限"
            yield from article(row.src, row.basis, JUDGEMENT, text)


def secret(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That spans marked as secret or private are handled by the rules of secrecy."""
    rule = profile.secrecy
    if rule is None:
        return
    yield from article(rule.src, rule.basis, *_spans(facts))


def _spans(facts: Facts) -> tuple[str, Text]:
    begun, ended = len(facts.marked(codes.MARK_SECRET_BEGINS)), len(facts.marked(codes.MARK_SECRET_ENDS))
    if not begun:
        return NOT_APPLICABLE, ("nothing was marked as secret or private", "没有标记涉密或隐私内容")
    if begun > ended:
        return JUDGEMENT, (f"{begun} span(s) of secrecy, one without an end", f"涉密内容 {begun} 处，其中有未标记结束的")
    return JUDGEMENT, (f"{begun} span(s) of secrecy: handle by the rules of secrecy", f"涉密内容 {begun} 处：按保密规定管理")


def handed_to_police(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That violence or threats against the recording go to the authority that the regulation names."""
    for row in profile.transfer:
        if row.event != "violence_threat_recording":
            continue
        if facts.marked(codes.MARK_VIOLENCE_THREAT_RECORDING):
            title = ROLES.en(row.to), profile.title(row.to)
            text = f"violence or threat was marked: to be handed to {title[0]}", f"已标记暴力、威胁：应移送{title[1]}"
            yield from article(row.src, row.basis, JUDGEMENT, text)
        else:
            yield from article(row.src, row.basis, NOT_APPLICABLE, ("no violence or threat was marked", "没有标记暴力、威胁"))
