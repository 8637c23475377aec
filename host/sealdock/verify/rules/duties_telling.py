# SPDX-License-Identifier: Apache-2.0
"""Duties about telling people that they are recorded."""

import unicodedata
from collections.abc import Iterator
from hashlib import sha256

from sealdock.profile import Profile
from sealproto import codes
from sealproto import records as rec

from ..verdict import JUDGEMENT, MET, NOT_APPLICABLE, Article
from .procedure import Facts, Text, article
from .session import Session

AT_ONCE_MS = 15_000  # "first, when switching on": the announcement begins within this time after session-open
_TELLING = (codes.OCCASION_FIRST, codes.OCCASION_RESUME, codes.OCCASION_RELAY_IN, codes.OCCASION_REPEAT, codes.OCCASION_ON_REQUEST)


def wording_hash(text: str) -> bytes:
    """What a record names its announced text by: SHA-256 of it in NFC without white space."""
    return sha256("".join(unicodedata.normalize("NFC", text).split()).encode()).digest()


def announcements_of(session: Session) -> list[rec.Record]:
    """Announcements of the recording itself, not reasons or warnings."""
    return [r for r in session.events if r.type == rec.ANNOUNCE and r.fields and r.fields["occasion"] in _TELLING]


def announcements(facts: Facts) -> list[rec.Record]:
    return announcements_of(facts.session)


def _good(profile: Profile, record: rec.Record) -> bool:
    fields = record.fields or {}
    return bool(fields["complete"]) and fields["wording"] == wording_hash(profile.announce.spoken)


