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
    "end_telling": "口头告知完毕",
    "open_urgent": "紧急开始记录，随后说明原因",
    "cancel_start": "取消",
    "stop": "立即停止，随后说明原因",
    "resume": "恢复记录",
    "end_session": "结束本次记录",
    "mark": "标记其他重要内容",
    "mark_objection": "标记当事人异议",
    "menu": "打开菜单",
    "announce_again": "再次告知",
    "forecast": "播报可录时间和电量",
    "preflight": "播报设备检查",
    "no_record_menu": "登记未记录情况",
    "refuse": "不能记录，语音提示",
    "refuse_withdrawn": "不能使用，语音提示",
    "choose": "确认",
    "leave_menu": "退出菜单",
    "end_words": "口述完毕",
}
# What is the same in every state while a menu is open or the officer speaks: said once on the card.
ALWAYS = ("choosing", "speaking")

PATTERNS = ("灭", "亮", "慢闪", "快闪")
COLOURS = ("绿", "红", "黄")
WARNED = "（电量或存储不足）"
DOCKED = "（已接入采集站）"
