# SPDX-License-Identifier: Apache-2.0
"""Enrolments that must not come about: neither side keeps anything, and the next attempt is a first one."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sealdock.archive import RecorderRow
from sealdock.home import Home
from sealdock.station import Station
from sealsim.recorder import MENU

from .dockside import Dockside, Done, seal, tree

HASTE = 12  # times as fast as the machine's clock: the recorder waits 50 s for a confirmation


@pytest.fixture
def table(fresh: Path, tmp_path: Path) -> Iterator[Dockside]:
    shutil.copytree(fresh, tmp_path / "table")
    with Dockside(tmp_path / "table") as made:
        yield made


def recorders(home: Path) -> list[RecorderRow]:
    with Station.open(Home(home)) as station:
        return station.archive.recorders()


def assert_unenrolled(table: Dockside, before: dict[str, bytes]) -> None:
    """The station's folder is as it was, and the recorder belongs to nobody, also behind a reboot."""
    assert tree(table.home) == before
    with table.switched_off():
        pass
    done = table.seal("sync", "--port", table.url)
    assert done.code == 1 and "it is not enrolled" in done.err, done


def assert_enrols(table: Dockside) -> None:
    table.enrol()
    table.record(6)
    assert table.sync()["segments"] == 2
    assert len(recorders(table.home)) == 1


@pytest.mark.parametrize("heard", ["000000", "", "1234567"])
def test_wrong_digits(table: Dockside, heard: str) -> None:
    before = tree(table.home)
    table.hold_menu()
    done = table.enroll(heard=heard)
    assert (done.code, len(done.errors)) == (1, 1) and "the digits differ" in done.err, done
    assert_unenrolled(table, before)
    if heard == "000000":
        assert_enrols(table)


def test_custodian_gives_up(table: Dockside) -> None:
    """Ctrl-D, Ctrl-C, or a terminal that is closed, where the digits are asked for."""
    before = tree(table.home)
    table.hold_menu()
    done = table.seal("enroll", "--port", table.url)  # standard input is empty
    assert (done.code, done.errors) == (1, ["sealdock: aborted"]), done
    assert_unenrolled(table, before)


def test_nobody_confirms_at_the_recorder(table: Dockside) -> None:
    before = tree(table.home)
    table.hold_menu()
    with table.real_time():
        table.recorder.real(HASTE)
        done = typed(table)
    assert (done.code, len(done.errors)) == (1, 1) and "nobody pressed record" in done.err, done
    assert_unenrolled(table, before)
    assert_enrols(table)


def typed(table: Dockside) -> Done:
    """The right digits, heard and typed; then nothing."""
    since = len(table.recorder.events)
    with table.started("--json", "enroll", "--port", table.url) as process:
        table.recorder.real(HASTE)
        assert process.stdin
        process.stdin.write(table.digits(since) + "\n")
        begun = time.monotonic()
        out, err = process.communicate(timeout=30)
    return Done(process.returncode, out, err, time.monotonic() - begun)


def test_officer_takes_it_back(table: Dockside) -> None:
    """Menu held once more ends what it began."""
    before = tree(table.home)
    table.hold_menu()
    table.recorder.press(MENU, 2500)
    table.recorder.run_for(4000)
    done = table.enroll()
    assert done.code == 1 and "first hold its menu button" in done.err
    assert_unenrolled(table, before)


@pytest.mark.parametrize("when", ["before the digits", "before the confirmation"])
def test_recorder_loses_its_power(table: Dockside, when: str) -> None:
    before = tree(table.home)
    table.hold_menu()
    since = len(table.recorder.events)
    with table.started("--json", "enroll", "--port", table.url) as process:
        assert process.stdin and process.stdout
        assert "digits" in process.stdout.readline()
        if when == "before the confirmation":
            process.stdin.write(table.digits(since) + "\n")
            process.stdin.flush()
            assert "confirm" in process.stdout.readline()
            table.recorder.power_cut()
        else:
            table.recorder.power_cut()
            process.stdin.write("123456\n")
        _, err = process.communicate(timeout=30)
    assert process.returncode in (1, 4) and len(err.splitlines()) == 1, err
    table.recorder.start()
    table.recorder.run_for(1500)
    assert_unenrolled(table, before)
    assert_enrols(table)


def test_a_recorder_that_is_enrolled_stays_so(table: Dockside, tmp_path: Path) -> None:
    """Neither its own station nor another can enrol it once more, whatever buttons are held."""
    table.hold_menu()
    assert table.enroll().code == 0
    table.recorder.run_for(5000)
    stranger = tmp_path / "stranger"
    assert seal("--home", stranger, "station", "init", "--profile", "wenshang", "--no-prompts").code == 0
    for home in (table.home, stranger):
        table.hold_menu()
        table.recorder.run_for(20_000)
        before = tree(home)
        done = table.seal("enroll", "--port", table.url, home=home)
        assert done.code == 1 and "one that is enrolled cannot be enrolled again" in done.err
        assert tree(home) == before
    assert table.sync()["receipt"] == 1
