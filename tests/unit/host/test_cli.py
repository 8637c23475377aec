# SPDX-License-Identifier: Apache-2.0
"""The command line's frame: languages, JSON, completion, doctor, errors of the system in one line."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from line_double import LineDouble
from stations import make_builder, make_home, record_story

from sealdock.archive import intake
from sealdock.cli import run
from sealdock.cli.root import COMMANDS
from sealdock.home import Home
from sealdock.station import Station


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("SEALDOCK_HOME", str(tmp_path / "home"))
    return make_home(tmp_path)


def test_station_init_prints_what_to_publish_and_what_to_move(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    path = tmp_path / "采集站 一"
    assert run(["--home", str(path), "station", "init", "--profile", "luoping", "--no-prompts"]) == 0
    shown = capsys.readouterr().out
    with Station.open(Home(path)) as station:
        assert station.trust.fingerprint in shown
        assert len(station.recipients()) == 2
    assert str(path / "root") in shown
    for file in path.rglob("*"):
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


def test_the_station_works_without_the_offline_keys(home: Home) -> None:
    shutil.rmtree(home.root)
    with Station.open(home, write=True) as station:
        assert station.certificate


def test_json_names_the_error_and_its_code(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "abcdef", "--json"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["exit_code"] == 1
    assert said.err.startswith("sealdock: ")


def test_errors_are_said_in_the_language_that_was_asked_for(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "zh", "show", "abcdef"]) == 1
    assert "没有" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_and_the_common_options(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert all(option in shown for option in ("--home", "--lang", "--json"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert "_SEALDOCK_COMPLETE" in capsys.readouterr().out


def test_completion_completes() -> None:
    environment = {**os.environ, "_SEALDOCK_COMPLETE": "bash_complete", "COMP_WORDS": "sealdock appr", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", "from sealdock.cli import main; main()"], env=environment, capture_output=True, check=False
    )
    assert b"plain,approve" in done.stdout


def test_doctor_names_the_interpreter(home: Home, micropython: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["micropython"] == str(micropython)
    assert found["version"][0] == "1"
    assert found["station"] == {"path": str(home.path), "set_up": True}


def test_no_station_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--home", str(tmp_path / "none"), "list"]) == 1
    assert "station init" in capsys.readouterr().err


def test_a_full_disk_is_exit_code_4_and_the_next_run_carries_on(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    builder = make_builder(home)
    record_story(builder)
    with Station.open(home, write=True) as station:
        intake.take(station.archive, builder.chain, builder.records)
    full = home.archive / "partial" / f"{builder.chain.hex()}-{min(builder.stored)}"
    full.symlink_to("/dev/full")
    with LineDouble(builder) as recorder:
        assert run(["sync", "--port", recorder.url]) == 4
        said = capsys.readouterr().err
        assert "disk is full" in said and len(said.splitlines()) == 1
        full.unlink()
        assert run(["sync", "--port", recorder.url, "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["receipt"] == 1


def test_an_archive_without_its_index_is_said(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.database.unlink()
    assert run(["list"]) == 1
    assert "index is gone" in capsys.readouterr().err
    home.database.write_bytes(b"not a database at all" * 50)
    assert run(["list"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_an_archive_of_a_later_version_is_left_alone(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    with Station.open(home) as station:
        station.archive.db.execute("PRAGMA user_version = 99")
    before = home.database.read_bytes()
    assert run(["list"]) == 1
    assert "later version" in capsys.readouterr().err
    assert home.database.read_bytes() == before
