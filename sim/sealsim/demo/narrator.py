# SPDX-License-Identifier: Apache-2.0
"""Tells the demo's story as it happens: who does what, what the bystander hears, what the lights show."""

import json
from typing import Any

from rich.text import Text

from sealdock.cli.base import Env
from sealdock.profile import load
from sealdock.prompts.script import render, script
from sealdock.text import chinese
from sealsim.recorder import Event

OFFICER = ("执法人员", "officer", "cyan")
BYSTANDER = ("当事人听到", "bystander hears", "yellow")
RECORDER = ("记录仪", "recorder", "green")
CUSTODIAN = ("保管人", "custodian", "magenta")
COURT = ("核验", "verifier", "blue")
Who = tuple[str, str, str]

_CHINA_MS = 8 * 3600 * 1000
_STEPS = 11


class Narrator:
    """Lines for people, or one JSON object a line."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self._texts = script(load("luoping"))
        self._clock = lambda: 0
        self._step = 0
        self._sealed = 0

    def watch(self, clock: Any) -> None:
        """`clock()` gives the world's time in ms for the left column."""
        self._clock = clock

    def step(self, zh: str, en: str) -> None:
        """A new chapter."""
        self._step += 1
        bar = "█" * self._step + "░" * (_STEPS - self._step)
        title = zh if chinese() else en
        self._print(Text(f"\n{bar} {self._step}/{_STEPS}  {title}", style="bold"), {"step": self._step, "zh": zh, "en": en})

    def tell(self, who: Who, zh: str, en: str, t: int | None = None) -> None:
        """Something that somebody does, hears or sees; `t` in ms of the world, default now."""
        t = self._clock() if t is None else t
        name = who[0] if chinese() else who[1]
        line = Text.assemble(f"  {_time(t)}  ", (f"{name}: ", who[2]), zh if chinese() else en)
        self._print(line, {"t": t, "who": who[1], "zh": zh, "en": en})

    def command(self, arguments: list[str]) -> None:
        """The command that a custodian would type."""
        shown = " ".join(f'"{a}"' if " " in a else a for a in arguments)
        self._print(Text(f"  $ sealdock {shown}", style="dim"), {"command": arguments})

    def event(self, event: Event) -> None:
        """What the recorder did, when a person could notice it."""
        if event.name == "buzz" and event["ms"] >= 300:
            self.tell(RECORDER, "（振动）", "(vibrates)", event.t)
        if event.name != "trace":
            return
        what, details = event["what"], event["details"]
        if what == "say":
            words = self.words(details[0])
            self.tell(BYSTANDER, f"“{words}”", f"“{words}”", event.t)
        elif what == "sealed":
            number, frames, samples, stored = details
            self.tell(
                RECORDER,
                f"第 {number} 段已封存：{frames} 帧，{samples / 16000:.2f} 秒声音，{stored // 1024} KiB 已加密",
                f"segment {number} sealed: {frames} frames, {samples / 16000:.2f} s of sound, {stored // 1024} KiB encrypted",
                event.t,
            )

    def words(self, clips: str) -> str:
        """What a list of clip ids says."""
        return render([int(clip) for clip in clips.split()], self._texts)

    def finish(self, summary: dict[str, Any]) -> None:
        """The last line: the summary, as it stands in its file."""
        self._print(Text(json.dumps(summary, ensure_ascii=False)), summary)

    def _print(self, line: Text, value: dict[str, Any]) -> None:
        if self.env.json:
            self.env.emit(value)
        else:
            self.env.console.print(line)


def _time(t: int) -> str:
    """Clock time in China of a moment of the world."""
    seconds = (t + _CHINA_MS) // 1000 % 86_400
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
