# SPDX-License-Identifier: Apache-2.0
"""What each clip says under a profile: clip id -> Chinese text.

Only clips that a profile can need are in its script. Composed sentences (`sealcam.sound.speech`) must read exactly as the
phrases of docs/speech.md when the texts of their clips are joined; `render` does that for tests and transcripts.
"""

from collections.abc import Iterable

from sealproto import clips, codes

from .. import vocabulary
from ..profile.compile import proofs
from ..profile.schema import Profile

DIGITS = "零一二三四五六七八九"

UNITS = {
    clips.HUNDRED: "百", clips.THOUSAND: "千", clips.TEN_THOUSAND: "万", clips.LIANG: "两", clips.YAO: "幺",
    clips.YI_FALLING: "一", clips.YI_RISING: "一",
    clips.OCLOCK: "点", clips.HOUR_WRITTEN: "时", clips.MINUTE: "分", clips.SHARP: "整", clips.YEAR: "年",
    clips.MONTH: "月", clips.DAY_OF_MONTH: "日", clips.HOURS: "小时", clips.MINUTES: "分钟", clips.SECONDS: "秒",
    clips.DAYS: "天", clips.WORKING_DAYS: "个工作日", clips.PARTS: "段", clips.TIMES: "次", clips.DEVICES: "台",
    clips.PER_CENT: "百分之", clips.ABOUT: "约", clips.UNDER_A_SECOND: "不足一秒", clips.UNDER_A_MINUTE: "不足一分钟",
}  # fmt: skip

# Read in a tone that the character alone does not tell.
PINYIN = {clips.YI_FALLING: "yi4", clips.YI_RISING: "yi2"}

# Silence, not speech: what is written in a transcript, and how long it lasts in ms.
PAUSES = {clips.COMMA: ("，", 220), clips.FULL_STOP: ("。", 420)}
TONE_TEXT = "♪"

FIXED = {
    clips.CUE_NEW_PERSONS: "如有新到人员，请再次告知",
    clips.URGENT_STARTED: "已紧急开始记录，请说明原因",
    clips.ANNOUNCE_YOURSELF: "请口头告知",
    clips.RECORDING_STARTED: "开始记录",
    clips.RECORDING_STOPPED: "停止记录",
    clips.RELAY_OUT: "由下一台设备接续记录",
    clips.RELAY_IN: "开始接续记录",
    clips.RELAY_NUMBER: "接续号码",
    clips.ON: "已开启",
    clips.OFF: "已关闭",
    clips.RECORD_AT: "本次执法记录于",
    clips.RECORD_BECAUSE: "本次执法记录因",
    clips.BECAUSE: "因",
    clips.RESUMED: "恢复记录",
    clips.NOW_RESUMED: "现恢复记录",
    clips.OFFICER_STATE_REASON: "请执法人员说明原因",
    clips.CLOCK_NOT_SET: "设备时间未校准",
    clips.CANNOT_RECORD: "无法录制",
    clips.CHANGE_DEVICE: "请更换设备并报告",
    clips.FORECAST: "预计还可录制",
    clips.CHARGE_LEFT: "剩余电量",
    clips.CHANGE_BATTERY: "请更换电池",
    clips.STORAGE_LOW: "存储空间即将用尽",
    clips.PREFLIGHT: "设备检查",
    clips.PREFLIGHT_PASSED: "检查通过",
    clips.PREFLIGHT_FAILED: "检查未通过",
    clips.GOOD: "正常",
    clips.BAD: "故障",
    clips.PART_KEYS: "密钥",
    clips.PART_SOUND: "麦克风和扬声器",
    clips.PART_CAMERA: "摄像头",
    clips.PART_CARD: "存储卡",
    clips.PART_CLOCK: "时间",
    clips.PART_BATTERY: "电池",
    clips.LAST_DOCKED: "上次接入采集站",
    clips.TODAY: "今日",
    clips.AGO: "前",
    clips.NO_ENTRY: "无记录",
    clips.TIME_NOW: "现在时间",
    clips.ENROL_DIGITS: "请核对登记码",
    clips.ENROLLED: "登记完成",
    clips.ENROL_REFUSED: "登记未完成",
    clips.CHECKED_OUT: "设备已领用",
    clips.DOCKED: "正在上传，请勿断开",
    clips.DOCK_DONE: "上传完成",
    clips.DOCK_BROKEN: "上传未完成，请重新连接",
    clips.MENU_HINT: "菜单键换项，标记键确认",
    clips.CHOOSE: "请选择",
    clips.MENU_REASON: "原因",
    clips.MENU_NO_RECORD: "未记录情况",
    clips.MENU_MARK: "标记",
    clips.MENU_ACTIVITY: "执法活动",
    clips.CONFIRMED: "已确认",
    clips.CANCELLED: "已取消",
    clips.NOTED: "已登记",
    clips.ITEM_ANNOUNCE: "再次告知",
    clips.ITEM_FORECAST: "可录时间",
    clips.ITEM_RELAY_OUT: "移交记录",
    clips.ITEM_RELAY_IN: "接续记录",
    clips.ITEM_SECRECY: "涉密内容",
    clips.ITEM_REPORTED: "已报告",
    clips.ITEM_MARK: "标记",
    clips.ITEM_ACTIVITY: "执法活动",
    clips.ITEM_OWN_VOICE: "口头告知",
    clips.ITEM_PERSONS_JOINED: "有新到人员",
    clips.ITEM_SECRECY_ENDS: "涉密内容结束",
    clips.ITEM_NO_RECORD: "登记未记录情况",
    clips.ITEM_NO_RECORD_ENDS: "未记录情况结束",
    clips.ITEM_CANNOT_CONTINUE: "无法继续记录",
    clips.ITEM_END_SESSION: "结束本次记录",
    clips.ITEM_REASON: "说明原因",
    clips.ITEM_BEGINS: "现在开始",
    clips.ITEM_HAS_ENDED: "已经结束",
    clips.MENU_REPORTED: "报告对象",
    clips.MENU_MOMENT: "时间",
    clips.MENU_RELAY: "接续号码",
    clips.MENU_MAIN: "操作",
}  # fmt: skip

