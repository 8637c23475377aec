# SPDX-License-Identifier: Apache-2.0
"""Duties about what a recording must show, the check before it, and leaving it as it is."""

from collections.abc import Iterator

from sealdock.profile import Profile
from sealdock.vocabulary import MARKS

from ..verdict import JUDGEMENT, MET, Article
from .procedure import Facts, article

_CHECKS = {"battery": 1, "storage": 2}  # items of a session's silent check


def content(profile: Profile, facts: Facts) -> Iterator[Article]:
    """Which of the content points were marked; what was not marked may still be in the picture."""
    marked = facts.marks()
    by_src: dict[tuple[tuple[str, ...], str], list[int]] = {}
    for row in profile.content:
        if row.condition_zh is None:
            by_src.setdefault((row.src, row.basis), []).append(row.mark)
    for (src, basis), marks in by_src.items():
        missing = [mark for mark in marks if mark not in marked]
        if missing:
            en = "not marked, look for: " + ", ".join(MARKS.en(mark) for mark in missing)
            zh = "未标记，请查看：" + "、".join(MARKS.zh(mark) for mark in missing)
            yield from article(src, basis, JUDGEMENT, (en, zh))
        else:
            en, zh = ", ".join(MARKS.en(mark) for mark in marks), "、".join(MARKS.zh(mark) for mark in marks)
            yield from article(src, basis, MET, (f"marked: {en}", f"已标记：{zh}"))


def preflight(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That battery and storage were looked at when recording began."""
    rule = profile.preflight
    opened = facts.session.opened
    if rule is None or opened is None or opened.fields is None:
        return
    passed = {row[0]: row[1] for row in opened.fields["check"] if isinstance(row, list) and len(row) == 3}
    missing = [item for item in rule.items if passed.get(_CHECKS[item]) is not True]
    if missing:
        text = f"not passed at the start: {', '.join(missing)}", f"开始时未通过检查：{'、'.join(missing)}"
        yield from article(rule.src, rule.basis, JUDGEMENT, text)
    else:
        yield from article(rule.src, rule.basis, MET, ("battery and storage were checked at the start", "开始时已检查电量和存储空间"))


_EDITING = ("alter", "cut", "edit", "delete", "select", "insert", "record_later", "forge", "damage", "destroy")


def unaltered(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That nothing was cut, inserted or edited after recording, where that is banned."""
    whole = facts.findings.worst("integrity") == "intact" and facts.sound
    for row in profile.prohibited:
        if not set(row.bans) & set(_EDITING):
            continue
        if whole:
            text = "every byte is as the recorder sealed it", "每个字节均与记录仪封存时一致"
            yield from article(row.src, row.basis, MET, text)
        else:
            text = "this copy is not as it was sealed; the original stands in the archive", "此份与封存内容不一致；原件在档案中"
            yield from article(row.src, row.basis, JUDGEMENT, text)
