# SPDX-License-Identifier: Apache-2.0
"""The help of `sealdock sim` and `sealdock demo` in Chinese, by the English of it (sealdock.cli.chinese)."""

HELP: dict[str, str] = {
    "Simulated recorders: the recorder's own code, run by the real interpreter.": "模拟记录仪：由真正的解释器运行记录仪自己的代码。",
    "Which simulated recorder.": "哪一台模拟记录仪。",
    "Start a recorder in real time and keep it running until Ctrl-C.": "按真实时间启动一台记录仪，运行到 Ctrl-C 为止。",
    "What camera and microphone see and hear; else a generated scene.": "摄像头和话筒看到、听到的内容；未给出时为生成的场景。",
    "New hardware without a camera.": "新的硬件，没有摄像头。",
    "Times the machine's clock.": "电脑时钟的倍数。",
    "Press record, mark, menu, or several joined by plus.": "按下 record（录制）、mark（标记）、menu（菜单），或用加号相连的几个键。",
    "How long it is held down, in ms.": "按住多久，毫秒。",
    "Play a sound file near the recorder, as if somebody spoke.": "在记录仪旁播放声音文件，如同有人说话。",
    "Write a WAV file of what a bystander heard.": "把旁人听到的声音写成 WAV 文件。",
    "What an engineer with probes would see in the recorder.": "工程师用探针能看到的记录仪内部情况。",
    "Break a part: card=read|write|drop|flip|slow, camera=lost|covered, speaker=dead, ...; none heals it.":
        "损坏一个部件：card=read|write|drop|flip|slow，camera=lost|covered，speaker=dead 等；none 为修复。",
    "Set battery=3700 or 50% or 12%:5 (empty in 5 min), card=in|out|FILE, cable=in|out, clock=lost|+3600, power=on|off, temperature=40.":
        "设置 battery=3700 或 50% 或 12%:5（5 分钟后用完）、card=in|out|文件、"
        "cable=in|out、clock=lost|+3600、power=on|off、temperature=40。",
    "Play stories: names of those that come along, YAML files, or `all`. Exit code 3 when one did not go as told.":
        "演示情景：自带情景的名称、YAML 文件，或 all。有一个未按所述进行时退出码为 3。",
    "The main job in one go on simulated hardware: enrol, record, lose power twice, dock, verify, export.":
        "在模拟硬件上一次完成全部主要工作：登记、录制、两次断电、接入、核验、导出。",
    "Where it leaves all.": "全部结果放在哪里。",
    "What the recorder sees and hears.": "记录仪看到、听到的内容。",
}  # fmt: skip
