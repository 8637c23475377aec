# SPDX-License-Identifier: Apache-2.0
"""How the officer's card names what stands in the recorder's tables."""

# States in the order in which an officer meets them; the rest is the custodian's.
STATES = {
    "idle": "待命",
    "telling": "正在告知（尚未记录）",
    "recording": "正在记录",
    "interrupted": "{interrupted}",
    "withdrawn": "已停用",
    "fault": "设备故障",
    "enrolling": "正在登记",
    "unenrolled": "未登记",
}
BUTTONS = {"record": "记录键", "mark": "标记键", "menu": "菜单键"}
GESTURES = {"press": "按", "hold": "长按"}

ACTIONS = {
    "offer_enrolment": "允许采集站登记",
    "confirm_enrolment": "登记码一致，确认",
    "end_enrolment": "退出登记",
    "open_session": "开始记录",
    "tell_first": "先告知，告知后开始记录",
    "open_urgent": "紧急开始记录，请补充告知",
    "cancel_start": "取消",
    "close_session": "停止记录",
    "interrupt_by_hand": "停止记录，并询问原因",
    "resume": "恢复记录",
    "abandon_session": "结束本次记录",
    "mark": "标记",
    "confirm": "菜单中：确认",
    "mark_objection": "标记当事人异议",
    "menu": "菜单，再按换项",
    "announce_again": "再次告知",
    "forecast": "播报可录时间和电量",
    "preflight": "播报设备检查",
    "refuse": "不能记录，语音提示",
    "refuse_withdrawn": "不能使用，语音提示",
    "choose": "确认所选项",
    "warn_battery": "提示电量",
}
# Where the same action means more in one state.
IN_STATE = {("recording", "confirm"): "标记；口述完毕；菜单中：确认"}
# What is answered differently from case to case, not by the profile.
QUESTIONS = {"asks_after_stop": "须说明原因时"}

PATTERNS = ("灭", "亮", "慢闪", "快闪")
COLOURS = ("绿", "红", "黄")
WARNED = "（电量或存储不足）"
DOCKED = "（已接入采集站）"
