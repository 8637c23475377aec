# SPDX-License-Identifier: Apache-2.0
"""Duties about what a recording must show, and leaving it as it is."""

from collections.abc import Iterator

from sealdock.profile import Profile
from sealdock.profile.recording import Content, Stage
from sealdock.vocabulary import MARKS

from ..verdict import JUDGEMENT, MET, Article
from .procedure import Facts, Text, article


def content(profile: Profile, facts: Facts) -> Iterator[Article]:
    """Which of the content points were marked; what was not marked may still be in the picture."""
    by_src: dict[tuple[tuple[str, ...], str], list[Content]] = {}
    for row in profile.content:
        by_src.setdefault((row.src, row.basis), []).append(row)
    for (src, basis), rows in by_src.items():
        always = [row.mark for row in rows if row.condition_zh is None]
        instead = [row.mark for row in rows if row.condition_zh is not None]
        if always or set(instead) & facts.marks() or not _only_where_needed(rows):
            yield from article(src, basis, *_shown(facts.marks(), always, instead))


def _only_where_needed(rows: list[Content]) -> bool:
    return all(row.condition_zh == "必要时" for row in rows)


def _shown(marked: set[int], always: list[int], instead: list[int]) -> tuple[str, Text]:
    """`instead`: what counts where its condition holds, such as a landmark where a place has no sign."""
    missing = [mark for mark in always or instead if mark not in marked]
    if missing and always and instead and set(instead) <= marked:
        missing, always = [], instead
    if missing:
        en = "not marked, look for: " + ", ".join(MARKS.en(mark) for mark in missing)
        return JUDGEMENT, (en, "未标记，请查看：" + "、".join(MARKS.zh(mark) for mark in missing))
    shown = always or instead
    return MET, ("marked: " + ", ".join(map(MARKS.en, shown)), "已标记：" + "、".join(map(MARKS.zh, shown)))


def stages(profile: Profile, facts: Facts) -> Iterator[Article]:
    """The checklist of a case: which steps on site were marked in this recording. The others lie in the case file, or did not happen."""
    content = {citation for row in profile.content for citation in row.src}
    marked = [stage for stage in profile.stages if set(stage.marks) & facts.marks()]
    own = [stage for stage in marked if len({other.article for other in profile.stages if set(other.marks) & set(stage.marks)}) == 1]
    for stage in marked:
        if stage.citation not in content:  # else content() has answered
            yield from article((stage.citation,), "text", MET if stage in own else JUDGEMENT, _step(stage, facts.marks(), stage in own))
    for of in dict.fromkeys(stage.article for stage in own):
        yield from article(
            (of,), "text", JUDGEMENT, _to_find([s for s in profile.stages if s.article == of and s.on_site and s not in marked])
        )


def _step(stage: Stage, marks: set[int], own: bool) -> Text:
    """`own`: no other article knows a step with that mark."""
    here = [mark for mark in stage.marks if mark in marks]
    en, zh = "marked: " + ", ".join(map(MARKS.en, here)), f"{stage.title_zh}：已标记" + "、".join(map(MARKS.zh, here))
    return (en, zh) if own else (en + "; whether it was an act of this kind is to be seen", zh + "；是否属于此类行为，请结合案卷判断")


def _to_find(steps: list[Stage]) -> Text:
    en = "steps on site that are not marked here; look for them in the case: " + ", ".join(step.citation for step in steps)
    return en, "本次记录未标记的现场环节，请结合案卷查看：" + "；".join(step.title_zh for step in steps)


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
