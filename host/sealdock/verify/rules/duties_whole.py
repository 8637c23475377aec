# SPDX-License-Identifier: Apache-2.0
"""Duties about what is recorded: which acts, whole or in key stages, from when until when, and in relay."""

from collections.abc import Iterator

from sealdock.profile import Profile
from sealdock.profile.recording import Record
from sealdock.vocabulary import ACTIVITIES
from sealproto import codes
from sealproto import records as rec

from ..verdict import JUDGEMENT, MET, NOT_APPLICABLE, NOT_MET, Article
from .procedure import Facts, Text, article

_OWED = ("must", "promote", "by_reference")  # what a bureau asks for; 可以 and 根据实际情况 leave it to the officer


def recorded(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That an act which is to be recorded was, and without a break where that is asked for."""
    stated = [row for row in profile.record if row.activity in facts.activities]
    for row in stated:
        yield from article(row.src, row.basis, *_as_asked(row, facts))
    answered = {citation for row in stated for citation in row.src}
    owed = {citation: row.basis for row in profile.record if row.modality in _OWED for citation in row.src if citation not in answered}
    for citation, basis in owed.items():
        yield from article((citation,), basis, *_not_stated(facts))


def _not_stated(facts: Facts) -> tuple[str, Text]:
    if not facts.activities:
        return JUDGEMENT, ("the officer did not state the activity", "执法人员未注明执法活动")
    en, zh = ", ".join(map(ACTIVITIES.en, facts.activities)), "、".join(map(ACTIVITIES.zh, facts.activities))
    return NOT_APPLICABLE, (f"{en} is not on the list of what must be recorded", f"{zh}不在应当记录之列")


def _as_asked(row: Record, facts: Facts) -> tuple[str, Text]:
    gaps = facts.session.gaps
    if not facts.sound:
        return JUDGEMENT, ("recorded; the records are not whole", "已记录；记录本身不完整")
    if row.needs:
        return JUDGEMENT, ("recorded; it needs a permission that is on paper", "已记录；所需准许以书面为据")
    if not (row.uninterrupted or row.extent == "whole"):
        return MET, ("recorded", "已记录")
    if facts.mode & rec.MODE_KEY_STAGES:
        return JUDGEMENT, ("recorded in key stages only", "仅记录重要环节")
    if not gaps:
        return MET, ("recorded from opening to closing", "从开始到结束均有记录")
    by_hand = [gap for gap in gaps if gap.fact == codes.FACT_STOP_PRESSED and gap.resume and not gap.explained]
    if by_hand and row.uninterrupted and row.modality == "must":
        seq = by_hand[0].interrupt.seq
        return NOT_MET, (f"stopped by hand without a reason (record {seq})", f"手动停止且未说明原因（第 {seq} 条记录）")
    return JUDGEMENT, (f"{len(gaps)} interruption(s)", f"中断 {len(gaps)} 次")


def from_start_to_end(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That recording ran from the beginning of the act on site to its end, where the regulation says from when until when."""
    rule = profile.continuity
    if rule is None or rule.start is None:
        return
    own = tuple(citation for citation in rule.src if citation in _start_articles(profile))
    listed = rule.start_end_activities or tuple(row.activity for row in profile.record if row.modality in _OWED)
    if facts.activities and not set(facts.activities) & set(listed):
        return
    began = facts.marks() & {codes.MARK_ARRIVAL, codes.MARK_ACTIVITY_BEGINS}
    ended = codes.MARK_ACTIVITY_ENDS in facts.marks() or _closed_as_ended(facts)
    if not facts.activities:
        verdict, text = JUDGEMENT, ("the officer did not state the activity", "执法人员未注明执法活动")
    elif began and ended and not facts.session.gaps:
        verdict, text = MET, ("begun and ended as marked, without a break", "已标记开始和结束，期间没有中断")
    else:
        verdict, text = JUDGEMENT, ("whether it runs from beginning to end is to be seen", "是否自开始至结束，请查看录像")
    yield from article(own, rule.basis, verdict, text)


def _start_articles(profile: Profile) -> set[str]:
    """Of the articles on continuity, those that are not about bans and breaks."""
    breaks = {citation for row in profile.prohibited for citation in row.src} | set(profile.interruption.src)
    rule = profile.continuity
    return {citation for citation in (rule.src if rule else ()) if citation not in breaks and "(" not in citation}


def _closed_as_ended(facts: Facts) -> bool:
    closed = facts.session.closed
    return bool(closed and closed.fields and closed.fields["cause"] == codes.CAUSE_ENFORCEMENT_ENDED)


def relieved(profile: Profile, facts: Facts) -> Iterator[Article]:
    """Key stages and relay: allowed where the regulation says so, when recording would take too long."""
    used = []
    if facts.mode & rec.MODE_KEY_STAGES:
        used.append(("key_stages", "key stages only", "仅记录重要环节"))
    if facts.of_type(rec.HANDOVER_OUT) or facts.of_type(rec.HANDOVER_IN):
        used.append(("relay", "several recorders in relay", "多台设备接续记录"))
    rule = profile.continuity
    relief = rule.relief if rule else None
    if relief is None:
        return
    if not used:
        yield from article(relief.src, relief.basis, NOT_APPLICABLE, ("no relief was used", "未采用重要环节记录或接续记录"))
    for way, en, zh in used:
        if way in relief.relief:
            text = f"{en}; whether an overrun was to be expected is for a person to judge", f"{zh}；是否预计超时或超出容量需人工判断"
        else:
            text = f"{en}, which the article does not name", f"{zh}，条文未列此方式"
        yield from article(relief.src, relief.basis, JUDGEMENT, text)
