# SPDX-License-Identifier: Apache-2.0
"""One bureau, two stations, a recorder: real on both sides, by the commands that people type."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sealdock.archive import media
from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.keys import kid
from sealdock.station import Station
from sealproto import records as rec
from sealsim.hardware import FLASH_BLOCK, MIB
from tests.scenario import dockside
from tests.scenario.dockside import HARDWARE, Dockside, seal


def second_station(table: Dockside) -> Path:
    """Set up under the first one's root, whose folder lies offline beside them."""
    root, home = table.folder / "root", table.folder / "second"
    (table.home / "root").rename(root)
    asked, circular = table.folder / "request", table.folder / "circular"
    done = seal("--home", home, "--json", "station", "request", "--name", "second", "--out", asked)
    number = done.values[0]["check"]
    assert seal("station", "certify", asked, "--check", number, "--root-folder", root, "--out", circular).code == 0
    with Station.open(Home(table.home)) as station:
        fingerprint = station.trust.fingerprint
    assert seal("--home", home, "station", "accept", circular, "--root", fingerprint).code == 0
    assert seal("--home", home, "prompts", "build").code == 0
    return home


def playable(home: Path) -> list[bool]:
    """For each sealed segment of the archive, whether this station opens it."""
    out = []
    with Station.open(Home(home)) as station:
        (row,) = station.archive.recorders()
        for segment in media.segments(station.archive, chain=row.chain):
            try:
                out.append(media.playable(station.archive, segment, station.recipient).startswith(b"\x1a\x45\xdf\xa3"))
            except SealdockError:
                out.append(False)
    return out


def test_any_station_of_the_bureau_docks_a_recorder_until_it_is_revoked(tmp_path: Path, micropython: Path) -> None:
    with Dockside.create(tmp_path) as table:
        table.enrol()
        second = second_station(table)
        table.record(4)
        done = table.seal("--json", "sync", "--port", table.url, home=second)
        assert done.code == 0, done
        # That session was sealed before the recorder knew the second station: it lies there closed, and escrow opens it.
        assert not any(playable(second))
        session = json.loads(table.seal("--json", "list", home=second).out.splitlines()[0])["session"]
        escrow = ["--key", table.folder / "root" / "escrow.key"]
        recovered = table.seal("recover", session, *escrow, "--out", table.folder / "recovered", home=second)
        assert recovered.code == 0 and list((table.folder / "recovered").glob("*.mkv"))
        # From then on content keys are wrapped for all three.
        table.record(4)
        assert table.seal("sync", "--port", table.url, home=second).code == 0
        assert playable(second)[-1]
        table.sync()
        assert any(playable(table.home)[-1:])
        # The second station's key is stolen. The first station brings the list; then the second learns nothing more.
        with Station.open(Home(second)) as station:
            key = station.key.kid.hex()
        circular = table.folder / "circular"
        revoke = ["station", "revoke", "--key", key, "--reason", "stolen", "--root-folder", table.folder / "root", "--out", circular]
        assert seal(*revoke).code == 0
        assert table.seal("station", "accept", circular).code == 0
        table.sync()
        refused = table.seal("sync", "--port", table.url, home=second)
        assert refused.code == 1 and "refuses this station" in refused.err


def test_a_recorder_that_dropped_its_oldest_records_is_taken_over_with_a_file(
    tmp_path: Path, micropython: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flash is short, so records go once a receipt covers them; a station that never had them needs them from the one that does."""
    monkeypatch.setattr(dockside, "HARDWARE", replace(HARDWARE, flash_free_stop_bytes=3 * MIB // 2))
    with Dockside.create(tmp_path / "table") as table:
        table.enrol()
        table.record(40, marks=130)
        table.sync()
        second = second_station(table)
        assert table.seal("station", "accept", table.folder / "circular").code == 0
        table.record(4)
        held = table.recorder_status()["first_seq"]
        assert held > 50
        done = table.seal("sync", "--port", table.url, home=second)
        assert (done.code, len(done.errors)) == (1, 1) and f"no longer holds records before {held}; run sealdock chain export" in done.err

        file = tmp_path / "chain"
        assert seal("--home", table.home, "chain", "export", "1", "--out", file).code == 0
        spoilt = tmp_path / "spoilt"
        spoilt.write_bytes(file.read_bytes()[:-40] + bytes(40))
        assert seal("--home", second, "chain", "import", spoilt).code in (1, 3)
        done = seal("--home", second, "--json", "chain", "import", file)
        assert (done.code, done.values[0]["head"] >= held) == (0, True), done
        assert seal("--home", second, "--json", "chain", "import", file).values[0]["records"] == 0
        result = table.seal("--json", "sync", "--port", table.url, home=second).values[-1]
        assert (result["receipt"], result["problems"]) == (2, []), "the session since then; the rest is held elsewhere"
        assert table.sync()["records"] > 0

        stranger = tmp_path / "stranger"
        assert seal("--home", stranger, "station", "init", "--profile", "luoping", "--no-prompts").code == 0
        done = seal("--home", stranger, "chain", "import", file)
        assert (done.code, len(done.errors)) == (1, 1), done
        with Station.open(Home(stranger)) as station:
            assert station.archive.recorders() == []


def test_a_lost_key_store_gives_a_new_identity_that_names_the_last_head(tmp_path: Path, micropython: Path) -> None:
    with Dockside.create(tmp_path) as table:
        table.enrol()
        table.record(4)
        table.sync()
        with Station.open(Home(table.home)) as station:
            (old,) = station.archive.recorders()
            at = station.archive.position(old.chain)
        assert at is not None
        table.recorder.power_cut()  # repaired: chips as from the factory
        home = table.recorder.home
        (home / "keystore.bin").write_bytes(b"\xff" * HARDWARE.keystore_blocks * FLASH_BLOCK)
        (home / "flash.bin").write_bytes(b"\xff" * HARDWARE.flash_bytes)
        table.recorder.start()
        table.recorder.run_for(1500)
        table.hold_menu()
        begun = len(table.recorder.events)
        with table.started("--json", "enroll", "--port", table.url, "--predecessor", "1") as process:
            assert process.stdin and process.stdout
            process.stdout.readline()
            process.stdin.write(table.digits(begun) + "\n")
            process.stdin.flush()
            process.stdout.readline()
            table.recorder.press(1, 300)
            assert process.wait(60) == 0
        with Station.open(Home(table.home)) as station:
            new = station.archive.recorders()[1]
            genesis = rec.Record(station.archive.record(new.chain, 0)).fields
            certificate = station.trust.recorder(new.chain)
        assert genesis and certificate
        assert genesis["predecessor"] == certificate.predecessor == [old.chain, at.seq - 1, at.head]
        assert new.identity != old.identity and kid(new.identity) != kid(old.identity)
        table.recorder.run_for(5000)
        table.record(4)
        assert table.sync()["receipt"] == 1


@pytest.mark.parametrize("predecessor", ["7", "2"])
def test_an_unknown_predecessor_is_said_before_anything_is_asked(tmp_path: Path, micropython: Path, predecessor: str) -> None:
    home = tmp_path / "station"
    assert seal("--home", home, "station", "init", "--profile", "luoping", "--no-prompts").code == 0
    done = seal("--home", home, "enroll", "--port", "socket://127.0.0.1:9", "--predecessor", predecessor, "--digits", "000000")
    assert done.code == 1 and len(done.errors) == 1 and predecessor in done.err
