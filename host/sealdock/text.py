# SPDX-License-Identifier: Apache-2.0
"""What the station says to people, in Chinese and English: one catalogue.

>>> use("zh")
>>> say("no-station", path="/srv/sealdock")
'/srv/sealdock 中没有采集站；请先运行 sealdock station init --profile 名称'
"""

import os
import unicodedata
from contextvars import ContextVar

from sealdock.text_why import WHY

LANGUAGES = ("zh", "en")

_STEERING = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
_language: ContextVar[str] = ContextVar("language", default="en")

# key: (Chinese, English); why something is wrong stands in text_why.py, of a profile in text_profile.py
_TEXTS: dict[str, tuple[str, str]] = {
    # Home
    "no-station": (
        "{path} 中没有采集站；请先运行 sealdock station init --profile 名称",
        "no station in {path}; run: sealdock station init --profile NAME",
    ),
    "station-exists": ("{path} 中已有采集站，未作任何改动", "{path} already holds a station; nothing was changed"),
    "home-not-empty": ("{path} 不是空文件夹，未作任何改动", "{path} is not an empty folder; nothing was changed"),
    "locked": ("{path} 正被另一个 sealdock 进程使用", "another sealdock process is at work in {path}"),
    "root-key-away": (
        "根密钥不在 {path}；请接入离线保存的根密钥后重试",
        "the root key is not at {path}; bring the medium that holds it and try again",
    ),
    "recipient-lost": (
        "接收密钥 {path} 不在：请放回备份；没有备份则运行 sealdock station request，由根密钥为新密钥签发证书，"
        "旧媒体用 sealdock recover 和托管密钥打开",
        "the recipient key {path} is gone: put its copy back; without one run sealdock station request, have the root certify new keys,"
        " and open old media with sealdock recover and the escrow key",
    ),
    "check-good": ("档案与签名一致", "the archive is as it was signed"),
    "check-wrong": ("{recorder} 号记录仪第 {record} 条记录：{why}", "recorder {recorder}, record {record}: {why}"),
    "not-for-us": (
        "内容密钥不是为本站封装的，只能由以下密钥打开：{kids}（另一采集站或托管密钥：sealdock recover）",
        "the content key is not wrapped for this station; it opens with {kids}: another station's, or escrow's (sealdock recover)",
    ),
    # The bureau's root and its stations
    "bureau-file": ("文件不成立：{why}", "the file does not hold: {why}"),
    "request-wrong": ("这不是采集站的申请：{why}", "this is no station's request: {why}"),
    "request-made": (
        "申请已写入 {path}；请与根密钥保管人当面或电话核对：{number}",
        "request written to {path}; compare with the root's keepers: {number}",
    ),
    "request-asks": ("申请核对码：{number}（名称：{name}）", "check number of the request: {number} (name: {name})"),
    "check-differs": ("核对码不是 {number}，未签发", "the check number is not {number}; nothing was certified"),
    "certified": ("已签发：{role} {kid}", "certified: {role} {kid}"),
    "key-revoked": ("密钥 {kid} 已被吊销，不再签发", "the key {kid} was revoked and is not certified again"),
    "circular-made": (
        "通告已写入 {path}；请交给每个采集站：sealdock station accept",
        "circular written to {path}; take it to every station: sealdock station accept",
    ),
    "circular-root": ("通告不属于所给的根", "the circular does not belong to the root"),
    "root-wanted": ("新采集站须用 --root 给出公布的根指纹", "a new station needs the published fingerprint of the root: --root"),
    "no-request": (
        "{path} 中没有待签发的密钥；请先运行 sealdock station request",
        "no keys wait in {path}; first run: sealdock station request",
    ),
    "accepted-new": ("采集站已加入：{path}", "station set up in {path}"),
    "accepted-keys": ("新密钥已启用", "the new keys are in use"),
    "accepted-waiting": ("待签发的密钥不在此通告中", "the keys that wait are not certified by this circular"),
    "accepted": ("新证书 {certificates} 份，吊销列表 {revocations}", "{certificates} new certificates, revocation list {revocations}"),
    "revoked": ("吊销列表第 {number} 号：共 {count} 项", "revocation list {number}: {count} entries"),
    "good-wrong": ("“{text}”应为 记录链:序号", "“{text}” should be CHAIN:NUMBER"),
    "recovered": ("已恢复 {count} 段至 {path}", "recovered {count} segments into {path}"),
    "recover-none": ("没有可由此密钥打开的媒体", "this key opens none of the media"),
    "root-good": (
        "根密钥文件夹完好：证书 {certificates} 份，吊销列表第 {revocations} 号\n根指纹：{fingerprint}",
        "the root's folder is whole: {certificates} certificates, revocation list {revocations}\nroot fingerprint: {fingerprint}",
    ),
    "page-html": ("{path}：页面的文件名须以 .html 结尾", "{path}: the page's name must end in .html"),
    "certificate-made": ("根指纹证明已写入 {path}，请打印并盖章公布", "certificate written to {path}: print, stamp and publish it"),
    "no-head": ("{number} 号记录仪没有任何记录，不能作为前任", "recorder {number} has no records here and can be nobody's predecessor"),
    "predecessor": (
        "前任 {number} 号记录仪的身份应吊销：station revoke --key {kid}{good}",
        "the predecessor, recorder {number}, should be revoked: station revoke --key {kid}{good}",
    ),
    # station init
    "station-ready": ("采集站已建立：{path}", "station set up in {path}"),
    "profile-is": ("规则：{name}", "profile: {name}"),
    "fingerprint-is": ("根指纹（请公布）：", "root fingerprint (publish it):"),
    "move-root": (
        "根密钥、托管密钥和规则签名密钥在 {path}：请移到离线介质保存，然后从本机删除",
        "root, escrow and profile signer keys lie in {path}: move that folder offline, then delete it here",
    ),
    "prompts-building": ("正在合成记录仪的语音……", "speaking what recorders will say ..."),
    "prompts-built": ("语音已合成并签名：{clips} 条，{bytes} 字节", "prompts spoken and signed: {clips} clips, {bytes} bytes"),
    "prompts-doubt": ("第 {number} 条读音未确定：{text}", "clip {number} could be read in several ways: {text}"),
    "card-made": ("执法人员使用卡已写入 {path}，请打印", "officer's card written to {path}: print it"),
    "prompts-imported": ("录音已检查并签名：{clips} 条，{bytes} 字节", "recordings checked and signed: {clips} clips, {bytes} bytes"),
    "recordings-refused": ("录音有 {count} 处问题，未作任何改动", "{count} problems with the recordings; nothing was changed"),
    "recording-wrong": ("{file}：{text}", "{file}: {text}"),
    "recording-no-wav": ("不是未压缩的 WAV 文件", "is no WAV file of uncompressed sound"),
    "recording-channels": ("有 {channels} 个声道，应为单声道", "has {channels} channels; one is wanted"),
    "recording-width": ("每个采样 {bits} 位，应为 16 位", "has {bits} bits a sample; 16 are wanted"),
    "recording-rate": ("采样率 {rate} 赫兹，应为 {known} 之一", "has a rate of {rate} Hz; one of {known} is wanted"),
    "recording-silent": ("没有声音", "is silent"),
    "recording-clipped": ("录音过载：{count} 个采样达到满幅", "is overdriven: {count} samples at full scale"),
    "recording-quiet": ("声音太小：{level} dBFS，至少应为 {least}", "is too quiet: {level} dBFS; at least {least} is wanted"),
    "recording-noisy": (
        "噪声太大：语音仅比背景高 {distance} dB，至少应高 {least} dB",
        "is noisy: speech stands {distance} dB above the background; at least {least} is wanted",
    ),
    "recording-cut": ("首尾被截断：语音前后应留少许安静", "is cut off: leave a little quiet before and behind the words"),
    "recording-pause": ("中间停顿 {seconds} 秒，最多 {most} 秒", "pauses for {seconds} s in the middle; at most {most} s"),
    "recording-length": (
        "语音长 {seconds} 秒，该文字应在 {shortest} 至 {longest} 秒之间",
        "speaks for {seconds} s; this text takes between {shortest} and {longest} s",
    ),
    "recording-large": ("文件超过 {most} 字节", "is larger than {most} bytes"),
    "recording-unknown": ("文件名不是该规则所用语音的编号", "is named after no clip that this profile lets a person speak"),
    "recording-twice": ("第 {number} 条语音已有另一个文件", "is a second file for clip {number}"),
    "recording-missing": ("缺少：{text}", "is missing: {text}"),
    "prompts-missing": (
        "语音尚未合成（{why}）；请运行 sealdock prompts build",
        "prompts could not be made ({why}); run: sealdock prompts build",
    ),
    "prompts-none": (
        "采集站还没有语音；请先运行 sealdock prompts build",
        "the station has no prompts yet; first run: sealdock prompts build",
    ),
    # Recorders
    "no-recorder": ("没有编号为“{text}”的记录仪", "no recorder is known as “{text}”"),
    "many-recorders": ("“{text}”对应多台记录仪，请输入更多位", "“{text}” fits several recorders; give more digits"),
    "second-genesis": (
        "该身份密钥已登记为另一条记录链 {known}，现出示 {chain}：属克隆或重置，已拒绝",
        "this identity is enrolled with chain {known} and now shows {chain}: a clone or a second genesis; refused",
    ),
    "recorder-refused": (
        "{number} 号记录仪已被停用：{why}；请报告并更换设备",
        "recorder {number} is refused: {why}; report it and use another",
    ),
    "not-enrolled": (
        "该记录仪未登记；请运行 sealdock enroll --port {port}",
        "this recorder is not enrolled; run: sealdock enroll --port {port}",
    ),
    "already-enrolled": ("该记录仪已登记为 {number} 号", "this recorder is already enrolled as number {number}"),
    "simulated": ("模拟设备", "simulated"),
    "no-ports": ("没有找到串口", "no serial ports found"),
    "unknown-recorder": ("未登记", "not enrolled"),
    # Enrolment
    "say-digits": ("记录仪正在播报六位数字", "the recorder is speaking six digits"),
    "enter-digits": ("请输入听到的六位数字", "type the six digits that you hear"),
    "press-record": (
        "数字一致；请在 50 秒内按下记录仪的录制键确认",
        "the digits agree; press record on the recorder within 50 s to confirm",
    ),
    "digits-differ": (
        "数字不符：线路上可能有他人；未登记，未作任何改动",
        "the digits differ: somebody may sit on the line; not enrolled, nothing was changed",
    ),
    "enrolled": ("已登记为 {number} 号记录仪（{board}），记录链 {chain}", "enrolled as recorder {number} ({board}), chain {chain}"),
    "enrolled-unfinished": (
        "已登记为 {number} 号，但规则和语音尚未送达（{why}）；运行 sealdock sync 将继续",
        "enrolled as recorder {number}, but profile and prompts did not reach it ({why}); sealdock sync carries on",
    ),
    "genesis-wrong": ("记录仪出示的创世记录不成立：{why}", "the recorder's genesis record does not hold: {why}"),
    "no-simulated": (
        "本站已登记真实记录仪，不得登记模拟设备",
        "this station holds real recorders; its root does not certify simulated ones",
    ),
    "only-simulated": (
        "本站只登记了模拟设备，不得登记真实记录仪；请另建采集站",
        "this station holds simulated recorders only; set up another one for real recorders",
    ),
    "officer-taken": ("编号 {number} 已属于另一位执法人员", "number {number} belongs to another officer"),
    "out-of-use": (
        "{number} 号记录仪因故障已停止使用（第 {seq} 条记录）；修复后请用 --released-by 写明由谁{who}准予恢复使用",
        "recorder {number} was taken out of use by a fault (record {seq}); after the repair say with --released-by who{who} gives it back",
    ),
    "assigned": ("{number} 号记录仪已交执法人员 {officer} 使用", "recorder {number} is checked out to officer {officer}"),
    # Sync
    "connected": ("已连接 {number} 号记录仪", "connected to recorder {number}"),
    "records": ("记录", "records"),
    "media": ("媒体", "media"),
    "clock": ("时钟偏差 {offset} 毫秒（±{uncertainty} 毫秒）", "clock is off by {offset} ms (± {uncertainty} ms)"),
    "clock-failed": (
        "记录仪时钟未能校准：时钟故障，或闪存已满、无法签名；数据照常接收。时钟故障须送修，修复前不标注时间",
        "the recorder's clock was not set: it fails, or flash is too full to sign that; what was recorded is taken all the same. "
        "With a failing clock it carries no time until it was repaired",
    ),
    "clock-range": (
        "本机时钟为 {year} 年；记录仪时钟只能表示 2000 年至 2099 年，请校准本机时钟",
        "this computer's clock says {year}; a recorder's counts from 2000 to 2099: set this computer's clock",
    ),
    "clock-unset": ("记录仪时钟未校准，已校准", "the recorder's clock was not set; set now"),
    "synced": (
        "已收取 {records} 条记录、{segments} 段媒体（{bytes} 字节），已交回执第 {counter} 号",
        "took {records} records and {segments} segments ({bytes} bytes); receipt {counter} given",
    ),
    "nothing-new": ("没有新内容", "nothing new"),
    "rolled-back": (
        "记录仪的记录链比已归档的短（{have} < {known}）：被回退或截断；已保存证据并停用",
        "the recorder's chain is shorter than the archived one ({have} < {known}): rolled back or cut; evidence kept, recorder refused",
    ),
    "forked": (
        "记录仪的记录链在第 {seq} 条与归档分叉：密钥被克隆或存储被还原；两支均已保存，已停用",
        "the recorder's chain forks from the archive at record {seq}: cloned key or restored storage; both kept, recorder refused",
    ),
    "altered": ("记录仪给出的第 {seq} 条记录不成立：{why}", "record {seq} from the recorder does not hold: {why}"),
    "gone": (
        "记录仪已不再保存第 {first} 条之前的记录；请在收取过它们的采集站运行 sealdock chain export，再在本站运行 sealdock chain import",
        "the recorder no longer holds records before {first}; run sealdock chain export at the station that took them, chain import here",
    ),
    "chain-none": ("本站没有 {number} 号记录仪的记录", "this station has no records of recorder {number}"),
    "chain-exported": ("{number} 号记录仪的 {count} 条记录已写入 {path}", "{count} records of recorder {number} are in {path}"),
    "chain-imported": (
        "{number} 号记录仪：收取 {count} 条记录，现至第 {head} 条",
        "recorder {number}: {count} records taken, up to number {head}",
    ),
    "chain-broken": ("{path} 不是可用的记录链文件：{why}", "{path} holds no sound chain: {why}"),
    "chain-differs": (
        "{path} 中的记录与本站档案在第 {seq} 条不一致；未作任何改动",
        "the records in {path} differ from this archive's at number {seq}; nothing was changed",
    ),
    "records-missing": ("记录仪没有给出第 {first} 条记录", "the recorder did not give record {first}"),
    "held-elsewhere": ("已由另一采集站收取", "another station holds it"),
    "leaves-missing": ("记录仪没有给出全部字节", "the recorder did not give all of its bytes"),
    "media-lost": ("第 {number} 段媒体无法取得：{why}", "segment {number}: its media cannot be had: {why}"),
    "tail-torn": (
        "第 {number} 段未封存尾部的第 {leaf} 块没有记录时的标签：断电时写坏，或其后被改动；未收入",
        "segment {number}: block {leaf} of its unsealed tail lacks the tag made while recording: torn by the cut or altered; not taken",
    ),
    "tail-altered": (
        "第 {number} 段未封存尾部（{found} 块）自第 {leaf} 块起没有记录时的标签：断电后、下次开机前被改动；其后未收入",
        "segment {number}: from block {leaf} of {found} its unsealed tail lacks the tags made while recording:"
        " it was altered between the cut and the next start; nothing from there on is taken",
    ),
    "media-wrong": (
        "第 {number} 段：卡上的字节与签名的记录不符",
        "segment {number}: the bytes on the card are not those that its record signed",
    ),
    "from-card": ("{segments} 段媒体先前已从存储卡读入", "{segments} segments had come from the card before"),
    "tail-unproven": ("其中没有一块能证明属于本段", "none of its leaves is its own"),
    "slot": ("槽", "slot"),
    "plugged": ("已插入 {port}", "plugged in: {port}"),
    "unplugged": ("已拔出", "unplugged"),
    "port-wanted": (
        "请用 --port 指明端口，或用 --watch 收取插入的全部记录仪",
        "name a port with --port, or take whatever docks with --watch",
    ),
    # write-off
    "no-segment": ("该次记录没有第 {number} 段", "the session has no segment {number}"),
    "segment-held": ("第 {number} 段已在档案中，无须放弃", "segment {number} is in the archive; there is nothing to give up"),
    "already-given-up": ("第 {number} 段已放弃：{why}", "segment {number} was given up already: {why}"),
    "not-tried": (
        "第 {number} 段尚未尝试收取，或尝试未失败；请先运行 sealdock sync",
        "no sync has failed to take segment {number}; first run: sealdock sync",
    ),
    "no-reason": ("须写明理由", "a reason is needed"),
    "written-off": (
        "已放弃第 {number} 段的媒体并载入日志第 {index} 号；下次回执将注明未持有",
        "the media of segment {number} is given up, log entry {index}; the next receipt will say that it is not held",
    ),
    # import
    "slots": ("存储卡的槽", "slots"),
    "card-unreadable": ("无法读取 {path}：{why}", "cannot read {path}: {why}"),
    "card-none": ("{path} 不是记录仪的存储卡", "{path} is no recorder's card"),
    "card-short": ("{path} 太短，不是整张存储卡的镜像", "{path} is too short to be the image of a whole card"),
    "card-damaged": (
        "{path} 是记录仪的存储卡，但其首块已损坏；请将记录仪入站同步",
        "{path} is a recorder's card, but its first sector is damaged; dock the recorder instead",
    ),
    "card-foreign": (
        "{path} 属于本站未登记的记录仪（记录链 {chain}）；请先将该记录仪入站",
        "{path} is of a recorder that this station does not know (chain {chain}); dock that recorder first",
    ),
    "card-ends": (
        "镜像不完整：到第 {slot} 槽为止，应有 {slots} 槽；其余将在入站时收取",
        "the image ends early, after {slot} of {slots} slots; the next dock takes the rest",
    ),
    "card-slot-damaged": ("第 {slot} 槽：头部或记录副本的校验和错误", "slot {slot}: the checksum of its header or record copy is wrong"),
    "card-slot-foreign": ("第 {slot} 槽不属于此卡，未收取", "slot {slot} does not belong to this card; not taken"),
    "card-forged": ("第 {slot} 槽：记录副本的签名不成立，未收取", "slot {slot}: the signature of its record copy does not hold; not taken"),
    "card-contradicts": (
        "第 {slot} 槽：记录副本与已归档的记录不同，未收取",
        "slot {slot}: its record copy is not the record in the archive; not taken",
    ),
    "card-wrong": (
        "第 {slot} 槽：字节与签名的记录不符，未收取",
        "slot {slot}: its bytes are not those that its record signed; not taken",
    ),
    "card-part": (
        "第 {slot} 槽：只有开头部分完好，其余将在入站时收取",
        "slot {slot}: only its beginning is sound; the next dock takes the rest",
    ),
    "card-closed": (
        "第 {slot} 槽：未封存的尾段，本站不能打开，因此不能核实",
        "slot {slot}: an unsealed tail that this station cannot open and therefore not check",
    ),
    "imported": (
        "{number} 号记录仪的存储卡：收取 {taken} 段，暂存 {staged} 段（入站后核实），已有 {held} 段",
        "card of recorder {number}: {taken} segments taken, {staged} kept until the next dock, {held} were here already",
    ),
    "interrupted": ("传输中断（{why}）；再次运行将从中断处继续", "transfer interrupted ({why}); run it again to carry on"),
    "disk-full": (
        "磁盘空间不足（{what}）；腾出空间后再次运行将继续",
        "the disk is full ({what}); free some space and run it again",
    ),
    "aborted": ("已中止", "aborted"),
    # Archive
    "no-session": ("没有以“{text}”开头的执法记录", "no session begins with “{text}”"),
    "many-sessions": ("“{text}”对应多次执法记录，请输入更多位", "“{text}” fits several sessions; give more digits"),
    "no-sessions": ("档案中还没有执法记录", "the archive holds no sessions yet"),
    # Approvals
    "approved": (
        "已登记批准：{act}，{role}，日志第 {index} 号",
        "approval recorded: {act}, {role}, log entry {index}",
    ),
    "rule-approver": (
        "规则（{src}）要求由{role}批准，未登记",
        "the profile ({src}) wants the approval of {role}; not recorded",
    ),
    "rule-form": ("规则（{src}）要求书面批准，请用 --written", "the profile ({src}) wants it in writing; add --written"),
    "rule-via": ("规则（{src}）要求统一由{role}提供，未登记", "the profile ({src}) lets only {role} supply it; not recorded"),
    "rule-forbidden": ("规则（{src}）不允许该行为，未登记", "the profile ({src}) forbids this; not recorded"),
    "not-approved": (
        "没有登记的{act}批准；请先运行 sealdock approve {session} --act {act_code} --by 角色 --reason 理由",
        "no {act} approval is recorded; first run: sealdock approve {session} --act {act_code} --by ROLE --reason TEXT",
    ),
    "unknown-role": ("没有名为“{text}”的角色；可用：{known}", "no role is called “{text}”; there are: {known}"),
    "act-view": ("查阅", "view"),
    "act-export": ("导出", "export"),
    "act-copy": ("复制", "copy"),
    "act-supply": ("对外提供", "supply"),
    # Table heads
    "head-session": ("执法记录", "session"),
    "head-recorder": ("记录仪", "recorder"),
    "head-opened": ("开始", "opened"),
    "head-length": ("时长", "length"),
    "head-segments": ("段数", "segments"),
    "head-activity": ("活动", "activity"),
    "head-officer": ("执法人员", "officer"),
    "head-state": ("状态", "state"),
    "state-open": ("未结束", "open"),
    "state-complete": ("完整收取", "complete"),
    "state-partial": ("未收齐", "media missing"),
    "interruption": ("间断", "interruption"),
    "announcement": ("告知", "announcement"),
    "alarm": ("警报", "alarm"),
    "label-none": ("无", "none yet"),
    # Doctor
    "found": ("有", "found"),
    "missing": ("缺", "missing"),
    # Link
    "port-busy": ("{port} 正被其他程序使用", "{port} is in use by another program"),
    "port-absent": ("没有端口 {port}；运行 sealdock devices 查看", "there is no port {port}; see: sealdock devices"),
    "port-none": ("{port} 不是串口", "{port} is no serial port"),
    "port-denied": (
        "无权使用 {port}；请将用户加入 dialout 组后重新登录",
        "you may not use {port}; join the group dialout and log in again",
    ),
    "port-malformed": (
        "端口“{port}”无效：请用设备路径、socket://主机:端口 或 auto",
        "“{port}” names no port: give a device path, socket://HOST:PORT or auto",
    ),
    "port-hung-up": (
        "{port} 一连上就断开；可能正被其他程序使用",
        "{port} hung up at once; perhaps another program is using it",
    ),
    "port-failed": ("无法打开 {port}：{why}", "cannot open {port}: {why}"),
    "port-unclear": ("找到多个端口（{ports}），请用 --port 指定一个", "several ports found ({ports}); choose one with --port"),
    "link-nobody": ("{port} 上没有记录仪应答", "no recorder answers on {port}"),
    "link-repl": (
        "{port} 上的设备显示 MicroPython 提示符，不是运行中的记录仪",
        "the device on {port} shows a MicroPython prompt; it does not run as a recorder",
    ),
    "link-modem": ("{port} 上的设备应答如调制解调器，不是记录仪", "the device on {port} answers like a modem; it is not a recorder"),
    "link-strange": (
        "{port} 上的设备不是记录仪（收到的不是其格式的数据）",
        "the device on {port} is not a recorder: it sends something else",
    ),
    "link-version": ("{port} 上的记录仪使用另一版本的协议", "the recorder on {port} speaks another version of the protocol"),
    "link-lost": (
        "与 {port} 上记录仪的连接中断；再次运行即可继续",
        "the link to the recorder on {port} was lost; running this again carries on",
    ),
    "link-refused": (
        "{port} 上的记录仪拒绝了本采集站：该记录仪尚未登记，或不属于同一根证书，或本站已被吊销",
        "the recorder on {port} refuses this station: it is not enrolled, or of another root, or this station was revoked",
    ),
    "link-refused-enrolment": (
        "{port} 上的记录仪拒绝了本采集站：请先长按其菜单键；已登记的记录仪不能再次登记",
        "the recorder on {port} refuses this station: first hold its menu button; one that is enrolled cannot be enrolled again",
    ),
    "link-broken": ("{port} 上的设备违反协议：{why}", "the device on {port} broke the protocol: {why}"),
    "request-not-now": (
        "记录仪正在录制或忙于其他事务；请停止录制后再次运行",
        "the recorder is recording or busy; stop it and run this again",
    ),
    "request-not-confirmed": (
        "没有人在记录仪上按录制键确认；未登记，未作任何改动",
        "nobody pressed record on the recorder to confirm; not enrolled, nothing was changed",
    ),
    "request-storage": (
        "记录仪的存储卡、闪存或时钟有故障，或存储卡已取出（请求 {request}）",
        "the recorder's card, flash or clock failed or is not there (request {request})",
    ),
    "request-refused": ("记录仪拒绝了请求 {request}：{why}", "the recorder refused the request {request}: {why}"),
    # Errors of the system
    "system": ("{what}：{why}", "{what}: {why}"),
} | WHY


