# SPDX-License-Identifier: Apache-2.0
"""`sealdock check`: an archive that was changed behind its back says so, record or segment named."""

import json
from pathlib import Path

import pytest
from recorder_double import RecorderDouble
from stations import make_builder, make_home, record_story

from sealdock.archive import check, media
from sealdock.cli import run
from sealdock.home import Home
from sealdock.station import Station
from sealdock.sync import run_sync as sync


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = make_home(tmp_path)
    builder = make_builder(home)
    record_story(builder)
    with Station.open(home, write=True) as station:
        sync(station, RecorderDouble(builder))
    return home


def held(home: Home) -> list[Path]:
    with Station.open(home) as station:
        return [media.stored_path(station.archive, item) for item in media.held(station.archive)]


def found(home: Home) -> list[str]:
    with Station.open(home) as station:
        return [problem.why for problem in check.check(station.archive)]


def test_an_untouched_archive(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(held(home)) == 5 and found(home) == []
    assert run(["--home", str(home.path), "--lang", "en", "check"]) == 0
    assert "as it was signed" in capsys.readouterr().out


def test_a_byte_of_a_segment(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    path = held(home)[2]
    data = bytearray(path.read_bytes())
    data[20_000] ^= 1
    path.write_bytes(data)
    assert found(home) == ["segment 2: its bytes are not those that were sealed"]
    assert run(["--home", str(home.path), "--json", "check"]) == 3
    assert json.loads(capsys.readouterr().out)["recorder"] == 1


def test_a_segment_that_is_short_or_gone(home: Home) -> None:
    first, second, *_ = held(home)
    first.write_bytes(first.read_bytes()[:-16])
    second.unlink()
    assert [why.split(":")[0] for why in found(home)] == ["segment 0", "segment 1"]


def test_a_byte_of_a_record(home: Home) -> None:
    with Station.open(home) as station:
        path = station.archive.records_path(station.archive.recorders()[0].chain)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert "signature" in found(home)[0]


def test_records_that_the_database_does_not_know_the_end_of(home: Home) -> None:
    with Station.open(home, write=True) as station:
        station.archive.db.execute("UPDATE position SET epoch = epoch + 1")
    assert found(home) == ["the records do not lead to the place that the archive remembers"]


def test_many_segments_are_read_by_several_processes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_BATCH", 2)
    held(home)[4].unlink()
    with Station.open(home) as station:
        assert [problem.why for problem in check.check(station.archive, 2)] == ["segment 5: No such file or directory"]
