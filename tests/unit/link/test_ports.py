# SPDX-License-Identifier: Apache-2.0
"""Which ports are found, and what --port auto means."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from sealdock.errors import SealdockError
from sealdock.link import ports


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(ports.VARIABLE, str(tmp_path))
    monkeypatch.setattr(ports.pyserial_ports, "comports", list)
    return tmp_path


def announce(folder: Path, file: str, **values: object) -> None:
    entry = {"url": f"socket://127.0.0.1:{len(file)}", "pid": os.getpid(), "name": file, **values}
    (folder / f"{file}.json").write_text(json.dumps(entry), encoding="utf-8")


def ended() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_running_recorders_only(folder: Path) -> None:
    announce(folder, "a", name="甲")
    announce(folder, "bb", pid=ended())
    announce(folder, "ccc", pid=-1)
    announce(folder, "dddd", url=5)
    (folder / "broken.json").write_text("{", encoding="utf-8")
    (folder / "list.json").write_text("[]", encoding="utf-8")
    assert ports.list_ports() == [ports.Port("socket://127.0.0.1:1", "甲", simulated=True)]


def test_auto(folder: Path) -> None:
    with pytest.raises(SealdockError, match="no serial ports"):
        ports.resolve("auto")
    announce(folder, "a")
    assert ports.resolve("auto") == "socket://127.0.0.1:1"
    announce(folder, "bb")
    with pytest.raises(SealdockError, match=r"several ports .*:1, .*:2"):
        ports.resolve("auto")


def test_a_name_is_itself(folder: Path) -> None:
    assert ports.resolve("/dev/ttyACM0") == "/dev/ttyACM0"


def test_where_recorders_announce_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ports.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/5")
    assert ports.recorders_folder() == Path("/run/user/5/sealdock/recorders")
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", "/c")
    assert ports.recorders_folder() == Path("/c/sealdock/recorders")
