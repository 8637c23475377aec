# SPDX-License-Identifier: Apache-2.0
"""The commands over a real link: enroll, assign, sync, list, show, approve; and how each ends when something is wrong."""

import json
import socket
from hashlib import sha256

import pytest
from line_double import LineDouble
from stations import StationBureau, enrol, record_story
from tests.chainbuilder import Bureau, ChainBuilder

from sealdock import log, trust
from sealdock.cli import run
from sealdock.home import Home
from sealdock.station import Station, now_ms
from sealproto import messages
from sealproto import records as rec


@pytest.fixture
def builder(home: Home) -> ChainBuilder:
    return ChainBuilder(StationBureau(home), utc=now_ms() - 3_600_000)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def enroll_over(recorder: LineDouble, monkeypatch: pytest.MonkeyPatch, answer: str | None = None) -> int:
    """Enrols as a person would who hears the digits."""

    class Ear:
        def readline(self) -> str:
            return (answer or recorder.recorder.heard or "") + "\n"

    monkeypatch.setattr("sys.stdin", Ear())
    return run(["enroll", "--port", recorder.url, "--digits", "-", "--json"])


def test_enroll_assign_sync_list_show_approve(
    home: Home, builder: ChainBuilder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with LineDouble(builder, enrolled=False) as recorder:
        assert enroll_over(recorder, monkeypatch) == 0
        shown = lines(capsys)[-1]
        assert (shown["recorder"], shown["simulated"], shown["chain"]) == (1, True, builder.chain.hex())
        assert recorder.recorder.held[messages.PUT_PROFILE] == home.profile_object.read_bytes()
        assert run(["assign", "--port", recorder.url, "--officer", "某执法人员", "--number", "12", "--json"]) == 0
        builder.open_session()
        builder.segment(b"picture and sound" * 5000)
        builder.close()
        capsys.readouterr()
        assert run(["--json", "sync", "--port", recorder.url]) == 0
        result = lines(capsys)[-1]
        assert (result["segments"], result["receipt"], result["problems"], result["simulated"]) == (1, 1, [], True)
    assert run(["list", "--json"]) == 0
    session = lines(capsys)[0]
    assert (session["state"], session["officer"], session["officer_name"]) == ("complete", 12, "某执法人员")
    assert run(["approve", session["session"][:8], "--act", "export", "--by", "deputy_head_enforcement", "--reason", "案件", "--json"]) == 0
    capsys.readouterr()
    assert run(["--lang", "zh", "show", session["session"][:8]]) == 0
    text = capsys.readouterr().out
    assert "某执法人员" in text and "导出" in text and "模拟设备" in text
    with Station.open(home) as station:
        kinds = [station.log.entry(n)[0] for n in range(station.log.size)]
    assert kinds == [0, 8, 2, 3, 1, 4]


def test_a_recorder_out_of_use_is_checked_out_only_when_somebody_releases_it(
    home: Home, builder: ChainBuilder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with LineDouble(builder, enrolled=False) as recorder:
        assert enroll_over(recorder, monkeypatch) == 0
        assign = ["assign", "--port", recorder.url, "--officer", "某执法人员"]
        for synced in (False, True):  # the fault is known from the recorder alone, or from the archive
            builder.record(rec.FAULT, code=6, part=5, error=None, healed=False)
            seq = len(builder.records) - 1
            if synced:
                assert run(["sync", "--port", recorder.url]) == 0
            capsys.readouterr()
            assert run(["--lang", "en", *assign]) == run(["--lang", "en", *assign, "--released-by", " "]) == 5
            assert f"recorder 1 was taken out of use by a fault (record {seq})" in capsys.readouterr().err
            assert run([*assign, "--released-by", "某负责人"]) == 0
            assert run(assign) == 0  # checked out since
    with Station.open(home) as station:
        entries = [station.log.entry(n) for n in range(station.log.size)]
        released = [entry for entry in entries if entry[0] == log.RELEASED]
        rows = station.archive.db.execute("SELECT * FROM release ORDER BY seq").fetchall()
        assert [(row["seq"], row["name"]) for row in rows] == [(entry[2], "某负责人") for entry in released] and len(rows) == 2
        assert [entry[4] for entry in released] == [sha256(row["salt"] + row["name"].encode()).digest() for row in rows]


def test_wrong_digits_enrol_nothing(
    home: Home, builder: ChainBuilder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with LineDouble(builder, enrolled=False) as recorder:
        assert enroll_over(recorder, monkeypatch, "000000") == 1
        assert "the digits differ" in capsys.readouterr().err
        assert not recorder.recorder.enrolled
    with Station.open(home) as station:
        assert station.archive.recorders() == []
        assert station.log.size == 2


def test_second_genesis_of_the_same_identity_is_refused(
    home: Home, builder: ChainBuilder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with LineDouble(builder, enrolled=False) as recorder:
        assert enroll_over(recorder, monkeypatch) == 0
    clone = ChainBuilder(builder.bureau, utc=builder.utc, identity=builder.identity)
    assert clone.chain != builder.chain
    with LineDouble(clone, enrolled=False) as recorder:
        assert enroll_over(recorder, monkeypatch) == 3
    assert "a clone or a second genesis" in capsys.readouterr().err


def test_cable_pulled_is_one_line_and_exit_code_4_and_the_next_run_carries_on(
    home: Home, builder: ChainBuilder, capsys: pytest.CaptureFixture[str]
) -> None:
    record_story(builder)
    with Station.open(home, write=True) as station:
        enrol(station, builder)
    with LineDouble(builder, breaks_after=60_000) as recorder:
        assert run(["sync", "--port", recorder.url]) == 4
        assert len(capsys.readouterr().err.splitlines()) == 1
        assert run(["sync", "--port", recorder.url, "--json"]) == 0
        assert lines(capsys)[-1]["receipt"] == 1
    with Station.open(home) as station:
        assert list(station.archive.records(builder.chain)) == builder.records


def test_a_station_that_the_recorder_does_not_know_is_refused(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    stranger = ChainBuilder(Bureau(now_ms()))
    with LineDouble(stranger) as recorder:
        assert run(["sync", "--port", recorder.url]) == 1
    assert "refuse" in capsys.readouterr().err


def test_a_recorder_that_the_root_did_not_certify_is_refused(home: Home, builder: ChainBuilder, capsys: pytest.CaptureFixture[str]) -> None:
    with LineDouble(builder, enrolled=False) as recorder:
        assert run(["sync", "--port", recorder.url]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_revoked_recorder_is_refused_before_it_is_asked_for_anything(
    home: Home, builder: ChainBuilder, capsys: pytest.CaptureFixture[str]
) -> None:
    with Station.open(home, write=True) as station:
        enrol(station, builder)
    entries = [[builder.identity.kid, builder.chain, None, 1]]
    home.revocations.write_bytes(trust.issue_revocations(builder.bureau.root, 2, now_ms(), entries))
    with LineDouble(builder) as recorder:
        assert run(["sync", "--port", recorder.url]) == 1
    assert "revoked" in capsys.readouterr().err
    with Station.open(home) as station:
        assert station.archive.position(builder.chain) is None


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["sync", "--port", "/dev/nowhere"], 1, "/dev/nowhere"),
        (["sync"], 2, "--port"),
        (["show", "abcdef"], 1, "no session"),
        (["show"], 2, "SESSION"),
        (["approve", "abcd", "--act", "burn", "--by", "x", "--reason", "y"], 2, "burn"),
        (["station", "init", "--profile", "luoping"], 1, "already holds a station"),
        (["nonsense"], 2, "nonsense"),
    ],
)
def test_mistakes_end_in_one_line_and_their_code(
    home: Home, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, says: str
) -> None:
    assert run(arguments) == code
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert says in err


def test_nobody_on_the_port_is_said_within_seconds(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert run(["sync", "--port", f"socket://127.0.0.1:{silent.getsockname()[1]}"]) == 1
    assert "no recorder answers" in capsys.readouterr().err


def test_two_processes_do_not_write_at_once(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    with Station.open(home, write=True):
        assert run(["approve", "abcd", "--act", "view", "--by", "court", "--reason", "y"]) == 1
    assert "another sealdock process" in capsys.readouterr().err
