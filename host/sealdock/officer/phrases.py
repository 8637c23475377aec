# SPDX-License-Identifier: Apache-2.0
"""What the recorder says, in the words of a profile's script: when, and the sentence."""

from collections.abc import Iterable

from sealproto import clips

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
    ("电量不足", (clips.CHARGE_LEFT, "…，", clips.CHANGE_BATTERY)),
    ("存储不足", (clips.STORAGE_LOW,)),
    ("设备故障", (clips.FAULT_STOP_USE,)),
    ("不能录制", (clips.CANNOT_RECORD, "，", clips.CHANGE_DEVICE)),
    ("期限将至", (clips.DEADLINE_LEFT, "…，", clips.STORE_IN_TIME)),
    ("当日未交", (clips.STORE_TODAY,)),
    ("已逾期", (clips.STORE_OVERDUE,)),
)  # fmt: skip

# A menu's name and the clips of its items: from one base to the next.
_MENUS = (
    ("原因", clips.CAUSE_BASE),
    ("标记", clips.MARK_BASE),
    ("未记录情况", clips.REASON_BASE),
)
_WIDTH = 300  # of a base's numbers


def spoken(texts: dict[int, str]) -> list[tuple[str, str]]:
    """[(when, sentence)]."""
    rows = []
    for when, parts in _SPOKEN:
        if all(isinstance(part, str) or part in texts for part in parts):
            rows.append((when, _joined(parts, texts) + "。"))
    return rows


def _joined(parts: Iterable[int | str], texts: dict[int, str]) -> str:
    return "".join(part if isinstance(part, str) else texts[part] for part in parts)


def menus(texts: dict[int, str]) -> list[tuple[str, list[str]]]:
    """[(menu, items)] of the profile's vocabularies."""
    found = []
    for name, base in _MENUS:
        items = [texts[number] for number in sorted(texts) if base < number < base + _WIDTH]
        if items:
            found.append((name, items))
    return found