# How a title is said where it would be cut by brackets or be long in a menu. Causes are said as the regulations have
# them, since they are spoken into the recording.
SPOKEN = {
    clips.FACT_BASE + codes.FACT_NONE: "不明原因",
    clips.REASON_BASE + codes.REASON_KEY_STAGES_ONLY: "仅记录重要环节",
    clips.REASON_BASE + codes.REASON_OTHER_UNSUITABLE: "其他不适宜内容",
    clips.REASON_BASE + codes.REASON_TEXT_SUFFICES: "已有文字记录",
    clips.REASON_BASE + codes.REASON_PARTY_PREVENTS: "当事人拒绝或不配合",
    clips.REASON_BASE + codes.REASON_OBJECTIVE_IMPOSSIBLE: "因客观原因无法记录",
    clips.REASON_BASE + codes.REASON_EXPLOSIVE_AREA_NO_EX_DEVICE: "爆炸危险区域无防爆设备",
    clips.REASON_BASE + codes.REASON_HAZARD_AREA_NO_FIT_DEVICE: "危险区域无合规设备",
    clips.REASON_BASE + codes.REASON_ACT_UNSUITABLE: "执法行为特殊",
    clips.REASON_BASE + codes.REASON_URGENT_NO_DEVICE: "情况紧急，无记录设备",
    clips.REASON_BASE + codes.REASON_URGENT: "情况紧急",
    clips.REASON_BASE + codes.REASON_HEARING_NOT_PERMITTED: "听证主持人未允许",
    clips.REASON_BASE + codes.REASON_FAULT_STOPPED: "设备故障停用",
    clips.MARK_BASE + codes.MARK_ANNOUNCED_BY_OFFICER: "口头告知",
    clips.MARK_BASE + codes.MARK_REPORTED: "已报告",
    clips.MARK_BASE + codes.MARK_REASON_SPOKEN: "口述原因",
    clips.MARK_BASE + codes.MARK_MEASURE_TAKEN: "采取执法措施",
    clips.MARK_BASE + codes.MARK_APPEARANCE_CONDUCT: "体貌言行",
    clips.MARK_BASE + codes.MARK_OFFICER_NAMED: "报明姓名证号",
    clips.MARK_BASE + codes.MARK_OBJECTION: "当事人异议",
    clips.MARK_BASE + codes.MARK_OBSTRUCT: "拒绝、阻碍",
    clips.MARK_BASE + codes.MARK_ABUSE_ASSAULT: "侮辱、殴打",
    clips.MARK_BASE + codes.MARK_VIOLENCE_THREAT_RECORDING: "暴力、威胁",
    clips.MARK_BASE + codes.MARK_SUDDEN_GROUP: "突发、群体性事件",
    clips.MARK_BASE + codes.MARK_SECRET_BEGINS: "涉密内容开始",
    clips.MARK_BASE + codes.MARK_SECRET_ENDS: "涉密内容结束",
    clips.MARK_BASE + codes.MARK_TEXT_SUPPLEMENT: "文字补充",
    clips.MARK_BASE + codes.MARK_OFFICERS_PROCESS: "执法过程",
    clips.ACTIVITY_BASE + codes.ACTIVITY_SITE_INSPECTION: "现场检查",
    clips.ACTIVITY_BASE + codes.ACTIVITY_MEASURES: "采取措施",
    clips.ACTIVITY_BASE + codes.ACTIVITY_SAMPLING_28_2: "抽样取证须确认情形",
}

