# SPDX-License-Identifier: Apache-2.0
"""What the recorder says, in the words of a profile's script: when, and the sentence."""

from collections.abc import Iterable

from sealdock.profile.compile import GENERAL_MARKS
from sealdock.profile.schema import Profile
from sealproto import clips, codes

# When it is said, and its clips; "…" stands for what differs from time to time. A sentence with a clip that the script lacks is left out.
_SPOKEN: tuple[tuple[str, tuple[int | str, ...]], ...] = (
    (
        "恢复记录",
        (
            clips.RECORD_AT, "…", clips.BECAUSE, "…", clips.INTERRUPTED, "，…", clips.RESUMED, "，", clips.INTERRUPTED_FOR, "…",
        ),
    ),
    ("原因不明", (clips.RECORD_BECAUSE, "…", clips.INTERRUPTED, "，", clips.NOW_RESUMED, "。", clips.OFFICER_STATE_REASON)),
    ("时间未校准", (clips.CLOCK_NOT_SET, "，", clips.LENGTH_UNKNOWN)),
    ("无法继续", (clips.CANNOT_CONTINUE,)),
    ("同一地点停止", (clips.SAME_PLACE_STOP,)),
    ("到达场所", (clips.SAY_THE_PLACE,)),
    ("有人新到", (clips.CUE_NEW_PERSONS,)),
    ("电量不足", (clips.CAUSE_BASE + codes.CAUSE_BATTERY_LOW, "，", clips.CHANGE_BATTERY)),
    ("语音失效", (clips.ANNOUNCE_YOURSELF,)),
    ("存储不足", (clips.STORAGE_LOW,)),
    ("设备故障", (clips.FAULT_STOP_USE,)),
    ("不能录制", (clips.CANNOT_RECORD, "，", clips.CHANGE_DEVICE)),
    ("期限将至", (clips.DEADLINE_LEFT, "…，", clips.STORE_IN_TIME)),
    ("当日未交", (clips.STORE_TODAY,)),
    ("已逾期", (clips.STORE_OVERDUE,)),
)  # fmt: skip


def spoken(texts: dict[int, str]) -> list[tuple[str, str]]:
    """[(when, sentence)]."""
    rows = []
    for when, parts in _SPOKEN:
        if all(isinstance(part, str) or part in texts for part in parts):
            rows.append((when, _joined(parts, texts) + "。"))
    return rows


def _joined(parts: Iterable[int | str], texts: dict[int, str]) -> str:
    return "".join(part if isinstance(part, str) else texts[part] for part in parts)


def mains(found: dict[str, list[int]], states: list[tuple[str, str]], texts: dict[int, str]) -> list[tuple[str, list[str]]]:
    """[(state, items of its main menu)]: those that the profile's recorder can say, in the states that it can lead to."""
    rows = [(name, [texts[item] for item in found.get(state, ()) if item in texts]) for state, name in states]
    return [(name, items) for name, items in rows if items]


def menus(profile: Profile, texts: dict[int, str]) -> list[tuple[str, list[str]]]:
    """[(menu, items)]: the profile's own reasons, points and grounds, in its order."""
    causes = [rule.cause for rule in profile.interruption.causes]
    rows = (
        ("原因", clips.CAUSE_BASE, [codes.CAUSE_ENFORCEMENT_ENDED, codes.CAUSE_PLACE_CHANGE, *causes, codes.CAUSE_OTHER_OBJECTIVE]),
        ("标记", clips.MARK_BASE, [*(row.mark for row in profile.content), *GENERAL_MARKS]),
        ("未记录情况", clips.REASON_BASE, [row.reason for row in profile.no_record]),
    )
    return [(name, list(dict.fromkeys(texts[base + n] for n in numbers if base + n in texts))) for name, base, numbers in rows if numbers]
