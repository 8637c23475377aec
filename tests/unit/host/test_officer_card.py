# SPDX-License-Identifier: Apache-2.0
"""The officer's card says what the recorder does: its tables are the recorder's own, and every word on it has a source."""

import json
import re
from pathlib import Path

import pytest
from tests.panel_table import FILE, table, text

from sealdock import officer, profile
from sealdock.cli import run
from sealdock.officer import phrases, words
from sealdock.prompts.script import script

PANEL = json.loads(FILE.read_text(encoding="utf-8"))


def test_the_table_is_the_recorders_own() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "out of date: python -m tests.panel_table"
    assert table()["buttons"]


def test_everything_in_the_table_has_words() -> None:
    assert {row["state"] for row in PANEL["buttons"]} <= set(words.STATES)
    assert {row["state"] for row in PANEL["lights"]} == set(words.STATES)
    assert {action for row in PANEL["buttons"] for action in row["actions"]} <= set(words.ACTIONS)
    questions = {row["question"] for row in PANEL["buttons"]}
    assert questions <= {"", "telling_first", "hurrying_allowed", *words.ALWAYS}


@pytest.mark.parametrize("name", profile.names())
def test_a_card_has_the_wording_the_menus_and_no_gaps(name: str) -> None:
    own = profile.load(name)
    page = officer.page(own)
    assert own.announce.spoken in page and own.name_zh in page
    assert not re.search(r"\{[a-z_]|None|undefined", page.split("</style>")[1])
    assert len(phrases.spoken(script(own))) >= 9
    assert own.terms.interrupt_zh in page and "已" + {"中断": "中止", "中止": "中断"}[own.terms.interrupt_zh] not in page


def test_buttons_follow_the_profile() -> None:
    start = {name: officer.buttons(PANEL, profile.load(name))[0] for name in profile.names()}
    assert start["wenshang"][1][0] == words.ACTIONS["tell_first"] and start["luoping"][1][0] == words.ACTIONS["open_session"]
    assert all(row[0] == "待命" for row in start.values())


def test_lights_show_recording_and_the_fault() -> None:
    shown = dict(officer.lights(PANEL, profile.load("luoping")))
    assert shown["正在记录"] == [("绿", 1), ("红", 1), ("黄", 1)]
    assert shown["设备故障"] == [("绿", 0), ("红", 3), ("黄", 3)]


def test_the_command_writes_a_card_without_a_station(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEALDOCK_HOME", str(tmp_path / "nowhere"))
    out = tmp_path / "使用卡.html"
    assert run(["prompts", "card", "--profile", "luoping", "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["profile"] == "luoping" and "执法人员使用卡" in out.read_text(encoding="utf-8")
    assert run(["prompts", "card", "--profile", "nobody", "--out", str(tmp_path / "no.html")]) == 1
    assert not (tmp_path / "no.html").exists() and "nobody" in capsys.readouterr().err


def test_menus_of_states_that_a_profile_never_reaches_are_left_out() -> None:
    found = {name: officer.page(profile.load(name)) for name in ("wenshang", "luoping")}
    assert "已停用" in found["wenshang"] and "已停用" not in found["luoping"]
    assert "有新到人员" in found["luoping"] and "重要环节模式" not in found["luoping"]