WRITINGS = {
    "statement_after": (clips.WRITE_STATEMENT, "事后请书面说明"),
    "note_in_document_if_any": (clips.WRITE_NOTE, "有记录文书的，请在其中注明"),
    "work_record_reason_and_basis": (clips.WRITE_WORK_RECORD, "请及时制作工作记录，写明原因和依据"),
}

# Causes that any profile may meet beside those it lists.
GENERAL_CAUSES = {
    codes.CAUSE_NOT_STATED, codes.CAUSE_BATTERY_LOW, codes.CAUSE_STORAGE_FULL, codes.CAUSE_DEVICE_INOPERABLE,
    codes.CAUSE_PLACE_CHANGE, codes.CAUSE_RELAY, codes.CAUSE_SECRECY, codes.CAUSE_ENFORCEMENT_ENDED,
    codes.CAUSE_OTHER_OBJECTIVE,
}  # fmt: skip
# Spoken as the cause with the same words, or never spoken as a reason.
SILENT_FACTS = {codes.FACT_VOLTAGE_BELOW, codes.FACT_SLOTS_EXHAUSTED, codes.FACT_CLOCK_UNSET}


def script(profile: Profile) -> dict[int, str]:
    """Every clip of the profile's set, by id in rising order."""
    texts = {**_numbers(), **UNITS, **FIXED, **_worded(profile), **_vocabularies(profile)}
    texts.update({clip: mark for clip, (mark, _) in PAUSES.items()})
    texts[clips.TONE] = TONE_TEXT
    return dict(sorted(texts.items()))


def render(ids: Iterable[int], texts: dict[int, str]) -> str:
    """The sentence that the clips say; KeyError for a clip that the set lacks."""
    return "".join(texts[clip] for clip in ids)


def _numbers() -> dict[int, str]:
    tens = {n * 10: DIGITS[n] + "十" for n in range(2, 10)}
    teens = {10 + n: "十" + DIGITS[n] for n in range(1, 10)}
    return {**dict(enumerate(DIGITS)), 10: "十", **teens, **tens}


def _worded(profile: Profile) -> dict[int, str]:
    """Clips whose words depend on the profile, and only those that its rules can need."""
    interrupted = profile.terms.interrupt_zh
    texts = {
        clips.INTERRUPTED: interrupted,
        clips.INTERRUPTED_FOR: f"{interrupted}时长",
        clips.LENGTH_UNKNOWN: f"{interrupted}时长无法确定",
        clips.CANNOT_CONTINUE: _cannot_continue(profile),
        clips.ITEM_DEADLINE: f"{profile.terms.store_zh}期限",
        clips.FAULT_STOP_USE: _fault(profile),
        **_storing(profile),
    }
    rule = profile.continuity
    if profile.announce.spoken:
        texts[clips.ANNOUNCEMENT] = profile.announce.spoken
    if rule and rule.same_place_stop_start == "forbidden":
        texts[clips.SAME_PLACE_STOP] = "同一执法地点不得断续记录。已停止，请说明原因"
    if rule and rule.relief:
        texts[clips.KEY_STAGES] = texts[clips.ITEM_KEY_STAGES] = "重要环节模式"
    if any(row.mark == codes.MARK_PLACE_SIGN for row in profile.content):
        texts[clips.SAY_THE_PLACE] = "请拍摄场所明显标志；无明显标志的，请拍摄周围标志性建筑，并口述场所名称"
    return texts


