# SPDX-License-Identifier: Apache-2.0
"""The duties that a recorder serves, bureau by bureau, and docs/duties.md: each with its stories, records and answers.

`python -m sealsim.scenario.duties` writes the page; a test holds it to the stories, and this list to the profiles.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sealdock.profile import Profile
from sealdock.verify.rules.duties_after import PROPOSED
from sealsim.paths import source_root
from sealsim.scenario.command import stories
from sealsim.scenario.story import Story, load_story

PAGE = "docs/duties.md"


@dataclass(frozen=True)
class Duty:
    """One row: articles as the profile cites them, and what they ask of the recorder, in a few words."""

    articles: tuple[str, ...]
    zh: str
    en: str


def _duty(articles: str, zh: str, en: str) -> Duty:
    return Duty(tuple(articles.split()), zh, en)


# What several regulations ask for in the same words, or nearly
_SECRETS = ("涉密信息按权限管理", "secret spans by the rules of secrecy")
_LONG_KEEPING = ("建议长期保存的标记", "marks that propose long keeping")
_EVIDENCE = ("作为证据的标记", "marked as evidence")
_CONTENT = ("重点内容", "points of content")
_UNALTERED = ("不得删减、修改", "nothing altered or deleted")

DUTIES: dict[str, tuple[Duty, ...]] = {
    "changchun": (
        _duty("CC8¶1", "查封、扣押等强制措施：推行全过程记录", "seizures and the like: whole process, promoted"),
        _duty("CC8¶2", "程序规定所列情形", "cases of the procedural rules"),
        _duty(
            "CC8¶3(1) CC8¶3(2) CC8¶3(3) CC8¶3(5) CC8¶3(6) CC8¶3(7) CC8¶3(8) CC8¶3(9) CC8¶3(10) CC8¶4",
            "可以记录的活动",
            "acts that may be recorded",
        ),
        _duty("CC8¶3(4)", "听证：主持人允许", "hearings: the chair permits"),
        _duty("CC10¶2", "加密、防删除", "encryption, nothing deletes"),
        _duty("CC11¶1", "自开始至结束不间断", "from beginning to end without a break"),
        _duty("CC11¶2", "重要环节、多台接续", "key stages, relay"),
        _duty("CC12(1) CC12(2) CC12(3) CC12(4) CC12(5)", *_CONTENT),
        _duty("CC13 CC13¶1", "不适于记录、无法取得设备：报告并注明", "not suitable, no device: report and note"),
        _duty("CC13¶2", "客观原因中断：恢复并语音说明", "objective interruption: resume, reason aloud"),
        _duty("CC13¶3", "当事人致无法记录：报告并注明", "the party prevents it: report and note"),
        _duty("CC13¶4", "国家秘密不记录；商业秘密、隐私经申请和同意", "state secrets never; trade secrets, privacy by consent"),
        _duty("CC14¶2", *_SECRETS),
        _duty("CC16", "24 小时内保存", "saved within 24 hours"),
        _duty("CC18(1) CC18(2) CC18(4)", *_LONG_KEEPING),
        _duty("CC20", "不得删改", "nothing altered or deleted"),
    ),
    "wenshang": (
        _duty("WS2 WS6", "记录的用途", "where recording is used"),
        _duty("WS10", "每天工作结束后存储", "stored after each day's work"),
        _duty("WS11¶3 WS12(1) WS12(2) WS12(3)", *_LONG_KEEPING),
        _duty("WS17", "查处、处理案件：全程录音录像，记录证据", "cases: whole process, evidence"),
        _duty("WS18", "处罚、强制措施、询问前事先告知", "telling before three acts"),
        _duty("WS19", "检查电量和存储空间", "battery and storage looked at"),
        _duty("WS20", "故障立即停用并报告办公室", "fault: stop at once, report"),
        _duty("WS23", *_UNALTERED),
        _duty("WS23(1)", "不使用、不全程记录为严禁行为", "not recording the whole is banned"),
    ),
    "luoping": (
        _duty("LP3", "文字记录可以代替；其他情形可以记录", "writing may suffice; else it may be recorded"),
        _duty("LP8(6)", "依申请行为的记录环节", "steps to be recorded of an act on application"),
        _duty("LP9(2)", "报明姓名证号、出示证件", "name and certificate"),
        _duty("LP9 LP9(5) LP9(10) LP9(17)", "依职权行为的记录环节", "steps to be recorded of an act of office"),
        _duty("LP10(1) LP10(2) LP10(3) LP10(4) LP10(5)", *_CONTENT),
        _duty("LP11", "重大、复杂案件等：全过程无间断", "major and complex cases: without a break"),
        _duty("LP12", "过程中以规范用语告知当事人及其他人员", "prescribed words, also to those who come later"),
        _duty("LP13", "中止的原因语音说明；无法继续的立即报告", "reason of an interruption aloud; else report at once"),
        _duty("LP14", "7 个工作日内储存", "stored within seven working days"),
        _duty("LP15", *_EVIDENCE),
        _duty("LP16", "不得剪接、删改", "nothing cut or altered"),
        _duty("LP16¶2", "涉密依法处理", "secrets by law"),
        _duty("LP17", "暴力、威胁阻挠记录：移送", "violence against the recording: to the police"),
    ),
    "dalian-ftz": (
        _duty("DL9(1) DL9(2) DL9(3) DL9(4)", "应当制作记录的行为", "acts that need a record"),
        _duty("DL11", "文字记录可以代替", "writing may suffice"),
        _duty("DL12", "重大财产权益、办案场所：推行全过程记录", "major property, case places: whole process, promoted"),
        _duty("DL13", "易引发争议的过程可以记录", "what may be recorded"),
        _duty("DL14(1)", "开启时首先告知", "told first, at switch-on"),
        _duty("DL14(2)", "时间、地点、事项、人员、过程", "time, place, matter, persons, process"),
        _duty("DL14(3)", "场所标志；没有的，标志性建筑并口述", "sign of the place, or landmark and its name aloud"),
        _duty("DL14(4)", "同一地点不得断续记录", "no stopping and starting at one place"),
        _duty("DL15(1) DL15(2) DL15(3)", "不适宜记录的情形", "what is unsuitable"),
        _duty("DL16", "24 小时内储存", "stored within 24 hours"),
        _duty("DL17 DL18(1) DL18(2) DL18(3)", *_LONG_KEEPING),
        _duty("DL20", *_SECRETS),
        _duty("DL21", *_UNALTERED),
        _duty("DL21(1)", "不进行全过程记录为严禁行为", "not recording the whole is banned"),
    ),
    "caofeidian": (
        _duty("CF7", "文件完整", "whole files"),
        _duty("CF8(1) CF8(2) CF8(3) CF8(4) CF8(5) CF8(6)", "应当记录的行为", "acts that must be recorded"),
        _duty("CF9(1) CF9(2) CF9(3) CF9(4) CF9¶2", "可以不记录；事后工作记录", "what may be left out; a work record"),
        _duty("CF12", "24 小时内储存；登记、发放", "stored within 24 hours; issued to somebody"),
        _duty("CF14", "事先以规范用语告知", "prescribed words, beforehand"),
        _duty("CF15", "自到达至结束主要环节不间断", "from arrival to the end without a break"),
        _duty("CF16", "非因技术原因不得中断；语音说明；报告；不得补录插入", "no interruption without cause; reason aloud; report"),
        _duty("CF17", *_EVIDENCE),
        _duty("CF21", "不得删节、修改", "nothing cut or altered"),
        _duty("CF22", *_SECRETS),
        _duty("CF23", "不得损毁", "nothing destroyed"),
    ),
}


def cited(profile: Profile) -> set[str]:
    """Every article that the parts of a profile cite which a recording can speak to."""
    rule = profile.continuity
    tables: list[object] = [*profile.record, *profile.no_record, *profile.content, rule.relief if rule else None]
    tables += [profile.announce, profile.announce.choice, profile.interruption, profile.interruption.cannot, profile.fault]
    tables += [profile.preflight, profile.store, profile.secrecy, profile.text_only_allowed, profile.no_record_open]
    tables += [row for row in profile.keep if any(row.when in triggers for triggers in PROPOSED.values())]
    tables += [row for row in profile.transfer if row.event == "violence_threat_recording"]
    return {citation for table in tables for citation in getattr(table, "src", ())}


def told() -> list[Story]:
    """All stories that come along, in the order of their names."""
    return [load_story(path) for path in stories().values()]


def about(duty: Duty, every: Iterable[Story]) -> list[Story]:
    """The stories that name one of the duty's articles."""
    return [story for story in every if set(duty.articles) & set(story.articles)]


