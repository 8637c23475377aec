# SPDX-License-Identifier: Apache-2.0
"""The codes of findings: which axis each bears on, the value that it gives the axis, and its text in two languages.

docs/verdict.md holds the same table with explanations; a test compares the two.
"""

from typing import NamedTuple


class Kind(NamedTuple):
    """A code's meaning. `axis` and `value` are None for a note that changes no answer."""

    axis: str | None
    value: str | None
    en: str
    zh: str


def _altered(en: str, zh: str) -> Kind:
    return Kind("integrity", "altered", en, zh)


def _forked(en: str, zh: str) -> Kind:
    return Kind("integrity", "forked", en, zh)


def _missing(en: str, zh: str) -> Kind:
    return Kind("completeness", "gaps unexplained", en, zh)


def _truncated(en: str, zh: str) -> Kind:
    return Kind("completeness", "truncated", en, zh)


def _untrusted(en: str, zh: str) -> Kind:
    return Kind("key", "untrusted", en, zh)


def _note(en: str, zh: str) -> Kind:
    return Kind(None, None, en, zh)


KINDS = {
    # What holds the evidence
    "not-a-package": _altered("this is no case package: {why}", "这不是案件数据包：{why}"),
    "container-changed": _altered("the archive file differs from the only form it may have", "压缩包与其唯一合法形式不一致"),
    "manifest-unreadable": _altered("the manifest cannot be read: {why}", "清单无法读取：{why}"),
    "manifest-other": _altered("the manifest is of another session or recorder", "清单属于另一次记录或另一台记录仪"),
    "file-changed": _altered("{name} is not the file that the station signed", "{name} 与采集站签名的文件不一致"),
    "file-missing": _altered("{name} is missing", "缺少 {name}"),
    "file-extra": _altered("{name} does not belong here", "存在多余文件 {name}"),
    "signature-wrong": _altered("the signature of {name} is wrong", "{name} 的签名错误"),
    "file-unreadable": _altered("{name} cannot be understood: {why}", "{name} 无法解读：{why}"),
    # The chain
    "record-unreadable": _altered("bytes that are no record: {why}", "此处字节不是记录：{why}"),
    "record-signature": _altered("the signature of this record is wrong; nothing in it is believed", "该记录签名错误，其内容一概不予采信"),
    "record-key": _altered("signed by a key that is not the key of this epoch", "签名密钥不是该时段的密钥"),
    "record-missing": _altered("{count} record(s) are missing before this one", "此前缺少 {count} 条记录"),
    "record-order": _altered("boot or time since boot runs backwards", "开机序号或开机后计时倒退"),
    "record-chain": _altered("a record of another recorder", "属于另一台记录仪的记录"),
    "genesis-wrong": _altered("the chain does not begin as it must: {why}", "记录链的起点不成立：{why}"),
    "epoch-missing": _altered("a change of keys is missing before epoch {epoch}", "第 {epoch} 时段之前缺少换钥记录"),
    "record-fork": _forked("two records, both signed, claim this place in the chain", "同一位置出现两条均已签名的记录"),
    "record-link": _forked("signed, but continues another record than the one before it", "签名有效，但并非承接前一条记录"),
    "receipt-head": _forked("the station acknowledged another record at this place", "采集站回执确认的是此处的另一条记录"),
    "identity-fork": _forked("the same recorder was enrolled with another chain", "同一记录仪曾以另一条记录链登记"),
    "log-fork": _forked("the station's log was rewritten: {why}", "采集站日志被改写：{why}"),
    # Media
    "media-changed": _altered("media of segment {number} is not what was sealed", "第 {number} 段媒体与封存内容不一致"),
    "media-length": _altered(
        "segment {number} has {found} bytes, sealed were {sealed}", "第 {number} 段为 {found} 字节，封存时为 {sealed} 字节"
    ),
    "key-wrong": _altered("the key given for segment {number} is not the one of its recording", "第 {number} 段所附密钥不是该记录的密钥"),
    "proof-wrong": _altered("a proof does not hold: {why}", "证明不成立：{why}"),
    "reference-wrong": _altered("{name} is not the one that the record names", "{name}不是记录所指的那一份"),
    # Completeness
    "gap-explained": Kind("completeness", "gaps explained", "interrupted: {why}", "记录中断：{why}"),
    "gap-unexplained": _missing("interrupted without a reason: {why}", "记录中断而无原因说明：{why}"),
    "gap-unsigned": _missing("recording stops and goes on with no signed interruption: {why}", "记录断续而无签名的中断记录：{why}"),
    "segment-missing": _missing("segment {number} is missing", "缺少第 {number} 段"),
    "segment-order": _missing("segment {number} does not continue the one before it: {why}", "第 {number} 段与前一段不连续：{why}"),
    "media-missing": _missing("the media of segment {number} is not in the package", "数据包中没有第 {number} 段的媒体"),
    "media-unplayable": _missing("segment {number} is no file that plays: {why}", "第 {number} 段无法播放：{why}"),
    "media-lost": _missing(
        "segment {number} lost {frames} frames and {samples} samples", "第 {number} 段丢失 {frames} 帧、{samples} 个采样"
    ),
    "media-short": _missing(
        "up to segment {number} {seconds} s passed in which no sound was recorded", "至第 {number} 段为止，有 {seconds} 秒未录到声音"
    ),
    "frames-dropped": _note("segment {number} lacks {frames} picture(s); its sound is whole", "第 {number} 段缺 {frames} 帧画面，声音完整"),
    "begun-unsealed": _note("segment {number} was begun and could not be sealed", "第 {number} 段已开始而未能封存"),
    "note-silent": _note("nothing is to be heard in the span of this spoken reason", "口述原因所标记的时段内没有声音"),
    "count-wrong": _missing("the record counts {what} as {said}, there are {found}", "记录所称{what}为 {said}，实有 {found}"),
    "session-order": _missing("a {name} record stands where none may", "{name} 记录出现在不应出现之处"),
    "relay-contradicted": _missing(
        "record {other} of recorder {chain} says otherwise of this hand-over", "记录仪 {chain} 的第 {other} 条记录对此次接续的说法不一致"
    ),
    "relay-denied": _missing(
        "recorder {chain} is named here, and what is at hand of it does not name this one back",
        "此处指明记录仪 {chain}，而所给的该记录仪记录并未指明本机",
    ),
    "session-missing": _truncated("the record that opens the session is missing", "缺少开始记录"),
    "session-open-ended": _truncated("the session is not closed", "没有结束记录"),
    "receipt-missing": _truncated("no receipt of a station covers the end of the session", "没有采集站回执覆盖本次记录的结尾"),
    "segment-uncovered": _truncated("no receipt covers segment {number}", "没有回执覆盖第 {number} 段"),
    "segment-given-up": _missing("the station gave segment {number} up: {why}", "采集站已放弃第 {number} 段：{why}"),
    "not-understood": Kind("completeness", "not understood", "holds something that this version does not know", "含有本版本不认识的内容"),
    # Keys
    "root-not-given": Kind("key", "unknown", "no root fingerprint was given; the package names {root}", "未给出根指纹；数据包自称 {root}"),
    "root-other": _untrusted("the package belongs to another root than the one given", "数据包不属于所给的根"),
    "root-missing": _untrusted("no root certificate can be found", "找不到根证书"),
    "certificate-wrong": _untrusted("a certificate does not hold: {why}", "证书不成立：{why}"),
    "signer-untrusted": _untrusted("the signer of {name} is not certified: {why}", "{name} 的签名者未获认证：{why}"),
    "recorder-untrusted": _untrusted("the recorder is not certified: {why}", "记录仪未获认证：{why}"),
    "signer-revoked": Kind("key", "revoked", "the signer of {name} was revoked", "{name} 的签名密钥已被吊销"),
    "recorder-revoked": Kind("key", "revoked", "the recorder was revoked before this record", "记录仪在该记录之前已被吊销"),
    # Time
    "clock-unset": Kind("time", "unset", "the recorder's clock was not set", "记录仪时钟未校准"),
    "clock-unanchored": Kind(
        "time", "unset", "no station set the clock before, as far as the package shows", "数据包中没有此前由采集站校准时钟的记录"
    ),
    "clock-revoked": Kind("time", "unset", "the clock was set by a station whose key was revoked", "时钟由密钥已被吊销的采集站校准"),
    "clock-drifted": Kind("time", "drifted", "the recorder's clock was off by {seconds} s", "记录仪时钟偏差 {seconds} 秒"),
    # Notes
    "relay-agrees": _note(
        "recorder {chain} names this hand-over back, in its record {other}", "记录仪 {chain} 的第 {other} 条记录与此次接续相互印证"
    ),
    "relay-by-number": _note(
        "record {other} of recorder {chain} has the same number; not both name the other's chain",
        "记录仪 {chain} 的第 {other} 条记录接续号码相同，但双方未都指明对方的记录链",
    ),
    "relay-alone": _note("nothing at hand is the other side of this hand-over", "所给材料中没有此次接续的另一方"),
    "tail-unsealed": _note(
        "{leaves} block(s) after the last seal were found at the next start and are not part of the evidence",
        "最后一次封存之后的 {leaves} 块在下次开机时被发现，不作为证据",
    ),
    "simulated": _note("made by a simulated recorder", "由模拟记录仪生成"),
    "developer-build": _note("the recorder ran a developer's build", "记录仪运行的是开发版本"),
    "not-encrypted": _note("the recorder stored this media without encryption", "记录仪未加密存储该媒体"),
    "key-uncommitted": _note(
        "not all of part {part} is released, so its keys are checked by what they open", "第 {part} 部分未全部公开，其密钥以解密结果核对"
    ),
    "revocations-missing": _note("the package holds no revocation list", "数据包中没有吊销列表"),
    "receipt-unwitnessed": _note(
        "when this was received only the station says: no record of the recorder carries the receipt",
        "接收时间仅有采集站的说明：记录仪的记录中没有该回执",
    ),
    "reference-missing": _note("{name} that the record names is not in the package", "数据包中没有记录所指的{name}"),
    "profile-unknown": _note("the rules of profile {name} cannot be applied: {why}", "规则 {name} 无法适用：{why}"),
    "fault-noted": _note("the recorder signed a fault: {what}", "记录仪签名记录了一次故障：{what}"),
    "heard": _note("the announcement can be heard: {why}", "告知语音可以听到：{why}"),
    "not-looked-for": _note(
        "the announcement was not looked for in the sound: its clips are not in the package",
        "未在录音中查找告知语音：数据包中没有其语音片段",
    ),
    "not-heard": _note("the announcement cannot be heard where the record has it: {why}", "记录所称的告知语音听不到：{why}"),
}