def use(language: str | None) -> None:
    """Speaks this language from now on; None asks the environment (LC_ALL, LC_MESSAGES, LANG)."""
    if language is None:
        wish = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
        language = "zh" if wish.startswith("zh") else "en"
    _language.set(language)


def chinese() -> bool:
    """Whether Chinese is spoken."""
    return _language.get() == "zh"


def say(key: str, **values: object) -> str:
    """The text of a key with its values filled in: printable, since they may come from a device that nobody knows."""
    en, zh = pair(key, **values)
    return zh if chinese() else en


def printable(text: str, keep: str = "") -> str:
    """Text without what would steer a terminal or turn the direction of writing, but for the characters to keep.

    Names and words of a package, of a USB device or of whoever hangs on a port may hold anything.
    """
    return "".join(c if c in keep or unicodedata.category(c) not in _STEERING else f"\\u{ord(c):04x}" for c in text)


def keys() -> list[str]:
    """All keys of the catalogue."""
    return sorted(_TEXTS)


def both(key: str) -> tuple[str, str]:
    """A text in Chinese and English, unfilled."""
    return _TEXTS[key]


def pair(key: str, **values: object) -> tuple[str, str]:
    """A text in English and Chinese, filled in, as a finding takes it."""
    shown = {name: value if isinstance(value, int | float) else printable(str(value)) for name, value in values.items()}
    zh, en = (text.format(**shown) for text in _TEXTS[key])
    return en, zh