def _fault(profile: Profile) -> str:
    if profile.fault is None:
        return "设备故障"
    at_once = "请立即停止使用，并" if profile.fault.stop_at_once else "请"
    return f"设备故障，{at_once}报告{profile.title(profile.fault.report_to)}"


def _storing(profile: Profile) -> dict[int, str]:
    stored = profile.terms.store_zh
    overdue = {clips.STORE_OVERDUE: f"执法记录已超过{stored}期限，请立即{stored}"}
    if profile.store.kind == "after_daily_work":
        handed = f"或交专人{stored}" if profile.store.handover_counts else ""
        return {clips.STORE_TODAY: f"今日执法记录尚未{stored}，请及时{stored}{handed}"} | overdue
    return {clips.DEADLINE_LEFT: f"距{stored}期限还有", clips.STORE_IN_TIME: f"请及时{stored}执法记录"} | overdue


def _cannot_continue(profile: Profile) -> str:
    cannot = profile.interruption.cannot
    if cannot is None:
        return "无法继续记录"
    at_once = "立即" if cannot.when == "immediately" else ""
    noted = "，并在记录文书中注明" if cannot.writing == "note_in_document_if_any" else ""
    return f"无法继续记录，请{at_once}向{profile.title(cannot.report_to)}报告{noted}"


def _vocabularies(profile: Profile) -> dict[int, str]:
    """Titles that are spoken in menus and in reasons."""
    causes = {rule.cause for rule in profile.interruption.causes} | GENERAL_CAUSES | _proven(profile)
    facts = {term.number for term in vocabulary.FACTS.terms} - SILENT_FACTS
    if _key_stages(profile):
        causes.add(codes.CAUSE_KEY_STAGE_PAUSE)
    reasons = {row.reason for row in profile.no_record} | {codes.REASON_OTHER_UNSUITABLE}
    reasons |= {codes.REASON_KEY_STAGES_ONLY} if _key_stages(profile) else set()
    reasons |= {codes.REASON_FAULT_STOPPED} if profile.fault else set()
    activities = {row.activity for row in profile.record} | {codes.ACTIVITY_OTHER}
    marks = {term.number for term in vocabulary.MARKS.terms}
    texts = {clips.CAUSE_BASE + number: vocabulary.CAUSES.zh(number) for number in causes}
    texts.update({clips.FACT_BASE + number: vocabulary.FACTS.zh(number) for number in facts})
    texts.update({clips.REASON_BASE + number: vocabulary.REASONS.zh(number) for number in reasons})
    texts.update({clips.ACTIVITY_BASE + number: vocabulary.ACTIVITIES.zh(number) for number in activities})
    texts.update({clips.MARK_BASE + number: vocabulary.MARKS.zh(number) for number in marks})
    texts.update({clips.ROLE_BASE + role: f"已向{profile.title(role)}报告" for role in _report_roles(profile)})
    texts.update(
        {clips.REPORT_TO_BASE + row.report_to: f"请向{profile.title(row.report_to)}报告" for row in profile.no_record if row.report_to}
    )
    texts.update(_writings(profile))
    return texts | {clip: text for clip, text in SPOKEN.items() if clip in texts}


def _key_stages(profile: Profile) -> bool:
    rule = profile.continuity
    return bool(rule and rule.relief and "key_stages" in rule.relief.relief)


def _writings(profile: Profile) -> dict[int, str]:
    """What is to be written afterwards, where an entry without a recording asks for it."""
    return {WRITINGS[row.writing][0]: WRITINGS[row.writing][1] for row in profile.no_record if row.writing}


def _proven(profile: Profile) -> set[int]:
    return {cause for _, cause in proofs(profile.interruption)}


def _report_roles(profile: Profile) -> set[int]:
    roles = {row.report_to for row in profile.no_record}
    roles |= {rule.report_to for rule in (profile.interruption.cannot, profile.fault) if rule is not None}
    return {role for role in roles if role is not None}
