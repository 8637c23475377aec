# SPDX-License-Identifier: Apache-2.0
"""The demo's story: an officer's morning with two interruptions, the dock, the case package, and a lie that is found.

Everything is real but the hardware: the recorder is its own process under MicroPython, the station is the station, the line carries
every byte. The station shares the simulated world's clock, since twenty minutes pass in seconds.
"""

import shutil
import time
from contextlib import ExitStack
from pathlib import Path

from sealdock import clock, enrol, setup
from sealdock.archive import sessions
from sealdock.cli import run as run_command
from sealdock.errors import ExitCode, SealdockError
from sealdock.home import Home
from sealdock.prompts import espeak
from sealdock.station import Station
from sealdock.verify import Verdict, verify
from sealproto import clips, codes
from sealsim.demo.narrator import COURT, CUSTODIAN, OFFICER, RECORDER, Narrator
from sealsim.demo.summary import summarise, write_summary
from sealsim.hardware import Hardware
from sealsim.menu import choose
from sealsim.recorder import MARK, MENU, RECORD, Event, Recorder
from sealsim.world import World, discharge

REASON = "刚才电池松动，设备突然断电，属于设备故障，现在已经恢复正常。"
WHO = "我们是罗平县市场监督管理局的执法人员，这是我的执法证，编号一七。"
_OFFICER = 17


