# SPDX-License-Identifier: Apache-2.0
"""`sealdock sim` as a person uses it: one terminal keeps the recorder, another acts on it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import serial
from tests.unit.sim.conftest import HERE

from sealsim.registry import list_urls

APP = HERE / "apps" / "app_panel.py"


class Terminal:
    def __init__(self, home: Path) -> None:
        self.environment = {**os.environ, "SEALDOCK_HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"), "PYTHONUTF8": "1"}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "sealdock", "sim", *arguments]

    def run(self, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(self.command(*arguments), env=self.environment, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout + done.stderr

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(self.command(*arguments), env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def terminal(tmp_path: Path, micropython: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "采集站" / "run"))
    return Terminal(tmp_path / "采集站")


@pytest.fixture
def up(terminal: Terminal) -> Iterator["subprocess.Popen[str]"]:
    with terminal.start("up", "--json", "--app", str(APP)) as process:
        yield process
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)


def until(process: "subprocess.Popen[str]", name: str, **match: Any) -> dict[str, Any]:
    assert process.stdout is not None
    for line in process.stdout:
        event: dict[str, Any] = json.loads(line)
        if event["ev"] == name and all(event[key] == value for key, value in match.items()):
            return event
    raise AssertionError(f"no {name}")


def test_a_session_by_hand(terminal: Terminal, up: "subprocess.Popen[str]") -> None:
    url = until(up, "ready")["url"]
    assert list_urls() == [url]
    assert terminal.run("press", "record+mark", "--ms", "100")[0] == 0
    assert until(up, "lights", green=1, red=1)["yellow"] == 0
    assert terminal.run("set", "battery=12%:5", "card=out", "clock=1000")[0] == 0
    code, output = terminal.run("look", "--json")
    seen = json.loads(output)
    assert (code, seen["card"], seen["on"], seen["rtc"] // 10_000) == (0, False, True, 100)
    assert terminal.run("fault", "speaker=dead", "entropy=off") == (0, "speaker=dead entropy=off\n")
    assert terminal.run("set", "power=off")[0] == 0
    assert json.loads(terminal.run("look", "--json")[1]) == {"on": False}
    assert terminal.run("set", "power=on")[0] == 0
    until(up, "trace", what="reset")
    assert terminal.run("set", "cable=out")[0] == 0
    assert list_urls() == []
    with serial.serial_for_url(url, timeout=0.1) as port:
        assert port.read(1) == b""
    up.send_signal(signal.SIGINT)
    assert up.wait(timeout=20) == 0
    assert terminal.run("heard", str(terminal.environment["SEALDOCK_HOME"]) + "/heard.wav")[0] == 0


def test_wrong_words_end_in_one_line(terminal: Terminal, up: "subprocess.Popen[str]") -> None:
    until(up, "ready")
    for arguments, code, words in (
        (("press", "play"), 2, "no button 'play': there are record, mark, menu"),
        (("set", "battery"), 2, "PART=VALUE"),
        (("set", "battery=much"), 2, "no whole number"),
        (("fault", "card=eaten"), 2, "no fault of the card 'eaten'"),
        (("up", "--app", str(APP)), 1, "runs already"),
        (("look", "--name", "other"), 1, "no recorder runs in"),
        (("look", "--name", "../x"), 2, "is no name"),
        (("say", str(APP)), 1, "no media file"),
    ):
        result, output = terminal.run(*arguments)
        assert (result, len(output.splitlines())) == (code, 1), output
        assert words in output


def test_a_recorder_that_dies_is_named(terminal: Terminal) -> None:
    code, output = terminal.run("up", "--app", str(HERE / "apps" / "app_fails.py"))
    assert code == 1
    assert "recorder stopped by itself" in output.splitlines()[-1]
    assert "the application is broken" in output.splitlines()[-1]


def test_nobody_else_may_give_orders(terminal: Terminal, up: "subprocess.Popen[str]") -> None:
    until(up, "ready")
    facts = Path(terminal.environment["SEALDOCK_HOME"]) / "sim" / "recorder" / "running.json"
    assert facts.stat().st_mode & 0o077 == 0
    content = json.loads(facts.read_text(encoding="utf-8"))
    facts.write_text(json.dumps({**content, "token": "0" * 32}), encoding="utf-8")
    assert terminal.run("look") == (1, "sealdock: wrong token\n")
