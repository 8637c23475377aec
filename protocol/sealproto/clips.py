# SPDX-License-Identifier: Apache-2.0
"""Ids of the spoken clips that the recorder strings together.

Ids are stable and appear in signed prompt sets. What a clip says depends on the profile for some of them (中断 or 中止);
the words stand in `sealdock.prompts.script`, the rules for composing in `sealcam.sound.speech`. Ids of a kind that has a
numbered vocabulary are a base plus the number of `sealproto.codes`.
"""

# Numbers: the id of 0 to 20 and of 30, 40 ... 90 is the number itself. 0 is also the 零 inside numbers.
TEN = 10
HUNDRED = 100
THOUSAND = 101
TEN_THOUSAND = 102
LIANG = 103  # 两
YAO = 104  # 幺
YI_FALLING = 105  # 一 read yì, before a unit
YI_RISING = 106  # 一 read yí, before a unit of the fourth tone

# Units.
OCLOCK = 110  # 点
HOUR_WRITTEN = 111  # 时
MINUTE = 112  # 分
SHARP = 113  # 整
YEAR = 114
MONTH = 115
DAY_OF_MONTH = 116  # 日
HOURS = 117  # 小时
MINUTES = 118  # 分钟
SECONDS = 119
DAYS = 120  # 天
WORKING_DAYS = 121  # 个工作日
PARTS = 122  # 段
TIMES = 123  # 次
DEVICES = 124  # 台
PER_CENT = 125  # 百分之
ABOUT = 126  # 约
UNDER_A_SECOND = 127
UNDER_A_MINUTE = 128

# Pauses and the tone of the self-test.
COMMA = 140
FULL_STOP = 141
TONE = 142

# Announcement and start.
ANNOUNCEMENT = 150
CUE_NEW_PERSONS = 151
URGENT_STARTED = 152
ANNOUNCE_YOURSELF = 153
RECORDING_STARTED = 154
RECORDING_STOPPED = 155
RELAY_OUT = 156
RELAY_IN = 157
KEY_STAGES = 158
ON = 159
OFF = 160
RELAY_NUMBER = 161  # 接续号码, then four digits

# Interruption and resumption.
RECORD_AT = 170  # 本次执法记录于
RECORD_BECAUSE = 171  # 本次执法记录因
BECAUSE = 172  # 因
INTERRUPTED = 173
RESUMED = 174  # 恢复记录
INTERRUPTED_FOR = 175
NOW_RESUMED = 176  # 现恢复记录
OFFICER_STATE_REASON = 177
CLOCK_NOT_SET = 178
LENGTH_UNKNOWN = 179
CANNOT_CONTINUE = 180
SAME_PLACE_STOP = 181
SAY_THE_PLACE = 182
FAULT_STOP_USE = 183
CANNOT_RECORD = 184  # 无法录制
CHANGE_DEVICE = 185  # 请更换设备并报告
WRITE_STATEMENT = 186  # what a profile asks to be written afterwards
WRITE_NOTE = 187
WRITE_WORK_RECORD = 188

# Forecasts and warnings.
FORECAST = 190  # 预计还可录制
CHARGE_LEFT = 191  # 剩余电量
CHANGE_BATTERY = 192
STORAGE_LOW = 193

# Storing.
DEADLINE_LEFT = 200  # 距…期限还有
STORE_IN_TIME = 201
STORE_TODAY = 202
STORE_OVERDUE = 203

# Preflight: a part, then GOOD or BAD.
PREFLIGHT = 210
PREFLIGHT_PASSED = 211
PREFLIGHT_FAILED = 212
GOOD = 213
BAD = 214
PART_KEYS = 215
PART_SOUND = 216
PART_CAMERA = 217
PART_CARD = 218
PART_CLOCK = 219
PART_BATTERY = 220
LAST_DOCKED = 221
TODAY = 222
AGO = 223
NO_ENTRY = 224
TIME_NOW = 225

# Enrolment and dock.
ENROL_DIGITS = 230
ENROLLED = 231
ENROL_REFUSED = 232
CHECKED_OUT = 233
DOCKED = 234
DOCK_DONE = 235
DOCK_BROKEN = 236

# Menus: CHOOSE and the menu's name, then the items.
MENU_HINT = 240
CHOOSE = 241
MENU_REASON = 242
MENU_NO_RECORD = 243
MENU_MARK = 244
MENU_ACTIVITY = 245
CONFIRMED = 246
CANCELLED = 247
NOTED = 248
ITEM_ANNOUNCE = 250
ITEM_FORECAST = 251
ITEM_RELAY_OUT = 252
ITEM_RELAY_IN = 253
ITEM_SECRECY = 254
ITEM_REPORTED = 255
ITEM_MARK = 256
ITEM_ACTIVITY = 257
ITEM_OWN_VOICE = 258
ITEM_PERSONS_JOINED = 259
ITEM_SECRECY_ENDS = 260
ITEM_NO_RECORD = 261
ITEM_NO_RECORD_ENDS = 262
ITEM_KEY_STAGES = 263
ITEM_CANNOT_CONTINUE = 264
ITEM_END_SESSION = 265
ITEM_REASON = 266
ITEM_DEADLINE = 267
ITEM_BEGINS = 268
ITEM_HAS_ENDED = 269
MENU_REPORTED = 270
MENU_MOMENT = 271
MENU_RELAY = 272
MENU_MAIN = 273

# Vocabularies: base plus the number of the code.
CAUSE_BASE = 1000
FACT_BASE = 1300
REASON_BASE = 1600
MARK_BASE = 2000
ACTIVITY_BASE = 2300
ROLE_BASE = 2600  # reported to that role
REPORT_TO_BASE = 2700  # 请向…报告