def announced(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That the subject was told, when, and in the words that are prescribed."""
    rule = profile.announce
    if rule.duty is None:
        return
    if rule.scope == "activities" and facts.activities and not set(facts.activities) & set(rule.activities or ()):
        text = ("telling is not prescribed for this activity", "该执法活动未规定告知")
        yield from article(rule.src, rule.basis, NOT_APPLICABLE, text)
        return
    yield from article(rule.src, rule.basis, *_told(profile, facts))


def _told(profile: Profile, facts: Facts) -> tuple[str, Text]:
    every = announcements(facts)
    good = [record for record in every if _good(profile, record)]
    if not good:
        return JUDGEMENT, _not_by_device(facts, every)
    unheard = {finding.record for finding in facts.findings.all if finding.code == "not-heard"}
    unchecked = {finding.record for finding in facts.findings.all if finding.code == "not-looked-for"}
    heard = [record for record in good if record.seq not in unheard | unchecked]
    where = f"record {(heard or good)[0].seq}", f"第 {(heard or good)[0].seq} 条记录"
    if not heard and good[0].seq in unchecked:
        return JUDGEMENT, (
            f"played ({where[0]}); not looked for in the sound, listen there",
            f"已播放（{where[1]}）；未在录音中查找，请听该处",
        )
    if not heard:
        return JUDGEMENT, (f"played ({where[0]}), but not to be heard in the sound", f"已播放（{where[1]}），但录音中听不到")
    if profile.announce.scope == "activities" and not facts.activities:
        return JUDGEMENT, (f"told ({where[0]}); the activity was not stated", f"已告知（{where[1]}）；未注明执法活动")
    if facts.mode & rec.MODE_URGENT:
        text = f"begun in haste and told afterwards ({where[0]}); whether that was called for is for a person to judge"
        return JUDGEMENT, (text, f"紧急开始，事后告知（{where[1]}）；是否必要需人工判断")
    late = _late(profile, facts, heard[0])
    if late:
        return JUDGEMENT, late
    return MET, (f"told by the recorder in the words of the profile ({where[0]})", f"记录仪已按规范用语告知（{where[1]}）")


def _not_by_device(facts: Facts, every: list[rec.Record]) -> Text:
    if codes.MARK_ANNOUNCED_BY_OFFICER in facts.marks():
        return "told by the officer's own voice, as marked: listen there", "执法人员已标记口头告知：请听该处录音"
    if every:
        return "an announcement was cut short or had other words", "告知语音未播完或用语不符"
    return "the recorder played no announcement; the officer may have told it by voice", "记录仪未播放告知；执法人员可能已口头告知"


def _late(profile: Profile, facts: Facts, first: rec.Record) -> Text | None:
    """What the moment of the first announcement leaves open."""
    opened = facts.session.opened
    assert opened, "an announcement counts only behind the record that opens its session"
    fields = first.fields or {}
    if profile.announce.moment == "before" and fields["first_sample"] is not None:
        text = "recording had begun when it was told; whether notice came before is for a person to judge"
        return text, "告知时录制已开始；是否事先告知需人工判断"
    late = first.boot != opened.boot or fields["start_ms"] > opened.ms + AT_ONCE_MS
    if profile.announce.moment == "at_switch_on_first" and late:
        return "told, but not first when the recorder was switched on", "已告知，但不是在开启设备时首先告知"
    if profile.announce.moment == "during" and all(r.fields and r.fields["first_sample"] is None for r in announcements(facts)):
        return "told, but not while it was recording", "已告知，但不在录制过程中"
    return None


def repeated(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That it was told again after each interruption, where the bureau chose so."""
    choice = profile.announce.choice
    if profile.announce.duty is None or not choice.on_resume or not facts.session.gaps:
        return
    resumed = [part.number for part in facts.session.parts if part.number]
    told = {r.fields["part"] for r in announcements(facts) if r.fields and _good(profile, r)}
    missing = [part for part in resumed if part not in told]
    if missing:
        text = f"not repeated in part(s) {missing}", f"第 {missing} 部分恢复记录后未再次告知"
        yield from article(choice.src, choice.basis, JUDGEMENT, text)
    else:
        yield from article(choice.src, choice.basis, MET, ("repeated after each interruption", "每次恢复记录后均已再次告知"))


def joined(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That persons who came later were told, too, where the bureau has its recorders remind of it."""
    rule = profile.announce
    came = [record for record in facts.of_type(rec.MARK) if record.fields and record.fields["code"] == codes.MARK_PERSONS_JOINED]
    if rule.duty is None or not rule.cue or not came:
        return
    src, basis = (rule.src, rule.basis) if rule.cue_new_persons else (rule.choice.src, rule.choice.basis)
    last = came[-1].seq
    if any(record.seq > last and _good(profile, record) for record in announcements(facts)):
        yield from article(
            src, basis, MET, (f"told again after new persons came (record {last})", f"新到人员后已再次告知（第 {last} 条记录）")
        )
    else:
        text = f"new persons came (record {last}) and the recorder did not tell them; the officer may have"
        yield from article(src, basis, JUDGEMENT, (text, f"有新到人员（第 {last} 条记录），记录仪未再次告知；执法人员可能已口头告知"))


def taken_over(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That the recorder that takes over tells again, where the bureau chose so."""
    choice = profile.announce.choice
    if profile.announce.duty is None or not choice.on_relay_in or not facts.of_type(rec.HANDOVER_IN):
        return
    if any(_good(profile, record) for record in announcements(facts)):
        yield from article(choice.src, choice.basis, MET, ("told again when it took over", "接续记录时已再次告知"))
    else:
        yield from article(choice.src, choice.basis, JUDGEMENT, ("not told again when it took over", "接续记录时未再次告知"))


def truthful(profile: Profile, facts: Facts) -> Iterator[Article]:
    """That the announcement does not claim more than is recorded."""
    opened = facts.session.opened
    if opened is None or opened.fields is None or not announcements(facts):
        return
    mode, rule = opened.fields["mode"], profile.announce
    untrue = []
    if "video" in rule.claimed and mode & rec.MODE_AUDIO_ONLY:
        untrue.append(("picture", "录像"))
    if "whole_process" in rule.claimed and mode & rec.MODE_KEY_STAGES:
        untrue.append(("the whole process", "全程"))
    for en, zh in untrue:
        text = f"the words claim {en}, which this session did not record", f"告知用语称“{zh}”，与实际记录方式不符"
        yield from article(rule.src, rule.basis, JUDGEMENT, text)
