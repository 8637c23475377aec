# SPDX-License-Identifier: Apache-2.0
"""Something else than the recorder on the port, or a station that is not the recorder's: one line, the right code, nothing kept."""

import fcntl
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from sealdock.home import Home
from sealdock.station import Station

from . import strange
from .dockside import Dockside, Done, seal, tree
from .strange import Bridge, Device

LIMIT_S = 8  # 3 s of waiting for an answer and the start of Python, on a machine that has other things to do
COMMANDS = (("sync",), ("enroll",), ("assign", "--officer", "officer"))


@pytest.fixture(scope="module")
def table(docked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dockside]:
    """Nothing in this file changes it until the last test."""
    folder = tmp_path_factory.mktemp("port") / "table"
    shutil.copytree(docked, folder)
    with Dockside(folder) as made:
        yield made


def refused(table: Dockside, *arguments: object, home: Path | None = None) -> str:
    """Runs a command that must end soon, with code 1 and one line, and leave the station's folder as it was; the line."""
    folder = home or table.home
    before = tree(folder)
    done = table.seal(*arguments, home=folder)
    assert (done.code, len(done.errors), done.out) == (1, 1, ""), done
    assert done.seconds < LIMIT_S
    assert tree(folder) == before
    return done.errors[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_port(table: Dockside, tmp_path: Path, command: tuple[str, ...]) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"not a port")
    for port, why in (
        ("/dev/no-such-device", "there is no port /dev/no-such-device"),
        (tmp_path, "is no serial port"),
        (file, "is no serial port"),
        ("/dev/null", "is no serial port"),
        ("socket://127.0.0.1:1", "there is no port socket://127.0.0.1:1"),
        ("socket://127.0.0.1", "names no port"),
        ("socket://127.0.0.1:70000", "names no port"),
        ("ftp://recorder", "names no port"),
        ("", "names no port"),
    ):
        assert why in refused(table, *command, "--port", port)
    assert file.read_bytes() == b"not a port"


STRANGE = {
    strange.silent: "no recorder answers on",
    strange.garbage: "is not a recorder",
    strange.stream: "is not a recorder",
    strange.zeros: "is not a recorder",
    strange.gnss: "is not a recorder",
    strange.echo: "is not a recorder",
    strange.repl: "shows a MicroPython prompt",
    strange.modem: "answers like a modem",
}


def test_strange_devices(fresh: Path, tmp_path: Path) -> None:
    """Each takes the 3 s that a recorder has to answer, so they are tried at once, each at a station of its own."""

    def attempt(case: tuple[strange.Talk, tuple[str, ...]]) -> tuple[Done, bool]:
        talk, command = case
        home = tmp_path / f"{talk.__name__} {command[0]}"
        shutil.copytree(fresh / "station", home)
        before = tree(home)
        with Device(talk) as device:
            done = seal("--home", home, *command, "--port", device.path)
        return done, tree(home) == before

    cases = [(talk, COMMANDS[0]) for talk in STRANGE]
    cases += [(talk, command) for talk in (strange.silent, strange.stream) for command in COMMANDS[1:]]
    with ThreadPoolExecutor(4) as pool:
        for case, (done, same) in zip(cases, pool.map(attempt, cases), strict=True):
            assert (done.code, len(done.errors), done.out, same) == (1, 1, "", True), (case, done)
            assert STRANGE[case[0]] in done.err and done.seconds < LIMIT_S, (case, done)


def test_a_port_that_hangs_up(table: Dockside) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
        assert "hung up at once" in refused(table, "sync", "--port", f"socket://127.0.0.1:{server.getsockname()[1]}")


def test_a_recorder_that_is_switched_off_or_not_plugged_in(table: Dockside) -> None:
    with table.switched_off():
        before = tree(table.home)
        done = seal("--home", table.home, "sync", "--port", table.url)
    assert (done.code, len(done.errors)) == (1, 1) and "no recorder answers" in done.err and done.seconds < LIMIT_S
    table.recorder.unplug()
    assert "no recorder answers" in refused(table, "sync", "--port", table.url)
    assert tree(table.home) == before
    table.recorder.plug()


def test_a_port_that_another_program_has_open(table: Dockside) -> None:
    host, port = table.url.removeprefix("socket://").split(":")
    with socket.create_connection((host, int(port))):
        assert "hung up at once" in refused(table, "sync", "--port", table.url)
    with Device(strange.silent) as device, locked(device.path):
        assert "in use by another program" in refused(table, "sync", "--port", device.path)


@contextmanager
def locked(path: str) -> Iterator[None]:
    """Another program that locks its port as this one does."""
    handle = os.open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def test_nobody_to_find(table: Dockside, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEALDOCK_RECORDERS", str(tmp_path))
    assert "no serial ports found" in refused(table, "sync", "--port", "auto")


def test_a_recorder_that_nobody_enrolled(table: Dockside, fresh: Path, tmp_path: Path) -> None:
    shutil.copytree(fresh, tmp_path / "fresh")
    with Dockside(tmp_path / "fresh") as new:
        assert "it is not enrolled" in refused(new, "sync", "--port", new.url)
        assert "it is not enrolled" in refused(new, "assign", "--officer", "officer", "--port", new.url)
        assert "first hold its menu button" in refused(new, "enroll", "--port", new.url)
        assert "it is not enrolled" in refused(new, "sync", "--port", new.url, home=table.home)


def test_a_station_of_another_root(table: Dockside, tmp_path: Path) -> None:
    """Its root did not certify the recorder, nor does the recorder's root certify it."""
    stranger = tmp_path / "stranger"
    assert seal("--home", stranger, "station", "init", "--profile", "luoping", "--no-prompts").code == 0
    for command in COMMANDS:
        assert "refuses this station" in refused(table, *command, "--port", table.url, home=stranger)
    table.hold_menu()
    assert "refuses this station" in refused(table, "enroll", "--port", table.url, home=stranger)


def test_where_there_is_no_station(table: Dockside, tmp_path: Path) -> None:
    for command in (*COMMANDS, ("list",)):
        port = () if command == ("list",) else ("--port", table.url)
        done = seal("--home", tmp_path / "none", *command, *port)
        assert (done.code, len(done.errors)) == (1, 1) and "no station in" in done.err
    assert list(tmp_path.iterdir()) == []


def test_afterwards_the_right_station_takes_everything(table: Dockside) -> None:
    """Through a device path, as with a recorder that hangs on a real serial port."""
    with Bridge(table.url) as device:
        done = table.seal("--json", "sync", "--port", device.path)
    assert done.code == 0, done
    result = done.values[-1]
    assert (result["receipt"], result["problems"]) == (1, []) and result["segments"] >= 6
    with Station.open(Home(table.home)) as station:
        assert all(recorder.alarm is None for recorder in station.archive.recorders())
