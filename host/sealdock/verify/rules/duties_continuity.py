# SPDX-License-Identifier: Apache-2.0
"""Duties about interruptions: their reasons, stopping at one place, and what is owed when recording cannot go on."""

from collections.abc import Iterator

from sealdock.profile import Profile
from sealdock.profile.recording import Cannot
from sealdock.vocabulary import CAUSES
from sealproto import codes
from sealproto import records as rec

from ..verdict import JUDGEMENT, MET, NOT_APPLICABLE, NOT_MET, Article
from .procedure import Facts, Text, article
from .session import Gap

AT_ONCE_MS = 10 * 60_000  # 立即: the regulations give no figure


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
    """Stopping and starting at one place, by the articles that speak of it."""
    rule = profile.continuity
    if rule is None or rule.same_place_stop_start is None:
        return
    own = tuple(citation for citation in rule.src if citation in profile.interruption.src)
    if not facts.session.gaps:
        yield from article(own, rule.basis, *_ended(facts))
    moved = codes.MARK_PLACE_CHANGED in facts.marks()
    for gap in facts.session.gaps:
        if gap.fact != codes.FACT_STOP_PRESSED:
            text = f"record {gap.interrupt.seq}: the recorder stopped by itself", f"第 {gap.interrupt.seq} 条：设备自行停止"
            yield from article(own, rule.basis, JUDGEMENT, text)
        elif gap.resume:
            yield from article(own, rule.basis, *_stopped(rule.same_place_stop_start, gap, moved))


def _ended(facts: Facts) -> tuple[str, Text]:
    """Without a break: that the officer ended it because the act had ended, as far as that is signed."""
    closed = facts.session.closed
    if closed and closed.fields and closed.fields["cause"] not in (codes.CAUSE_ENFORCEMENT_ENDED, codes.CAUSE_RELAY):
        text = f"no break; nobody stated that the act had ended when recording was stopped (record {closed.seq})"
        return JUDGEMENT, (text, f"录制未曾停止；停止录制时未说明执法活动是否结束（第 {closed.seq} 条记录）")
    return MET, ("recorded without stopping", "录制未曾停止")


def _stopped(ban: str, gap: Gap, moved: bool) -> tuple[str, Text]:
    seq = gap.interrupt.seq
    if gap.cause == codes.CAUSE_PLACE_CHANGE or moved:
        return JUDGEMENT, (f"record {seq}: stopped by hand, the place changed", f"第 {seq} 条：手动停止，地点已变更")
    if ban == "objective_cause_only" and not gap.explained:
        text = f"record {seq}: stopped by hand and resumed, no objective reason stated"
        return NOT_MET, (text, f"第 {seq} 条：手动停止后恢复，未说明客观原因")
    text = f"record {seq}: stopped by hand and resumed; whether at the same place is for a person to judge"
    return JUDGEMENT, (text, f"第 {seq} 条：手动停止后恢复；是否在同一地点需人工判断")


def cannot_continue(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That it was reported when recording could not go on, and at once where the regulation says so."""
    rule = profile.interruption.cannot
    ended = [gap for gap in facts.session.gaps if gap.resume is None and gap.fact != codes.FACT_STOP_PRESSED]
    given_up = [record for record in facts.absences if record.fields and record.fields["reason"] == codes.REASON_CANNOT_CONTINUE]
    if rule is None or not (ended or given_up):
        return
    yield from article(rule.src, rule.basis, *_reported(profile, rule, facts, ended[0].interrupt if ended else given_up[0]))


def _reported(profile: Profile, rule: Cannot, facts: Facts, since: rec.Record) -> tuple[str, Text]:
    title = profile.title(rule.report_to)
    marks = [r for r in facts.of_type(rec.MARK) if r.fields and r.fields["code"] == codes.MARK_REPORTED]
    to_them = next((r for r in marks if r.fields and r.fields.get("role") == rule.report_to), None)
    if to_them is None:
        return JUDGEMENT, (f"recording did not go on; a report to {title} is owed", f"记录未能继续；应向{title}报告")
    if rule.when == "immediately" and not _soon(since, to_them):
        text = f"reported to {title} (record {to_them.seq}); whether at once is for a person to judge"
        return JUDGEMENT, (text, f"已向{title}报告（第 {to_them.seq} 条记录）；是否立即需人工判断")
    return MET, (f"reported to {title}", f"已向{title}报告")


def _soon(first: rec.Record, then: rec.Record) -> bool:
    """Within AT_ONCE_MS, by the counter of one boot or by the clock."""
    if first.boot == then.boot:
        return then.ms - first.ms <= AT_ONCE_MS
    return first.utc is not None and then.utc is not None and then.utc[0] - first.utc[0] <= AT_ONCE_MS
