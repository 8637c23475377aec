# SPDX-License-Identifier: Apache-2.0
"""Profiles as files: the five are good, and each kind of mistake is one clear line with file and key."""

import shutil
from importlib import resources
from pathlib import Path

import pytest

from sealdock import profile, text
from sealdock.profile import ProfileError
from sealproto import codes

LUOPING = (resources.files("sealdock") / "profiles" / "luoping.toml").read_text(encoding="utf-8")


def test_five_bureaus() -> None:
    assert profile.names() == ["caofeidian", "changchun", "dalian-ftz", "luoping", "wenshang"]


@pytest.mark.parametrize("name", profile.names())
def test_each_loads_and_is_named_as_its_file(name: str) -> None:
    own = profile.load(name)
    assert own.id == name and own.schema == 1 and own.tz == "Asia/Shanghai"
    assert len({row.activity for row in own.record}) == len(own.record)
    assert len({(row.mark, row.src) for row in own.content}) == len(own.content)


def test_prescribed_wordings() -> None:
    said = {name: profile.load(name).announce for name in ("luoping", "caofeidian", "changchun")}
    assert said["luoping"].wording == "为保护您的合法权益，监督我的执法行为，本次执法将全程录音录像。"
    assert said["caofeidian"].wording == "为保护您的合法权益，监督我们的执法行为，本次执法过程录音录像。"
    assert said["changchun"].wording is None and said["changchun"].spoken


def test_the_regulations_differ_where_they_differ() -> None:
    by_name = {name: profile.load(name) for name in profile.names()}
    assert {name: (p.store.kind, p.store.n) for name, p in by_name.items()} == {
        "caofeidian": ("hours", 24),
        "changchun": ("hours", 24),
        "dalian-ftz": ("hours", 24),
        "luoping": ("working_days", 7),
        "wenshang": ("after_daily_work", None),
    }
    assert {name: p.interruption.regime for name, p in by_name.items()} == {
        "caofeidian": "excused_if_explained",
        "changchun": "excused_if_explained",
        "dalian-ftz": "no_excuse_same_place",
        "luoping": "excused_if_explained",
        "wenshang": "silent",
    }
    assert [name for name, p in by_name.items() if p.erase] == ["changchun"]
    assert [name for name, p in by_name.items() if p.fault] == ["wenshang"]
    assert codes.CAUSE_OBSTRUCTION in {rule.cause for rule in by_name["luoping"].interruption.causes}
    assert codes.CAUSE_PLACE_CHANGE in {rule.cause for rule in by_name["caofeidian"].interruption.causes}


def test_a_path_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "自己的 profile.toml"
    path.write_text(LUOPING, encoding="utf-8")
    assert profile.load(path) == profile.load(str(path)) == profile.load("luoping")


def changed(old: str, new: str) -> str:
    assert LUOPING.count(old) >= 1, old
    return LUOPING.replace(old, new, 1)