class Story:
    """`tell` runs it all and returns the exit code."""

    def __init__(self, out: Path, scene: Path, narrator: Narrator) -> None:
        self.out = out
        self.home = out / "station"
        self.say = narrator
        self.world = World()
        self._open = ExitStack()
        self.recorder = self._open.enter_context(Recorder.create(out / "recorder", Hardware(), reel=scene, world=self.world))
        self.recorder.on_event = narrator.event
        clock.use(self.recorder.now_ms)
        narrator.watch(lambda: self.world.now_ms if not self.recorder.real_time else self.recorder.now_ms())
        self.root = ""
        self.sync_s = 0.0

    def __enter__(self) -> "Story":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def tell(self) -> int:
        self.set_up_station()
        self.enrol()
        self.check_out()
        self.record()
        self.battery_runs_down()
        self.resume()
        self.battery_is_pulled()
        self.state_the_reason()
        self.stop_and_dock()
        self.export()
        verdict = self.verify()
        summary = summarise(verdict, self.root, self.sync_s)
        write_summary(self.out / "summary.json", summary)
        self.say.finish(summary)
        return ExitCode.GOOD if verdict.good else ExitCode.VERIFICATION_FAILED

    # The station

    def set_up_station(self) -> None:
        self.say.step(
            "建站：罗平县的规则，根密钥、工作站密钥与托管密钥", "Setting up the station: Luoping's rules, root, station and escrow keys"
        )
        made = setup.init(Home(self.home), "luoping", "采集站")
        self.root = made.fingerprint
        (self.out / "root.txt").write_text(made.fingerprint + "\n", encoding="utf-8")
        self._run("prompts", "build")
        self.say.tell(CUSTODIAN, f"公布根指纹 {made.fingerprint}", f"publishes the root fingerprint {made.fingerprint}")

    def enrol(self) -> None:
        self.say.step(
            "登记新记录仪：六位数字由记录仪念出，保管人核对", "Enrolling a new recorder: it speaks six digits, the custodian compares"
        )
        r = self.recorder
        r.start()
        r.run_for(1500)
        r.press(MENU, 1800)
        r.run_for(2500)
        url = r.plug()
        r.real(speed=4)
        self.say.command(["enroll", "--port", url])
        with Station.open(Home(self.home), write=True) as station:
            enrol.enrol(station, url, self._hear_digits)
        self.say.tell(CUSTODIAN, "数字一致，记录仪已登记", "the digits agree, the recorder is enrolled")

    def _hear_digits(self) -> str:
        """What a person writes down who listens to the recorder, and the record button that the officer then presses."""
        event = self._heard("say", 20.0)
        digits = "".join(clip for clip in event["details"][0].split() if len(clip) == 1)[:6]
        self.say.tell(CUSTODIAN, f"听到并输入 {digits}", f"hears and types {digits}")
        self.say.tell(OFFICER, "按录制键确认", "presses record to confirm")
        self.recorder.press(RECORD, 1000)
        return digits

    def check_out(self) -> None:
        self.say.step("领用：记录仪自检并播报", "Checking out: the recorder examines itself and says so")
        with Station.open(Home(self.home), write=True) as station:
            enrol.assign(station, self.recorder.plug(), _OFFICER, "17 号执法人员")
        self.recorder.gate()
        self.recorder.unplug()
        self._pass(16_000)
        self.say.tell(OFFICER, "用菜单键选执法活动：重大案件", "names the activity by the menu: a major case")
        self._menu(clips.ITEM_ACTIVITY, clips.ACTIVITY_BASE + codes.ACTIVITY_MAJOR_CASE)

    # The officer

    def record(self) -> None:
        self.say.step("到达现场：一键录制，首先告知", "On site: one press, and the announcement comes first")
        self.say.tell(OFFICER, "按下录制键", "presses record")
        self.recorder.set_battery(points=discharge(self.recorder.hardware.battery_curve, self.world.now_ms, minutes=1.2, percent=12))
        self.recorder.press(RECORD, 200)
        self._pass(30_000)

    def battery_runs_down(self) -> None:
        self.say.step("电量耗尽：先封存，再停止", "The battery runs down: sealed first, then stopped")
        event = self.recorder.run_to("trace", 90_000, what="interrupted")
        self.say.tell(
            RECORDER,
            f"已签名记录中止：事实 {event['details'][0]}（电压）",
            f"signed the interruption: fact {event['details'][0]} (voltage)",
        )
        self._pass(4000)
        self.recorder.power_cut()
        self.say.tell(OFFICER, "取出空电池，去取备用电池", "takes the empty battery out and fetches another")
        self.world.run_until(self.world.now_ms + 12 * 60_000)

    def resume(self) -> None:
        self.say.step(
            "更换电池，恢复录制：原因、时间、时长由记录仪语音说明",
            "A new battery: the recorder says why, when and how long, into the recording",
        )
        self._new_battery()
        self.say.tell(OFFICER, "按下录制键", "presses record")
        self.recorder.press(RECORD, 200)
        self._until_silent()
        self._identify()
        self._pass(8000)

    def battery_is_pulled(self) -> None:
        self.say.step("录制途中电池被拔出", "The battery is pulled in mid-segment")
        self._pass(2300)
        self.recorder.power_cut()
        self.say.tell(OFFICER, "电池脱落，设备断电", "the battery fell out, the recorder is dead")
        self.world.run_until(self.world.now_ms + 3 * 60_000)

    def state_the_reason(self) -> None:
        self.say.step(
            "断电后恢复：记录仪说明事实，执法人员口述原因", "After the cut: the recorder states the fact, the officer says the reason"
        )
        self._new_battery()
        self.recorder.press(RECORD, 200)
        self._until_silent()
        self.say.tell(OFFICER, f"“{REASON}”", f"“{REASON}”")
        length = self.recorder.say(espeak.synthesize(REASON), REASON)
        self._pass(length + 500)
        self.say.tell(OFFICER, "按标记键，口述结束", "presses mark: that was the reason")
        self.recorder.press(MARK, 200)
        self._pass(4000)
        self.say.tell(OFFICER, "按标记键选定原因", "presses mark to choose the cause")
        self._choose(clips.CAUSE_BASE + codes.CAUSE_DEVICE_FAULT)
        self._pass(12_000)

    def _identify(self) -> None:
        """The officer says who it is, shows the card, and marks both."""
        self.say.tell(OFFICER, f"“{WHO}”", f"“{WHO}”")
        self._pass(self.recorder.say(espeak.synthesize(WHO), WHO) + 500)
        self.say.tell(OFFICER, "标记：报明姓名证号、出示执法证件", "marks: name and number said, card shown")
        for mark in (codes.MARK_OFFICER_NAMED, codes.MARK_ID_SHOWN):
            self._menu(clips.ITEM_MARK, clips.MARK_BASE + mark)

    def _menu(self, *items: int) -> None:
        """Opens the menu and takes one item after the other, each when it is heard."""
        self.recorder.press(MENU, 200)
        self._pass(400)
        for item in items:
            self._choose(item)

    def _choose(self, item: int) -> None:
        """Steps through an open menu until the recorder says the item, then takes it."""
        if not choose(self.recorder, lambda: self._said_last() == item, lambda: self._until_silent(400)):
            raise SealdockError(f"the menu never offered item {item}")

    def _said_last(self) -> int:
        """The last clip that the recorder said, but for a pause."""
        said = [e["details"][0].split() for e in self.recorder.events if e.name == "trace" and e["what"] == "say"]
        return [int(clip) for clip in said[-1] if int(clip) != clips.FULL_STOP][-1]

    # The dock

    def stop_and_dock(self) -> None:
        self.say.step("停止录制，入站同步：认证、校验、归档、回执", "Stop and dock: authenticate, verify, archive, receipt")
        self.say.tell(OFFICER, "按下录制键停止", "presses record to stop")
        self.recorder.press(RECORD, 200)
        self._pass(6000)
        self.say.tell(OFFICER, "按标记键确认：执法活动结束", "presses mark to confirm: the activity has ended")
        self.recorder.press(MARK, 200)
        self._pass(3000)
        url = self.recorder.plug()
        self.recorder.real()
        begun = time.monotonic()
        self._run("sync", "--port", url)
        self.sync_s = time.monotonic() - begun

    def export(self) -> None:
        self.say.step("审批并导出案件包", "Approval, and the case package")
        with Station.open(Home(self.home), write=False) as station:
            session = sessions.sessions(station.archive)[0].session.hex()
        self._run("approve", session, "--act", "export", "--by", "enforcement_body_head", "--reason", "行政处罚案件证据", "--written")
        self._run("export", session, "--out", str(self.out / "package"))

    def verify(self) -> Verdict:
        self.say.step(
            "核验：四项结论、逐条职责；再改动一个字节", "Verify: four answers and the duties by article; then one byte is changed"
        )
        self._run("verify", str(self.out / "package"), "--root", self.root)
        verdict = verify(self.out / "package", self.root)
        self._tamper()
        self.recorder.heard(self.out / "heard.wav")
        return verdict

    def _tamper(self) -> None:
        copy = self.out / "tampered"
        shutil.copytree(self.out / "package", copy)
        victim = copy / "media" / "000002.mkv"
        raw = bytearray(victim.read_bytes())
        raw[len(raw) // 2] ^= 1
        victim.write_bytes(raw)
        self.say.tell(COURT, "在副本中改动第 2 段的一个字节", "changes one byte of segment 2 in a copy")
        verdict = verify(copy, self.root)
        found = next(f for f in verdict.findings if f.segment == 2 and f.bytes)
        self.say.tell(
            COURT,
            f"{verdict.total}：{found.text_zh}（记录 {found.record}，第 {found.segment} 段，字节 {found.bytes}）",
            f"{verdict.total}: {found.text} (record {found.record}, segment {found.segment}, bytes {found.bytes})",
        )
        shutil.rmtree(copy)

    # Helpers

    def _run(self, *arguments: str) -> None:
        self.say.command(list(arguments))
        quiet = ["--json"] if self.say.env.json else []
        code = run_command(["--home", str(self.home), *quiet, *arguments])
        if code != 0:
            raise SealdockError(f"sealdock {arguments[0]} ended with exit code {code}", ExitCode(code))

    def _pass(self, ms: int) -> None:
        """The world goes on."""
        self.recorder.run_for(ms)

    def _new_battery(self) -> None:
        self.recorder.set_battery(3980)
        self.recorder.start()
        self._pass(1500)

    def _until_silent(self, pause_ms: int = 1200) -> None:
        """Until the recorder has said all it had to: an announcement and a reason, with a pause that is longer than any inside them."""
        quiet = 0
        for _ in range(600):
            events = self.recorder.run_for(100)
            talking = self.recorder.op("look")["pending_ms"] > 0 or any(e.name in ("speaking", "spoke") for e in events)
            quiet = 0 if talking else quiet + 100
            if quiet >= pause_ms:
                return
        raise SealdockError("the recorder did not stop talking")

    def _heard(self, what: str, limit_s: float) -> Event:
        return self.recorder.wait_for("trace", limit_s, what=what)
