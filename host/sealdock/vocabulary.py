# SPDX-License-Identifier: Apache-2.0
"""What the numbers of `sealproto.codes` are called: code, Chinese title, English title.

The Chinese titles are those of the regulations where a regulation names the thing. Profiles are written with the
codes; records carry the numbers.
"""

from typing import NamedTuple


class Term(NamedTuple):
    """One entry: stable number, code as written in profiles, titles."""

    number: int
    code: str
    zh: str
    en: str


class Vocabulary:
    """The terms of one kind, found by number or by code."""

    def __init__(self, kind: str, rows: tuple[tuple[int, str, str, str], ...]) -> None:
        self.kind = kind
        self.terms = tuple(Term(*row) for row in rows)
        self._by_code = {term.code: term for term in self.terms}
        self._by_number = {term.number: term for term in self.terms}

    def number(self, code: str) -> int:
        """The number of `code`; KeyError when there is none."""
        return self._by_code[code].number

    def term(self, number: int) -> Term | None:
        """The term with that number, or None when this version does not know it."""
        return self._by_number.get(number)

    def zh(self, number: int) -> str:
        """Chinese title; an unknown number is shown as the number."""
        term = self._by_number.get(number)
        return term.zh if term else f"{self.kind} {number}"

    def en(self, number: int) -> str:
        """English title; an unknown number is shown as the number."""
        term = self._by_number.get(number)
        return term.en if term else f"{self.kind} {number}"

    def __contains__(self, code: object) -> bool:
        return code in self._by_code


CAUSES = Vocabulary(
    "cause",
    (
        (0, "not_stated", "未说明", "not stated"),
        (1, "battery_low", "电量不足", "battery low"),
        (2, "storage_full", "存储空间不足", "storage full"),
        (3, "device_fault", "设备故障", "device fault"),
        (4, "device_damage", "设备损坏", "device damaged"),
        (5, "device_inoperable", "设备无法正常工作", "device cannot work normally"),
        (6, "environment", "环境所限", "limits of the environment"),
        (7, "bad_weather", "天气情况恶劣", "bad weather"),
        (8, "obstruction", "现场有关人员阻挠", "obstruction by persons present"),
        (9, "party_refusal", "当事人拒绝", "party refuses"),
        (10, "party_uncooperative", "当事人不配合", "party does not cooperate"),
        (11, "party_sabotage", "当事人故意破坏", "deliberate damage by party"),
        (12, "place_change", "检查场所变化", "change of inspection place"),
        (13, "key_stage_pause", "重要环节之间间歇", "pause between key stages"),
        (14, "relay", "多台设备接续记录", "relay to another device"),
        (15, "secrecy", "涉及国家秘密、商业秘密或个人隐私", "secrecy or privacy arose"),
        (16, "enforcement_ended", "执法活动结束", "activity ended (not an interruption)"),
        (255, "other_objective", "其他客观原因", "other objective cause"),
    ),
)

FACTS = Vocabulary(
    "fact",
    (
        (0, "none", "无", "none"),
        (1, "voltage_below", "电量不足", "battery voltage below the limit"),
        (2, "power_lost", "设备突然断电", "power lost suddenly"),
        (3, "slots_exhausted", "存储空间不足", "no free slot left"),
        (4, "card_removed", "存储卡被取出", "card removed"),
        (5, "card_failing", "存储卡故障", "card failing"),
        (6, "sensor_lost", "摄像头或麦克风故障", "camera or microphone lost"),
        (7, "over_temperature", "设备温度过高", "too hot"),
        (8, "watchdog_restart", "设备自动重启", "restarted by the watchdog"),
        (9, "sealing_failed", "封存故障", "sealing failed"),
        (10, "clock_unset", "时间未校准", "clock not set"),
        (11, "stop_pressed", "手动停止", "stop pressed"),
    ),
)