def records_of(found: Iterable[Story]) -> list[str]:
    return sorted({one.name for story in found for one in story.signed})


def answers_of(duty: Duty, found: Iterable[Story]) -> list[str]:
    """Every verdict that the stories show for the duty's articles."""
    shown = set()
    for story in found:
        for articles in [story.absences, *(judged.articles for judged in story.verdicts)]:
            shown |= {answer.verdict for article in duty.articles for answer in articles.get(article, ())}
    return [verdict for verdict in ("met", "not_met", "needs_judgement", "not_applicable") if verdict in shown]


def page(every: list[Story]) -> str:
    """docs/duties.md."""
    return "\n".join([*_HEAD, *(line for profile, duties in DUTIES.items() for line in _table(profile, duties, every))]) + "\n"


def _table(profile: str, duties: tuple[Duty, ...], every: list[Story]) -> Iterator[str]:
    yield from ("", f"## {profile}", "| article | duty | stories | records | answers |", "|---|---|---|---|---|")
    for duty in duties:
        found = about(duty, every)
        names = ", ".join(f"[{story.path.stem}](../sim/scenarios/{story.path.name})" for story in found)
        articles = " ".join(duty.articles)
        yield f"| {articles} | {duty.zh} · {duty.en} | {names} | {', '.join(records_of(found))} | {', '.join(answers_of(duty, found))} |"


_HEAD = (
    "# Duties of the recorder, by article",
    "",
    "Every article that asks something of a recorder, the stories that show it kept, broken or open, the records in which it can be",
    'seen, and the answers that `sealdock verify` gives in these stories. "Not met" is given only where the text commands',
    "(应当、必须、不得、严禁) and a signed fact contradicts it; what rests on an inference or on a bureau's own setting is at most for a",
    "person to judge. The rules are `host/sealdock/verify/rules/duties_*.py`, the language of stories is [scenarios.md](scenarios.md).",
    "This page is written by `python -m sealsim.scenario.duties`, from the stories; edit those.",
)


if __name__ == "__main__":
    (source_root() / PAGE).write_text(page(told()), encoding="utf-8")
