# SPDX-License-Identifier: Apache-2.0
"""`verify`, `export` and `report` on a real station: exit codes, JSON, one clear line for what goes wrong, nothing half-written."""

import json
from pathlib import Path

import pytest
from tests.chainbuilder import ChainBuilder
from tests.packages import Made, media
from tests.unit.host.recorder_double import RecorderDouble
from tests.unit.host.stations import make_builder, make_home

from sealdock import keys
from sealdock.cli import run
from sealdock.home import Home
from sealdock.log import EXPORTED
from sealdock.station import Station
from sealdock.sync import run_sync
from sealproto import codes
from sealproto import records as rec


def record(builder: ChainBuilder, home: Home) -> None:
    """A session that the officer's recorder would make: files that play, an interruption, a tail."""
    with Station.open(home) as station:
        builder.profile = station.profile_object
        wording = "".join(station.profile.announce.spoken.split())
    builder.boot()
    builder.record(
        rec.CLOCK_SET, before=None, after=builder.utc, uncertainty_ms=5, drift_ppb=None, station=builder.bureau.station.kid
    )  # fmt: skip
    builder.assign()
    builder.open_session()
    builder.announce(wording=wording)
    for number in range(2):
        builder.segment(media(number), 500)
    builder.tail(b"t" * 40_000)
    builder.reboot(12 * 60_000)
    builder.tail_found()
    builder.interrupt(codes.FACT_POWER_LOST, codes.CAUSE_NOT_STATED, {}, late=True)
    builder.resume()
    builder.reason_note(codes.CAUSE_DEVICE_FAULT)
    builder.segment(media(3), 500)
    builder.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = make_home(tmp_path_factory.mktemp("站 station"))
    builder = make_builder(home)
    record(builder, home)
    with Station.open(home, write=True) as station:
        run_sync(station, RecorderDouble(builder))
    return home


@pytest.fixture(scope="module")
def root(home: Home) -> str:
    with Station.open(home) as station:
        return station.trust.fingerprint


@pytest.fixture(scope="module")
def session(home: Home) -> str:
    with Station.open(home) as station:
        found: bytes = station.archive.db.execute("SELECT session FROM session").fetchone()[0]
        return found.hex()


@pytest.fixture
def seal(home: Home, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def call(*arguments: object) -> tuple[int, str, str]:
        code = run(["--home", str(home.path), "--lang", "en", *map(str, arguments)])
        out, err = capsys.readouterr()
        return int(code), out, err

    return call


@pytest.fixture
def approved(seal, session: str) -> None:  # type: ignore[no-untyped-def]
    assert seal("approve", session, "--act", "export", "--by", "deputy_head_enforcement", "--reason", "court", "--written")[0] == 0


def test_export_needs_an_approval(seal, session: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, _, err = seal("export", session, "--out", tmp_path / "package")
    assert code == 5 and err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_session_in_the_archive(seal, session: str, root: str) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = seal("verify", session[:8], "--root", root, "--json")
    verdict = json.loads(out)
    assert (code, verdict["total"]) == (0, "authentic-with-explained-gaps"), verdict
    assert seal("verify", session[:8])[0] == 3


def test_export_then_verify(seal, approved, session: str, root: str, home: Home, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "案 case"
    code, printed, _ = seal("export", session[:8], "--out", out, "--zip", "--json")
    assert code == 0 and json.loads(printed)["total"] == "authentic-with-explained-gaps"
    for target in (out, tmp_path / "案 case.zip"):
        code, printed, _ = seal("verify", target, "--root", root, "--json")
        assert (code, json.loads(printed)["total"]) == (0, "authentic-with-explained-gaps")
    with Station.open(home) as station:
        assert station.log.entry(station.log.size - 1)[0] == EXPORTED
    assert seal("export", session, "--out", out)[0] == 1  # never over anything


def test_changed_byte_is_named(seal, approved, session: str, root: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "package"
    seal("export", session, "--out", out)
    path = out / "media" / "000001.mkv"
    data = bytearray(path.read_bytes())
    data[20_000] ^= 1
    path.write_bytes(bytes(data))
    code, printed, _ = seal("verify", out, "--root", root, "--json")
    verdict = json.loads(printed)
    assert (code, verdict["total"], verdict["integrity"]) == (3, "not-authentic", "altered")
    found = next(f for f in verdict["findings"] if f["code"] == "media-changed")
    assert (found["segment"], found["bytes"], found["file"]) == (1, [16384, 32768], "media/000001.mkv")
    code, text, _ = seal("verify", out, "--root", root)
    assert code == 3 and "16384-32768" in text and "Not authentic" in text


def test_wrong_root_and_none(seal, approved, session: str, root: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "package"
    seal("export", session, "--out", out)
    code, printed, _ = seal("verify", out, "--root", "00" * 32, "--json")
    assert (code, json.loads(printed)["key"]) == (3, "untrusted")
    code, printed, _ = seal("verify", out, "--json")
    assert (code, json.loads(printed)["total"]) == (3, "unverified-origin")


def test_what_is_no_package(seal, root: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "letter.txt").write_text("hello")
    code, printed, _ = seal("verify", tmp_path / "letter.txt", "--root", root)
    assert code == 3 and "no case package" in printed
    code, _, err = seal("verify", tmp_path / "absent", "--root", root)
    assert code == 1 and err.count("\n") == 1
    code, _, err = seal("verify", tmp_path, "--root", "12")
    assert code == 2 and err.count("\n") == 1


def test_verify_needs_no_station(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    made = Made().story()
    for name, data in made.files().items():
        path = tmp_path / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    code = run(["--home", str(tmp_path / "none"), "verify", str(tmp_path / "package"), "--root", made.root.hex()])
    assert code == 0 and not (tmp_path / "none").exists()


def test_verify_paranoid_asks_a_second_library(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first library that lets everything through stands for a fault in it; the last record's signature is wrong."""
    made = Made().story()
    files = made.files()
    files["records.cbor"] = files["records.cbor"][:-1] + bytes([files["records.cbor"][-1] ^ 1])
    made.sign(files)
    for name, data in files.items():
        path = tmp_path / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    asked = ["verify", str(tmp_path / "package"), "--root", made.root.hex()]
    assert run(asked) == 3
    monkeypatch.setattr(keys.bindings, "crypto_sign_open", lambda *_: b"")
    assert run(asked) == 0
    assert run([*asked, "--paranoid"]) == 3


def test_report_of_a_session(seal, session: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, _, _ = seal("report", session, "--out", tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert code == 0 and "执法记录核验报告" in text and "设备突然断电" in text