REASONS = Vocabulary(
    "reason",
    (
        (1, "state_secret", "涉及国家秘密", "state secret"),
        (2, "trade_secret", "涉及商业秘密", "trade secret"),
        (3, "privacy", "涉及个人隐私", "personal privacy"),
        (4, "explosive_area_no_ex_device", "爆炸危险区域未配备防爆设备", "explosive area, no explosion-proof device"),
        (5, "hazard_area_no_fit_device", "危险区域未配备符合规定的设备", "dangerous area, no fit device"),
        (6, "act_unsuitable", "具体执法行为特殊，不适于音像记录", "nature of the act"),
        (7, "other_unsuitable", "其他不适宜音像记录的内容", "other unsuitable content"),
        (8, "urgent_no_device", "情况紧急，无法取得执法记录设备", "urgent, no device obtainable"),
        (9, "urgent", "情况紧急，不能进行执法记录", "urgent"),
        (10, "objective_impossible", "因客观原因无法记录", "objectively impossible"),
        (11, "cannot_continue", "确实无法继续记录", "cannot continue"),
        (12, "party_prevents", "当事人拒绝、不配合或故意破坏", "party prevents it"),
        (13, "text_suffices", "文字记录能够全面有效记录", "written record suffices"),
        (14, "hearing_not_permitted", "听证主持人未允许", "hearing chair did not permit"),
        (15, "key_stages_only", "预计超时或超出容量，仅记录重要环节", "expected overrun, key stages only"),
        (16, "fault_stopped", "设备故障，已停止使用", "fault, out of use"),
    ),
)

APPROVALS = Vocabulary(
    "approval",
    (
        (1, "right_holder_written_application", "权利人书面申请", "right-holder's written application"),
        (2, "bureau_head_consent", "本级市场监管部门负责人同意", "consent of the head of the bureau"),
        (3, "enforcement_body_head_consent", "执法机构负责人同意", "consent of the head of the enforcement body"),
        (4, "agency_head_written", "机关负责人书面批准", "written approval of the head of the agency"),
        (5, "superior_opinion", "征求上级市场监管部门意见", "opinion of the superior bureau"),
        (6, "hearing_chair_permits", "听证主持人允许", "hearing chair permits"),
        (
            7,
            "deputy_head_extension",
            "分管行政执法的局领导批准延长",
            "extension by the leader in charge",
        ),
        (8, "case_body_head_approval", "办案机构负责人批准", "approval of the head of the case-handling body"),
        (9, "custodian_registration", "保管人登记", "registration by the custodian"),
        (10, "view_approval", "批准查阅（批准人未规定）", "approval to view (approver not named)"),
        (11, "supply_approval", "批准对外提供（批准人未规定）", "approval to supply (approver not named)"),
        (12, "legal_section_supply", "法规科统一提供", "supply through the legal section"),
        (13, "party_application", "当事人申请", "party's application"),
    ),
)

MARKS = Vocabulary(
    "mark",
    (
        (1, "arrival", "到达现场", "arrival"),
        (2, "activity_begins", "执法活动开始", "act begins"),
        (3, "activity_ends", "执法活动结束", "act ends"),
        (4, "announced_by_officer", "执法人员口头告知", "told by officer's voice"),
        (5, "id_shown", "出示执法证件", "ID shown"),
        (6, "officer_named", "报明姓名、执法证号", "name and certificate no. said"),
        (7, "place_sign", "场所明显标志", "sign of the place"),
        (8, "landmark", "周围标志性建筑", "landmark"),
        (9, "place_named", "口述场所名称", "place said aloud"),
        (10, "place_changed", "变更执法地点", "place changed"),
        (11, "environment", "现场环境", "scene"),
        (12, "party_identity", "当事人主体资格", "party's standing"),
        (13, "persons_activity", "现场人员活动", "persons' activity"),
        (14, "appearance_conduct", "体貌特征和言行举止", "appearance, words, conduct"),
        (15, "property_features", "涉案财物主要特征", "features of property"),
        (16, "evidence", "证据", "evidence"),
        (17, "measure_taken", "采取执法（强制）措施", "measure taken"),
        (18, "document_made", "制作法律文书", "document made"),
        (19, "document_signed", "签署法律文书", "document signed"),
        (20, "document_served", "送达法律文书", "document served"),
        (21, "rights_told", "告知权利", "rights told"),
        (22, "statement_defence", "陈述、申辩", "statement, defence"),
        (23, "refuses_confirm", "无法确认或拒绝确认", "cannot or will not confirm"),
        (24, "objection", "当事人提出异议", "objection"),
        (25, "obstruct", "逃避、拒绝、阻碍", "evades, refuses, obstructs"),
        (26, "abuse_assault", "谩骂、侮辱、殴打", "abuse, assault"),
        (27, "violence_threat_recording", "暴力、威胁阻挠音像记录", "violence or threat against recording"),
        (28, "sudden_group", "突发事件、群体性事件", "sudden or group event"),
        (29, "secret_begins", "涉密、隐私内容开始", "secret or private span begins"),
        (30, "secret_ends", "涉密、隐私内容结束", "span ends"),
        (31, "reported", "已向负责人报告", "report made (role, time)"),
        (32, "reason_spoken", "口述中断原因", "reason spoken"),
        (33, "text_supplement", "需文字说明补充", "text supplement needed"),
        (34, "persons_joined", "新到人员", "new persons present"),
        (35, "matter_stated", "说明执法事项", "matter stated"),
        (36, "time_stated", "说明时间", "time stated"),
        (37, "parties_shown", "当事人和相关人员", "party, related persons"),
        (38, "officers_process", "执法人员、执法过程", "officers, process"),
        (255, "other_important", "其他重要内容", "other important content"),
    ),
)

