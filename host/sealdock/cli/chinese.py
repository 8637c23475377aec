# SPDX-License-Identifier: Apache-2.0
"""The help of the commands in Chinese, by the English of it: what `--lang zh ... --help` prints.

A command that plugs in brings its own with add().
"""

_HELP: dict[str, str] = {
    "Makes a body-worn law-enforcement recorder a witness that can be checked.": "让执法记录仪成为可以核验的证人。",
    "Show this message and exit.": "显示本说明后退出。",
    "Show the version and exit.": "显示版本后退出。",
    # Common options
    "The station's folder; else $SEALDOCK_HOME, else the user's data folder.":
        "采集站的文件夹；未给出时用 $SEALDOCK_HOME，若也没有则用用户数据文件夹。",
    "Language of what is printed; else as the environment says.": "输出的语言；未给出时按系统环境。",
    "One JSON object, or one a line for streams.": "输出一个 JSON 对象；持续输出时每行一个。",
    # The list of commands
    "Set up a station.": "建立采集站。",
    "Ports and known recorders.": "串口和已知的记录仪。",
    "Enrol a recorder.": "登记记录仪。",
    "Check a recorder out to an officer.": "把记录仪发给执法人员使用。",
    "Take everything from a recorder and give a receipt.": "取回记录仪里的全部内容并给出回执。",
    "Take what a recorder's card or its image holds.": "从存储卡或其镜像读取。",
    "A recorder's records, between stations of one bureau.": "在本局各采集站之间交接一台记录仪的记录。",
    "Give up the media of one segment.": "登记一个片段的媒体确已损失。",
    "Sessions in the archive.": "档案中的录制。",
    "One session in full.": "一次录制的全部情况。",
    "Read the whole archive again and compare it with what was signed.": "重新读取全部档案，与签名核对。",
    "Record an approval.": "登记审批。",
    "Check a session, a package folder or zip.": "核验一次录制、一个案件包文件夹或 zip。",
    "Make a case package under a recorded approval.": "凭已登记的审批制作案件包。",
    "The report of a session.": "一次录制的报告。",
    "Build what recorders say.": "制作记录仪的语音。",
    "Open archived media with the escrow key.": "用托管密钥打开档案中的媒体。",
    "What this machine has.": "这台电脑上已有的部件。",
    "Print a shell's completion script.": "输出命令行补全脚本。",
    # station
    "Set up a station, and the bureau's root with its stations.": "建立采集站，管理本局的根密钥及其各采集站。",
    "Take what the root sends round: certificates, revocations, rules; and put this station's certified keys in use.":
        "接收根密钥保管人的通告（证书、吊销、规则），并启用本站已获证书的密钥。",
    "The root's published fingerprint; a new station needs it.": "公布的根指纹；新采集站必须给出。",
    "Write the root's fingerprint as one page (.html) to be printed, stamped and published.":
        "把根指纹写成一页（.html），供打印、盖章和公布。",
    "The file to write.": "要写入的文件。",
    "Certify a station's keys with the root, and write a circular for all stations.":
        "用根密钥为采集站的密钥签发证书，并写出发给各采集站的通告。",
    "The check number, as the station's people read it out.": "核对码，由采集站的人念出。",
    "The root's folder; else root/ of the station's.": "根密钥的文件夹；未给出时为采集站文件夹中的 root/。",
    "Make root, station, recipient, escrow and profile signer keys, an archive and a log; speak the prompts.":
        "生成根密钥、采集站密钥、接收密钥、托管密钥和规则签名密钥，建立档案和日志，并合成语音。",
    "A profile that comes with sealdock, or a .toml file.": "sealdock 自带的规则名称，或一个 .toml 文件。",
    "Name of the place or office, for the station's certificate.": "地点或单位名称，写入采集站证书。",
    "Do not speak the recorders' prompts now.": "现在不合成记录仪语音。",
    "Open the root's folder, check every key and certificate in it, and print the fingerprint. Signs nothing and writes nothing.":
        "打开根密钥文件夹，检查其中每把密钥和每份证书，显示指纹。不签名，不写入。",
    "Make this station's next keys and write what the root is to certify. Also for a station that is to be set up.":
        "生成本站的下一套密钥，写出请根密钥签发证书的申请。也用于将要建立的采集站。",
    "Name of the place or office, for the certificates.": "地点或单位名称，写入证书。",
    "Take keys back with the root, and write a circular for all stations.": "用根密钥吊销密钥，并写出发给各采集站的通告。",
    "First 16 digits of a key's fingerprint; may be repeated.": "密钥指纹的前 16 位；可以多次给出。",
    "What it said of this chain up to here stays good; may be repeated.": "它对这条链所签、到此为止的内容仍然有效；可以多次给出。",
    "Why.": "原因。",
    # recorders
    "Ports that a recorder may hang on, and recorders that this station knows.": "可能接有记录仪的串口，以及本站已知的记录仪。",
    "Ask each port whether a recorder of this bureau is there.": "逐个询问串口上是否有本局的记录仪。",
    "Enrol the recorder on a port: hold its button, and type the six digits that it speaks.":
        "登记串口上的记录仪：长按它的菜单键，输入它念出的六位数字。",
    "A device path, a socket://host:port URL, or auto for the only one there is.": "设备路径、socket://主机:端口，或 auto（只有一台时）。",
    "The six digits that were heard; - reads them from standard input when asked.": "听到的六位数字；- 表示在询问时从标准输入读取。",
    "What this recorder was until its key store was lost: its number or chain.": "这台记录仪在密钥库损坏之前的编号或链。",
    "Check the docked recorder out to an officer.": "把已接入的记录仪发给执法人员使用。",
    "Who takes it; the name stays in this station, the recorder gets a number.": "领用人；姓名只留在本站，记录仪只得到编号。",
    "The officer's number; else the one known or the next.": "执法人员编号；未给出时用已知的或下一个。",
    "Who gives it back into use after a fault that took it out; kept in this station.": "因故障停用后准许恢复使用的人；姓名只留在本站。",
    # media
    "Take everything from the recorder on a port, check it, archive it, and give the recorder a receipt.":
        "取回串口上记录仪的全部内容，核验，归档，并给记录仪出具回执。",
    "A device path, a socket://host:port URL, or auto; with --watch all there are unless given.":
        "设备路径、socket://主机:端口，或 auto；与 --watch 同用而未给出时，为全部串口。",
    "Stay, and take whatever docks, several at once, until interrupted.": "一直运行，接入一台取一台，可同时多台，直到被中止。",
    "Take what a recorder's card holds; the card is only read. The next dock takes the rest and gives the receipt.":
        "读取记录仪的存储卡，只读不写。其余内容和回执由下一次接入完成。",
    "A card in a reader, or an image of one.": "读卡器中的存储卡，或其镜像。",
    "Write a recorder's records to a file, for a station that cannot get them from the recorder any more.":
        "把一台记录仪的记录写入文件，交给已无法从记录仪取得它们的采集站。",
    "Where to write them.": "写到哪里。",
    "Take the records in a file that another station of this bureau wrote; the next sync goes on behind them.":
        "接收本局另一个采集站所写文件中的记录；下一次 sync 从其后继续。",
    "Give up the media of SEGMENT of SESSION, which a sync tried in vain to take, so that the recorder may use its slot again.":
        "登记录制 SESSION 中片段 SEGMENT 的媒体确已损失（sync 已尝试而未能取回），使记录仪可以重新使用该处。",
    "Why; kept in the archive, its hash in the log.": "原因；保存在档案中，其散列写入日志。",
    "Write the media of SESSION, checked against what was sealed, as files that play. Needs no key of the station's.":
        "把录制 SESSION 的媒体与封存内容核对后写成可播放的文件。不需要采集站的密钥。",
    "A private key for which the recorder wrapped its content keys: escrow's, or a former one of a station.":
        "记录仪曾为其封装内容密钥的私钥：托管密钥，或采集站以前的接收密钥。",
    "A folder that is empty or not there yet.": "空的或尚不存在的文件夹。",
    # archive and packages
    "Sessions in the archive, oldest first.": "档案中的录制，最早的在前。",
    "One session in full. SESSION: the first digits of its id.": "一次录制的全部情况。SESSION：其标识的前几位。",
    "Read every record and every sealed segment of the archive again and compare them with what the recorders signed.":
        "重新读取档案中的每条记录和每个已封存的片段，与记录仪的签名核对。",
    "Opens nothing and needs no key. Exit code 3 when something is not as it was signed.":
        "不解密，不需要密钥。有任何一处与签名不符时退出码为 3。",
    "Record an approval for SESSION, checked against the profile.": "为录制 SESSION 登记审批，并按规则检查。",
    "What is allowed.": "准许做什么。",
    "Who allowed it: a role's code or Chinese title.": "谁准许的：职务的代码或中文名称。",
    "For whom, when it is not for the bureau itself.": "给谁，不是给本局自己时。",
    "The approval is on paper or signed.": "审批为书面或已签字。",
    "Check each TARGET: a package folder or zip, or the first digits of a session in the archive.":
        "核验每个 TARGET：案件包文件夹或 zip，或档案中一次录制标识的前几位。",
    "Give the packages of recorders that relieved each other together: whether both say the same of it is checked too. For a session of"
    " the archive that is looked up there.":
        "接续录制的几台记录仪，其案件包请一并给出：还会核对各方对接续的记录是否一致。档案中的录制则在档案内查找。",
    "Exit code 0 only when the root was given, everything leads to it, nothing was changed and every gap is explained; else 3.":
        "只有给出了根指纹、一切都能追溯到它、没有任何改动且每处中断都有说明时退出码为 0，否则为 3。",
    "The bureau's root fingerprint as published.": "本局公布的根指纹。",
    "Source (.toml) of a profile not built in.": "非自带规则的源文件（.toml）。",
    "A revocation list, or a circular, of the bureau's root that may be newer than the package's.":
        "本局根密钥的吊销清单或通告，可能比案件包中的更新。",
    "Check every signature with a second, independent library too.": "再用另一个独立的程序库核验每个签名。",
    "Make a case package of SESSION, under a recorded approval.": "凭已登记的审批为录制 SESSION 制作案件包。",
    "The package folder; it must not exist yet.": "案件包文件夹；必须尚不存在。",
    "Also DIR.zip, in its one canonical form.": "同时写出唯一规范形式的 DIR.zip。",
    "Write the report of SESSION as the archive holds it.": "按档案内容写出录制 SESSION 的报告。",
    "The HTML file.": "HTML 文件。",
    # prompts and the rest
    "What recorders say.": "记录仪的语音。",
    "Speak the profile's clips, sign them, and give them to every recorder at its next dock.":
        "合成规则所需的语音并签名，在每台记录仪下一次接入时交给它。",
    "Also every clip as a WAV file, to listen to.": "同时把每段语音写成 WAV 文件，供试听。",
    "The officer's card in Chinese: buttons, lights and phrases on one page.": "执法人员使用卡（中文）：一页纸上的按键、指示灯和语音。",
    "Of which profile; else the station's own.": "按哪套规则；未给出时按本站的规则。",
    "The page to print.": "要打印的页面。",
    "Check a person's recordings (NNNN.wav by clip id, see prompts build --wav), sign them, and give them to every recorder.":
        "检查真人录音（按语音编号命名为 NNNN.wav，见 prompts build --wav），签名并交给每台记录仪。",
    "Let synthesis speak the clips that nobody recorded.": "没有人录的语音由合成补上。",
    "Print the completion script of a shell.": "输出命令行补全脚本。",
    # plug-ins, as the list of commands names them
    "The main job in one go on simulated hardware.": "在模拟硬件上一次完成全部主要工作。",
    "Simulated recorders.": "模拟记录仪。",
}  # fmt: skip


def add(texts: dict[str, str]) -> None:
    """The help of commands that plug in: Chinese by English."""
    _HELP.update(texts)


def known(english: str) -> bool:
    return _key(english) in _HELP


def of(english: str) -> str:
    """Each paragraph in Chinese; in English what nobody translated."""
    return "\n\n".join(_HELP.get(_key(part), part) for part in english.split("\n\n"))


def _key(part: str) -> str:
    return " ".join(part.split())
