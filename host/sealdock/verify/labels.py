# SPDX-License-Identifier: Apache-2.0
"""How a verdict is said to people: (Chinese, English), and a tone: good, open (a person must look), bad, none."""

Pair = tuple[str, str]

TOTALS: dict[str, tuple[Pair, str]] = {
    "authentic": (("真实、完整", "Authentic and complete"), "good"),
    "authentic-with-explained-gaps": (("真实；中断均有签名说明", "Authentic; every interruption is explained"), "good"),
    "unverified-origin": (("来源未核实", "Origin not verified"), "open"),
    "incomplete": (("不完整", "Incomplete"), "open"),
    "not-authentic": (("不真实或已被改动", "Not authentic"), "bad"),
    "unreadable": (("无法读取", "Unreadable"), "bad"),
}
AXES: tuple[tuple[str, Pair, Pair], ...] = (
    ("integrity", ("完整性", "Integrity"), ("每个字节是否与封存时一致", "Is every byte as it was sealed?")),
    ("completeness", ("连续性", "Completeness"), ("有无缺失，中断是否有说明", "Is anything missing, are breaks explained?")),
    ("key", ("密钥", "Keys"), ("能否追溯到公布的根指纹", "Do they lead to the published root?")),
    ("time", ("时间", "Time"), ("时钟是否经采集站校准", "Was the clock set by a station?")),
)
VALUES: dict[str, tuple[str, str]] = {
    "intact": ("未改动", "good"),
    "altered": ("已被改动", "bad"),
    "forked": ("出现分叉", "bad"),
    "complete": ("完整", "good"),
    "gaps explained": ("有中断，均有说明", "good"),
    "gaps unexplained": ("有未说明的中断", "open"),
    "not understood": ("含不认识的内容", "open"),
    "truncated": ("被截断", "bad"),
    "trusted": ("可信", "good"),
    "unknown": ("未给出根指纹", "open"),
    "untrusted": ("不可信", "bad"),
    "revoked": ("已吊销", "bad"),
    "anchored": ("前后均经采集站核对", "good"),
    "drifted": ("有偏差", "open"),
    "unset": ("未校准", "open"),
}
ARTICLES: dict[str, tuple[Pair, str]] = {
    "met": (("已履行", "met"), "good"),
    "not_met": (("未履行", "not met"), "bad"),
    "not_applicable": (("不适用", "not applicable"), "none"),
    "needs_judgement": (("需人工判断", "needs judgement"), "open"),
}
