# SPDX-License-Identifier: Apache-2.0
"""Duties about recording the whole act, and about interruptions."""

from collections.abc import Iterator

from sealdock.profile import Profile
from sealdock.vocabulary import ACTIVITIES, CAUSES
from sealproto import codes
from sealproto import records as rec

from ..verdict import JUDGEMENT, MET, NOT_APPLICABLE, NOT_MET, Article
from .procedure import Facts, Text, article
from .session import Gap


def recorded(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That an act which must be recorded was, and without a break where that is asked for."""
    rows = [row for row in profile.record if row.activity == facts.activity and row.modality == "must"]
    must = {src for row in profile.record if row.modality == "must" for src in row.src}
    if not rows and must:
        about = ACTIVITIES.en(facts.activity or 0), ACTIVITIES.zh(facts.activity or 0)
        if facts.activity is None:
            text = "the officer did not state the activity", "执法人员未注明执法活动"
            yield from article(tuple(sorted(must)), "text", JUDGEMENT, text)
        else:
            text = f"{about[0]} is not on the list of what must be recorded", f"{about[1]}不在应当记录之列"
            yield from article(tuple(sorted(must)), "text", NOT_APPLICABLE, text)
    for row in rows:
        yield from article(row.src, row.basis, *_without_break(bool(row.uninterrupted), facts))


def _without_break(uninterrupted: bool, facts: Facts) -> tuple[str, Text]:
    gaps = facts.session.gaps
    if not facts.sound:
        return JUDGEMENT, ("recorded; the records are not whole", "已记录；记录本身不完整")
    if not uninterrupted or not gaps:
        return MET, ("recorded from opening to closing", "从开始到结束均有记录")
    by_hand = [gap for gap in gaps if gap.fact == codes.FACT_STOP_PRESSED and not gap.explained]
    if by_hand:
        seq = by_hand[0].interrupt.seq
        return NOT_MET, (f"stopped by hand without a reason (record {seq})", f"手动停止且未说明原因（第 {seq} 条记录）")
    return JUDGEMENT, (f"{len(gaps)} interruption(s)", f"中断 {len(gaps)} 次")


def interruptions(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That the reason of each interruption was spoken when recording began again."""
    rule = profile.interruption
    if rule.regime == "silent" or rule.spoken_reason is None:
        return
    resumed = [gap for gap in facts.session.gaps if gap.resume]
    if not resumed:
        yield from article(rule.src, rule.basis, NOT_APPLICABLE, ("no interruption", "没有中断"))
    for gap in resumed:
        yield from article(rule.src, rule.basis, *_excused(profile, facts, gap))


def _excused(profile: Profile, facts: Facts, gap: Gap) -> tuple[str, Text]:
    rule = profile.interruption
    where = gap.interrupt.seq
    listed = {row.cause for row in rule.causes}
    cause = CAUSES.en(gap.cause), CAUSES.zh(gap.cause)
    if not gap.explained:
        return JUDGEMENT, (
            f"record {where}: no reason was stated; listen after the resumption",
            f"第 {where} 条：未说明原因；请听恢复记录后的录音",
        )
    if not _spoken(facts, gap):
        return JUDGEMENT, (f"record {where}: {cause[0]}; not marked as spoken", f"第 {where} 条：{cause[1]}；未标记口述")
    if gap.cause == codes.CAUSE_NOT_STATED:
        return JUDGEMENT, (f"record {where}: the officer said why; listen", f"第 {where} 条：执法人员已口述原因，请听录音")
    if gap.cause not in listed:
        open_list = ("an open list", "列举未尽（等）") if rule.open else ("a closed list", "列举以外")
        text = f"record {where}: {cause[0]} is not among the causes of the article ({open_list[0]})"
        return JUDGEMENT, (text, f"第 {where} 条：{cause[1]}不在所列原因之中（{open_list[1]}）")
    return MET, (f"record {where}: {cause[0]}, spoken when recording went on", f"第 {where} 条：{cause[1]}，恢复记录时已语音说明")


def _spoken(facts: Facts, gap: Gap) -> bool:
    """Whether the reason was said aloud after this gap: by the recorder, or by the officer in a signed span."""
    if gap.spoken:
        return True
    part = gap.resume.fields["part"] if gap.resume and gap.resume.fields else None
    for record in facts.session.events:
        fields = record.fields or {}
        if fields.get("part") != part:
            continue
        if record.type == rec.ANNOUNCE and fields["occasion"] == codes.OCCASION_INTERRUPTION_REASON and fields["complete"]:
            return True
        if record.type == rec.MARK and fields["code"] == codes.MARK_REASON_SPOKEN:
            return True
    return False


def same_place(profile: Profile, facts: Facts) -> Iterator[Article]:
    """Stopping and starting at one place."""
    rule = profile.continuity
    if rule is None or rule.same_place_stop_start is None:
        return
    pressed = [gap for gap in facts.session.gaps if gap.fact == codes.FACT_STOP_PRESSED and gap.resume]
    moved = codes.MARK_PLACE_CHANGED in facts.marks()
    if not facts.session.gaps:
        yield from article(rule.src, rule.basis, MET, ("recorded without stopping", "录制未曾停止"))
    for gap in pressed:
        seq = gap.interrupt.seq
        if gap.cause == codes.CAUSE_PLACE_CHANGE or moved:
            text = f"record {seq}: stopped by hand, the place changed", f"第 {seq} 条：手动停止，地点已变更"
            yield from article(rule.src, rule.basis, JUDGEMENT, text)
        elif rule.same_place_stop_start == "objective_cause_only" and not gap.explained:
            text = f"record {seq}: stopped by hand and resumed, no objective reason stated", f"第 {seq} 条：手动停止后恢复，未说明客观原因"
            yield from article(rule.src, rule.basis, NOT_MET, text)
        else:
            open_question = f"record {seq}: stopped by hand and resumed; whether at the same place is for a person to judge"
            yield from article(rule.src, rule.basis, JUDGEMENT, (open_question, f"第 {seq} 条：手动停止后恢复；是否在同一地点需人工判断"))
    for gap in facts.session.gaps:
        if gap.fact != codes.FACT_STOP_PRESSED:
            text = f"record {gap.interrupt.seq}: the recorder stopped by itself", f"第 {gap.interrupt.seq} 条：设备自行停止"
            yield from article(rule.src, rule.basis, JUDGEMENT, text)


def cannot_continue(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That it was reported when recording could not go on."""
    rule = profile.interruption.cannot
    ended = [gap for gap in facts.session.gaps if gap.resume is None]
    if rule is None or not ended:
        return
    title = profile.title(rule.report_to)
    reported = [r for r in facts.of_type(rec.MARK) if r.fields and r.fields["code"] == codes.MARK_REPORTED]
    if any(r.fields and r.fields.get("role") == rule.report_to for r in reported):
        yield from article(rule.src, rule.basis, MET, (f"reported to {title}", f"已向{title}报告"))
    else:
        text = f"recording did not go on; a report to {title} is owed", f"记录未能继续；应向{title}报告"
        yield from article(rule.src, rule.basis, JUDGEMENT, text)


def fault(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That a faulty recorder was not used on."""
    rule = profile.fault
    if rule is None:
        return
    hard = [r for r in facts.of_type(rec.FAULT) if r.fields and not r.fields["healed"]]
    if not hard:
        yield from article(rule.src, rule.basis, NOT_APPLICABLE, ("no fault", "没有故障"))
        return
    after = [r for r in facts.session.segments if r.seq > hard[0].seq]
    if rule.stop_at_once and len(after) > 1:
        text = f"recorded on after the fault of record {hard[0].seq}", f"第 {hard[0].seq} 条记录故障之后仍继续使用"
        yield from article(rule.src, rule.basis, NOT_MET, text)
    else:
        title = profile.title(rule.report_to)
        yield from article(rule.src, rule.basis, JUDGEMENT, (f"stopped; a report to {title} is owed", f"已停止使用；应报告{title}"))