ACTIVITIES = Vocabulary(
    "activity",
    (
        (1, "seizure", "查封", "seizure"),
        (2, "detention", "扣押", "detention"),
        (3, "coercive_measure", "行政强制措施", "coercive measure"),
        (4, "coercion", "行政强制", "administrative coercion"),
        (5, "measures", "措施（原文残缺）", "measures (source truncated)"),
        (6, "large_seizure", "涉及量大的查封、扣押", "large seizure or detention"),
        (7, "major_property", "涉及重大财产权益", "major property interests"),
        (8, "case_premises", "执法办案场所", "case premises"),
        (9, "enforcement_place", "强制措施的场所", "enforcement place"),
        (10, "major_case", "重大案件", "major case"),
        (11, "complex_case", "情节复杂案件", "complex case"),
        (12, "investigate_violation", "查处违法行为", "investigating a violation"),
        (13, "handle_case", "处理违法案件", "handling a case"),
        (14, "on_duty", "执勤", "on duty"),
        (15, "daily_patrol", "日常巡查", "daily patrol"),
        (16, "site_inspection", "现场检查 / 日常检查", "site inspection"),
        (17, "inspection", "行政检查", "inspection"),
        (18, "penalty", "行政处罚", "penalty"),
        (19, "onspot_penalty", "当场处罚", "on-the-spot penalty"),
        (20, "evidence_taking", "调查取证", "evidence taking"),
        (21, "sampling", "抽样取证", "sampling"),
        (22, "sampling_28_2", "程序规定 28 条 2 款抽样", "sampling under article 28(2) of the procedure"),
        (23, "prior_registration", "先行登记保存", "prior registration"),
        (24, "unconfirmed_40", "当事人无法或拒绝确认", "party cannot or will not confirm"),
        (25, "non_cooperation", "无法履行、不配合、拒绝、阻碍", "non cooperation"),
        (26, "questioning", "询问当事人", "questioning"),
        (27, "questioning_room", "专门场所询问", "questioning in a special room"),
        (28, "document_service", "文书送达", "document service"),
        (29, "service_evidence_documents", "证据、执法文书送达", "service evidence documents"),
        (30, "lien_service", "留置送达", "service by leaving the document"),
        (31, "notice_service", "公告送达", "service by public notice"),
        (32, "hearing", "听证", "hearing"),
        (33, "complaint_site", "投诉举报现场受理和处置", "complaint or report at the site"),
        (34, "complaint_case", "处置各类投诉、举报案件", "complaint or report case"),
        (35, "emergency_group", "重大突发事件、群体性事件", "emergency group"),
        (36, "licensing", "行政许可", "licensing"),
        (37, "licensing_site", "行政许可现场受理和办理", "licensing site"),
        (38, "petition_site", "信访现场办理", "petition site"),
        (39, "joint_enforcement", "联合现场执法", "joint enforcement"),
        (40, "confirmation", "行政确认", "confirmation"),
        (41, "adjudication", "行政裁决", "adjudication"),
        (42, "onsite_enforcement", "现场执法", "on-site enforcement"),
        (43, "dispute_prone", "容易引发争议", "dispute-prone enforcement"),
        (44, "major_operation", "重大执法活动", "major operation"),
        (45, "case_file_making", "案卷制作", "case file making"),
        (255, "other", "其他", "other"),
    ),
)

TRIGGERS = Vocabulary(
    "trigger",
    (
        (1, "evidence", "作为证据使用", "used as evidence"),
        (2, "sudden_group", "突发性、群体性事（案）件", "sudden or group event"),
        (3, "review_litigation", "涉及复议、诉讼", "reconsideration or litigation"),
        (4, "major_objection", "对执法行为提出重大异议", "major objection to the enforcement"),
        (
            5,
            "safety_accident",
            "食品、药品、特种设备安全事故现场处置",
            "food, drug or equipment accident",
        ),
        (6, "coercive_onsite", "现场实施行政强制措施", "coercive measure at the site"),
        (7, "other_major", "其他重大、复杂案件现场处置", "other major or complex case"),
        (8, "objection_complaint_petition", "有异议或者投诉、上访", "objection, complaint or petition"),
        (9, "resist_abuse_assault", "逃避、拒绝、阻碍，谩骂、侮辱、殴打", "resistance, abuse or assault"),
        (10, "other_longterm", "其他需要长期保存", "other long-term keeping"),
        (11, "complaint_hold", "执法行为被投诉，收集保存", "complaint about the enforcement"),
        (12, "daily_patrol", "日常巡查", "daily patrol"),
    ),
)