MISTAKES = [
    (changed("trial = true", "trail = true"), "trail: unknown key"),
    (changed("trial = true\n", ""), "trial: missing"),
    (changed("trial = true", 'trial = "yes"'), "trial: text where true or false belongs"),
    (changed("n = 7", "n = true"), "store.n: true or false where a whole number belongs"),
    (changed("n = 7", "n = -7"), "store.n: negative"),
    (changed("n = 7\n", ""), "store.n: belongs to hours and working_days, and only to them"),
    (changed('kind = "working_days"', 'kind = "weeks"'), "store.kind: 'weeks' is not one of hours, working_days, after_daily_work"),
    (changed('cause = "bad_weather"', 'cause = "weather"'), "int.causes[4].cause: 'weather' is no cause"),
    (changed('cause = "bad_weather"', 'cause = "battery_low"'), "int.causes: a cause stands twice"),
    (changed('reason = "privacy"', 'reason = "trade_secret"'), "norec: a reason stands twice"),
    (changed('mark = "environment"', 'mark = "obstruction"'), "content[0].mark: 'obstruction' is no mark"),
    (changed("[int.cannot]", "[int.cannot]\nsoon = true"), "int.cannot.soon: unknown key"),
    (changed('src = ["LP13", "LP14"]', "src = []"), "roles.deputy_head_enforcement.src: a value of the text needs its article"),
    (changed('src = ["LP12"]', 'src = ["article 12"]'), "roles.party.src: 'article 12' is no citation like CC13¶2 or LP9(2)"),
    (changed("deputy_head_enforcement = {", "unit_head = {"), "int.cannot.report_to: the role has no title in [roles]"),
    (changed("全程录音录像。\"", "全程录音 录像。\""), "announce.wording: not NFC, or holds white space"),
    (changed(', "whole_process"]', "]"), "announce.wording: 全程 and the claim 'whole_process' go together"),
    (changed('order = "record_first"', 'order = "announce_then_record"'), "announce.choice.order: not among order_allowed"),
    (changed('"during"', '"before"').replace('"off"', '"video"'), "announce.choice.prerecord: must be off where telling comes first"),
    (changed("schema = 1", "schema = 2"), "schema: 2 is not understood, only 1"),
    (changed("version = 1", "version = 0"), "version: counts from 1"),
    (changed('tz = "Asia/Shanghai"', 'tz = "Europe/Berlin"'), "tz: Europe/Berlin is not one of Asia/Shanghai, Asia/Urumqi"),
    (changed("10c2e1c6", "10c2e1cx"), "source_sha256: not a SHA-256 in hexadecimal"),
    (changed('id = "luoping"', 'id = "../luoping"'), "id: not a short slug of a-z, 0-9 and hyphen"),
    (changed("[store]", "[[store]]"), "store: not a table"),
    (changed('medium = ["disc"]', 'medium = "disc"'), "disc.medium: not an array"),
    (changed('medium = ["disc"]', 'medium = ["disc", "disc"]'), "disc.medium: an entry stands twice"),
    (changed('min = "case_file"', 'min = { n = 2, unit = "week" }'), "keep[0].min.unit: 'week' is not one of month, year"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "message"), MISTAKES, ids=[message for _, message in MISTAKES])
def test_mistakes_name_file_and_key(tmp_path: Path, source: str, message: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(source, encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        profile.load(path)
    assert str(caught.value) == f"{path}: {message}"


@pytest.mark.parametrize(("source", "message"), MISTAKES, ids=[message for _, message in MISTAKES])
def test_mistakes_are_said_in_chinese_too(source: str, message: str) -> None:
    key, why = message.split(": ", 1)
    text.use("zh")
    try:
        with pytest.raises(ProfileError) as caught:
            profile.loads(source, "bad.toml")
    finally:
        text.use("en")
    said = str(caught.value)
    assert said.startswith(f"bad.toml: {key}: ") and why not in said
    assert any("\u4e00" <= char <= "\u9fff" for char in said.removeprefix(f"bad.toml: {key}: ")), said


def test_unknown_name_lists_the_known() -> None:
    with pytest.raises(ProfileError, match="unknown profile 'beijing': choose one of caofeidian, changchun,"):
        profile.load("beijing")
    with pytest.raises(ProfileError, match="unknown profile"):
        profile.load("../profiles/luoping")


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="No such file"):
        profile.load(tmp_path / "none.toml")
    with pytest.raises(ProfileError, match="directory"):
        profile.load(tmp_path)
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ProfileError, match="not UTF-8 text"):
        profile.load(tmp_path / "a.toml")
    (tmp_path / "b.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(ProfileError, match="not TOML") as caught:
        profile.load(tmp_path / "b.toml")
    assert "\n" not in str(caught.value)
    (tmp_path / "c.toml").write_bytes(b"#" * 300_000)
    with pytest.raises(ProfileError, match="too large"):
        profile.load(tmp_path / "c.toml")


def test_a_sixth_bureau_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "sixth.toml"
    shutil.copy(str(resources.files("sealdock") / "profiles" / "caofeidian.toml"), path)
    text = path.read_text(encoding="utf-8").replace('id = "caofeidian"', 'id = "sixth"').replace('"中断"', '"停录"')
    path.write_text(text, encoding="utf-8")
    assert profile.compile(profile.load(path))[4] == "停录"
