# SPDX-License-Identifier: Apache-2.0
"""Duties about the recorder itself: looked at before use, out of use after a fault, issued to somebody, encrypting."""

from collections.abc import Iterator

from sealdock.profile import Profile
from sealdock.profile.recording import Fault
from sealproto import codes, profile_keys
from sealproto import records as rec

from ..verdict import JUDGEMENT, MET, NOT_APPLICABLE, NOT_MET, Article
from .procedure import Facts, Text, article

_CHECKS = {"battery": profile_keys.CHECK_BATTERY, "storage": profile_keys.CHECK_STORAGE}  # items of a session's silent check
OUT_OF_USE = 6  # code of a fault after which the recorder takes itself out of use
_HARD = (codes.FACT_CARD_FAILING, codes.FACT_SENSOR_LOST, codes.FACT_SEALING_FAILED)


def preflight(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That battery and storage were looked at when recording began."""
    rule = profile.preflight
    opened = facts.session.opened
    if rule is None or opened is None or opened.fields is None:
        return
    found = {row[0]: row[1:] for row in opened.fields["check"] if isinstance(row, list) and len(row) == 3}
    missing = [item for item in rule.items if not _looked_at(found.get(_CHECKS[item]))]
    if missing:
        text = f"not passed at the start: {', '.join(missing)}", f"开始时未通过检查：{'、'.join(missing)}"
        yield from article(rule.src, rule.basis, JUDGEMENT, text)
    else:
        yield from article(rule.src, rule.basis, MET, ("battery and storage were checked at the start", "开始时已检查电量和存储空间"))


def _looked_at(row: list | None) -> bool:
    """[passed, measured value or None]"""
    return row is not None and row[0] is True and row[1] is not None


def fault(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That a faulty recorder was not used on, and that the fault was reported."""
    rule = profile.fault
    if rule is None:
        return
    hard, soft = _hard_fault(facts), _soft_fault(facts)
    if hard is not None:
        yield from article(rule.src, rule.basis, *_after(profile, rule, facts, hard))
    elif soft is not None:
        text = f"a fault was signed (record {soft.seq}), and recording could go on; whether it had to stop is for a person to judge"
        yield from article(rule.src, rule.basis, JUDGEMENT, (text, f"第 {soft.seq} 条记录有故障，记录仍可进行；是否应停止使用需人工判断"))
    else:
        yield from article(rule.src, rule.basis, NOT_APPLICABLE, ("no fault", "没有故障"))


def _after(profile: Profile, rule: Fault, facts: Facts, hard: rec.Record) -> tuple[str, Text]:
    on = [record for record in facts.session.segments if record.seq > hard.seq]
    if rule.stop_at_once and len(on) > 1:  # the segment that was open is sealed first
        return NOT_MET, (f"recorded on after the fault of record {hard.seq}", f"第 {hard.seq} 条记录故障之后仍继续使用")
    title = profile.title(rule.report_to)
    if any(mark.get("role") == rule.report_to for mark in facts.marked(codes.MARK_REPORTED)):
        return MET, (f"stopped at once, and reported to {title}", f"已立即停止使用并报告{title}")
    return JUDGEMENT, (f"stopped; a report to {title} is owed", f"已停止使用；应报告{title}")


def _hard_fault(facts: Facts) -> rec.Record | None:
    """The first fault after which the recorder was to be used no more, by its own word or by what interrupted it."""
    faults = [record for record in facts.of_type(rec.FAULT) if record.fields and record.fields["code"] == OUT_OF_USE]
    faults += [gap.interrupt for gap in facts.session.gaps if gap.fact in _HARD]
    return min(faults, key=lambda record: record.seq, default=None)


def _soft_fault(facts: Facts) -> rec.Record | None:
    return next((record for record in facts.of_type(rec.FAULT) if record.fields and not record.fields["healed"]), None)


def issued(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That the recorder was issued to somebody, where issuing is to be registered."""
    opened = facts.session.opened
    rows = [row for row in profile.custodian if "issue" in row.duties]
    assert opened and opened.fields, "rules are those that a believed session-open names"
    for row in rows:
        if opened.fields["assignment"] is not None:
            text = "issued to an officer by a signed assignment", "已凭签名的领用记录发放给执法人员"
            yield from article(row.src, row.basis, MET, text)
        else:
            text = "the recorder held no assignment: who carried it is to be found out", "记录仪上没有领用记录：需查明使用人"
            yield from article(row.src, row.basis, JUDGEMENT, text)


_BROKEN = ("media-unplayable", "media-lost", "count-wrong")


def files_complete(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That the recorder made whole files, where the regulation asks for devices that do."""
    rule = profile.capability
    if rule is None or "files_complete" not in rule.must:
        return
    if facts.sound and not facts.findings.has(*_BROKEN):
        yield from article(rule.src, rule.basis, MET, ("every file is whole and plays", "每个文件完整且可播放"))
    else:
        yield from article(rule.src, rule.basis, JUDGEMENT, ("some of it is not whole", "部分内容不完整"))


def encrypted(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That recordings are encrypted, where the regulation asks for devices that do."""
    rule = profile.capability
    if rule is None or "encryption" not in rule.must:
        return
    yield from article(rule.src, rule.basis, *_encryption(facts))


def _encryption(facts: Facts) -> tuple[str, Text]:
    if facts.mode & rec.MODE_UNENCRYPTED:
        return NOT_MET, ("recorded without encryption", "未加密记录")
    return MET, ("recorded encrypted; nothing on the recorder deletes", "已加密记录；记录仪不能自行删除")