ROLES = Vocabulary(
    "role",
    (
        (1, "officer", "执法人员、行政执法人员、使用人员", "officer"),
        (2, "handler", "承办人", "case handler"),
        (3, "evidence_taker", "取证人员", "evidence taker"),
        (4, "maker", "制作人", "maker"),
        (5, "extractor", "提取人", "extractor"),
        (6, "viewer", "查阅人", "viewer"),
        (7, "custodian", "专人、专门负责人员、保管人", "custodian"),
        (8, "enforcement_body_head", "执法机构负责人", "head of enforcement body"),
        (9, "bureau_head", "本级市场监管部门负责人", "head of the bureau"),
        (10, "agency_head", "机关负责人", "head of the agency"),
        (11, "deputy_head_enforcement", "分管行政执法的局领导", "leader in charge of enforcement"),
        (12, "department_head", "所属部门负责人", "head of own department"),
        (13, "bureau_leader_in_charge", "局主管领导", "bureau leader in charge"),
        (14, "case_body_head", "办案机构负责人", "head of case-handling body"),
        (15, "unit_head", "各单位负责人（第一责任人）", "head of unit, first responsible"),
        (16, "office", "办公室", "office"),
        (17, "legal_section", "法规科", "legal section"),
        (18, "legal_group", "法制综合组", "legal group"),
        (19, "work_group", "各工作组", "work group"),
        (20, "enforcement_body", "执法机构 / 案件承办机构 / 行政执法单位", "enforcement body"),
        (21, "superior", "上级市场监管部门、上级单位", "superior"),
        (22, "other_bureau", "其他市场监管部门", "other bureau"),
        (23, "party", "当事人、对方", "party"),
        (24, "others_present", "其他现场有关人员、相关人员", "others present"),
        (25, "right_holder", "权利人", "right-holder"),
        (26, "hearing_chair", "听证主持人", "hearing chair"),
        (27, "reconsideration_body", "行政复议部门", "reconsideration body"),
        (28, "court", "人民法院", "court"),
        (29, "police", "公安机关", "police"),
        (30, "judicial_organ", "司法机关", "judicial organs"),
        (31, "repairer", "专业部门", "professional repairer"),
    ),
)

FIELDS = Vocabulary(
    "field",
    (
        (1, "case_no", "案号", "case number"),
        (2, "party", "当事人姓名或者名称", "party"),
        (3, "handler", "承办人姓名", "case handler"),
        (4, "officer", "执法人员信息", "officer"),
        (5, "unit", "单位名称", "unit"),
        (6, "device_no", "执法记录设备编号", "recorder number"),
        (7, "use_time", "使用时间", "time of use"),
        (8, "case_cause", "案由名称", "cause of case"),
        (9, "method", "制作方法", "method of making"),
        (10, "made_at", "制作时间", "time of making"),
        (11, "maker", "制作人", "maker"),
        (12, "evidence_taker", "取证人员", "evidence taker"),
        (13, "evidence_time", "取证时间", "time of taking evidence"),
        (14, "evidence_place", "取证地点", "place of taking evidence"),
        (15, "extractor", "提取人", "extractor"),
        (16, "extracted_at", "提取时间", "time of extraction"),
        (17, "place", "地点", "place"),
        (18, "activity", "执法活动", "activity"),
        (19, "secrecy_class", "密级/敏感类别", "secrecy class"),
        (20, "retention_trigger", "长期保存情形", "retention trigger"),
        (21, "disc_no", "光盘编号", "disc number"),
        (22, "note_text", "文字说明", "written note"),
        (23, "viewer", "查阅人", "viewer"),
        (24, "view_reason", "查阅事由", "reason for viewing"),
        (25, "view_time", "查阅时间", "time of viewing"),
    ),
)

SECRECY = Vocabulary(
    "secrecy",
    (
        (0, "none", "无", "none"),
        (1, "state_secret", "国家秘密", "state secret"),
        (2, "trade_secret", "商业秘密", "trade secret"),
        (3, "privacy", "个人隐私", "personal privacy"),
    ),
)
