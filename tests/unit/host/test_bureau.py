# SPDX-License-Identifier: Apache-2.0
"""A bureau of several stations: requests, circulars, new keys, lost keys, revocations. What people do, by the commands they type."""

import json
import os
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from recorder_double import RecorderDouble
from stations import StationBureau, enrol, make_builder, record_story
from tests.chainbuilder import ChainBuilder

from sealdock import bureau, keys, member, promptstore, setup
from sealdock.archive import media, sessions
from sealdock.bureau import Bureau, BureauError, read_circular
from sealdock.cli import run
from sealdock.errors import SealdockError
from sealdock.home import Home
from sealdock.prompts.promptset import PromptSet
from sealdock.station import Station, now_ms
from sealdock.sync import run_sync as sync
from sealdock.sync.objects import bureau_certificates
from sealdock.trust import TrustError, fingerprint, read_certificate
from sealproto import cbor, cose, objects


@pytest.fixture
def first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("LC_ALL", "C")
    home = Home(tmp_path / "first")
    setup.init(home, "luoping")
    home.root.rename(tmp_path / "root")  # offline
    return home


@pytest.fixture
def root(first: Home) -> Path:
    return first.path.parent / "root"


def digest_of(root: Path) -> bytes:
    return sha256(keys.load_signing(root / "root.key").public).digest()


def circular_for(home: Home, root: Path, name: str | None = None) -> bytes:
    raw, _ = member.request(home, name)
    opened = Bureau(root)
    opened.certify(raw, now_ms())
    return opened.circular()


def join(home: Home, root: Path) -> None:
    member.accept(home, circular_for(home, root, "second place"), digest_of(root))


# By the commands


def test_a_second_station_is_set_up_with_four_commands(first: Home, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second, asked, circular = tmp_path / "second", tmp_path / "request", tmp_path / "circular"
    assert run(["--home", str(second), "--json", "station", "request", "--name", "二大队", "--out", str(asked)]) == 0
    number = json.loads(capsys.readouterr().out)["check"]
    certify = ["--json", "station", "certify", str(asked), "--root-folder", str(root), "--out", str(circular)]
    assert run([*certify, "--check", "0000 0000 0000 0000"]) == 1
    assert not circular.exists()
    assert run([*certify, "--check", number]) == 0
    accept = ["--json", "station", "accept", str(circular)]
    assert run(["--home", str(second), *accept]) == 1  # whose circular is it?
    assert not (second / "certs").exists()
    assert run(["--home", str(second), *accept, "--root", "00" * 32]) == 1
    assert run(["--home", str(second), *accept, "--root", digest_of(root).hex()]) == 0
    assert run(["--home", str(first.path), *accept]) == 0
    capsys.readouterr()
    for home in (first, Home(second)):
        with Station.open(home) as station:
            assert len(station.recipients()) == 3
            assert station.trust.fingerprint == fingerprint(keys.load_signing(root / "root.key").public)
            assert station.profile.id == "luoping"
    with Station.open(Home(second)) as station:
        assert station.certificate.name == "二大队"
        assert not station.home.next.joinpath("station.key").exists()
        assert not list(second.rglob("root.key"))


def test_revoke_names_what_stays_good(first: Home, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chain, key = bytes(range(32)), bytes(8)
    command = ["--json", "station", "revoke", "--root-folder", str(root), "--out", str(tmp_path / "circular"), "--reason", "stolen"]
    assert run([*command, "--key", key.hex(), "--good", f"{chain.hex()}:41"]) == 0
    assert json.loads(capsys.readouterr().out)["revocations"] == 2
    assert run([*command, "--key", key.hex(), "--good", f"{chain.hex()}:41"]) == 0  # said already: no new number
    assert json.loads(capsys.readouterr().out)["revocations"] == 2
    for wrong in (["--key", "12"], ["--key", "xx" * 8], ["--key", key.hex(), "--good", "nonsense"]):
        assert run([*command, *wrong]) == 2
    assert run(["--home", str(first.path), "station", "accept", str(tmp_path / "circular")]) == 0
    with Station.open(first) as station:
        assert station.trust.revocations_number == 2
        assert not station.trust.revoked(key, chain, 41)
        assert station.trust.revoked(key, chain, 42)
        assert station.trust.revoked(key, bytes(32), 1)


def test_devices_names_what_a_revocation_asks_for(first: Home, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    builder = story(first, root)
    assert run(["--home", str(first.path), "--json", "devices"]) == 0
    (recorder,) = json.loads(capsys.readouterr().out)["recorders"]
    assert recorder["key"] == builder.identity.kid.hex()
    assert recorder["receipted"] == f"{builder.chain.hex()}:{len(builder.records) - 2}"
    stranger = ChainBuilder(StationBureau(with_root(first, root)), utc=now_ms())
    shutil.rmtree(first.root)
    with Station.open(first, write=True) as station:
        enrol(station, stranger)
    assert run(["--home", str(first.path), "--json", "devices"]) == 0
    assert json.loads(capsys.readouterr().out)["recorders"][1]["receipted"] is None


def test_the_certificate_page_shows_every_group(first: Home, root: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    assert run(["--home", str(first.path), "station", "certificate", "--out", str(out)]) == 0
    text = out.read_text()
    groups = fingerprint(keys.load_signing(root / "root.key").public).split()
    assert all(f"<td>{group}</td>" in text for group in groups)
    assert "http" not in text and "src=" not in text
    assert run(["--home", str(first.path), "station", "certificate", "--out", str(tmp_path / "page.doc")]) == 1


def test_inspecting_the_roots_folder_prints_its_fingerprint_and_changes_nothing(
    first: Home, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    capsys.readouterr()
    assert run(["--lang", "en", "station", "inspect", "--root-folder", str(copy)]) == 0
    assert fingerprint(keys.load_signing(root / "root.key").public) in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == before


@pytest.mark.parametrize("name", ["root.key", "escrow.key", "profile-signer.key", "certificates.cbor", "revocations.cbor"])
def test_inspecting_a_folder_that_is_not_whole_fails(root: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    raw = (copy / name).read_bytes()
    at = len(raw) // 2
    (copy / name).write_bytes(raw[:at] + (b"a" if raw[at : at + 1] != b"a" else b"b") + raw[at + 1 :])
    assert run(["station", "inspect", "--root-folder", str(copy)]) != 0
    (copy / name).unlink()
    assert run(["station", "inspect", "--root-folder", str(copy)]) != 0


# What the root refuses


def test_a_request_that_somebody_else_signed_is_refused(first: Home, root: Path, tmp_path: Path) -> None:
    raw, number = member.request(Home(tmp_path / "second"))
    other, other_number = member.request(Home(tmp_path / "third"))
    assert number != other_number
    opened = Bureau(root)
    station, recipient = bureau.items(raw)
    stranger = bureau.items(other)[1]
    bent = raw[:-1] + bytes([raw[-1] ^ 1])
    for wrong in (b"", b"\xff", station, station + stranger, recipient + station, station + station, bent, raw + station):
        with pytest.raises(BureauError):
            opened.certify(wrong, now_ms())
    assert len(opened.certificates) == 5


def test_certifying_twice_gives_the_same_certificates(first: Home, root: Path, tmp_path: Path) -> None:
    raw, _ = member.request(Home(tmp_path / "second"))
    again, _ = member.request(Home(tmp_path / "second"))
    first_time = Bureau(root).certify(raw, now_ms())
    assert Bureau(root).certify(again, now_ms() + 1000) == first_time


def test_a_revoked_key_is_not_certified_again(first: Home, root: Path, tmp_path: Path) -> None:
    raw, _ = member.request(Home(tmp_path / "second"))
    opened = Bureau(root)
    opened.revoke([[bureau.read_request(raw)[0].kid, None, None, bureau.STOLEN]], now_ms())
    with pytest.raises(BureauError, match="revoked"):
        opened.certify(raw, now_ms())


def test_a_folder_without_the_root_is_said(tmp_path: Path, root: Path) -> None:
    with pytest.raises(SealdockError, match="root key is not at"):
        Bureau(tmp_path)
    (root / "certificates.cbor").unlink()
    with pytest.raises(SealdockError, match="No such file"):
        Bureau(root)


# What a station refuses


def test_a_circular_with_any_part_changed_changes_nothing(first: Home, root: Path, tmp_path: Path) -> None:
    second = Home(tmp_path / "second")
    raw = circular_for(second, root)
    parts = bureau.items(raw)
    digest = digest_of(root)
    wrong = [b"".join(parts[:at] + parts[at + 1 :]) for at in range(len(parts)) if at not in (1, 2, 3)]  # of those it has no need
    wrong += [raw[:at] + bytes([raw[at] ^ 4]) + raw[at + 1 :] for at in range(3, len(raw) - len(parts[-1]), 97)]
    rules = cbor.encode(cbor.decode(parts[-1]).replace("on_resume = true", "on_resume = false"))
    wrong += [raw[:-1], raw + b"\x00", raw + parts[-3], b"".join([*parts[:-1], rules]), b""]
    for item in wrong:
        with pytest.raises(SealdockError):
            member.accept(second, item, digest)
        assert not second.certificates.exists() and not second.station_key.exists()
    assert member.accept(second, raw, digest).fresh


def test_a_circular_of_another_bureau_is_refused(first: Home, root: Path, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    setup.init(other, "luoping")
    before = first.certificates.read_bytes()
    for digest in (None, digest_of(root), digest_of(other.root)):
        with pytest.raises(BureauError, match="does not belong"):
            member.accept(first, Bureau(other.root).circular(), digest)
    assert first.certificates.read_bytes() == before
    with pytest.raises(BureauError, match="no keys wait"):
        member.accept(Home(tmp_path / "nobody"), Bureau(root).circular(), digest_of(root))


def test_a_station_that_is_not_in_the_circular_stays_as_it_is(first: Home, root: Path, tmp_path: Path) -> None:
    second = Home(tmp_path / "second")
    member.request(second)
    with pytest.raises(TrustError, match="no station"):
        member.accept(second, Bureau(root).circular(), digest_of(root))
    assert not second.certificates.exists()
    member.request(first)
    assert not member.accept(first, Bureau(root).circular()).keys
    with Station.open(first) as station:
        assert station.certificate


def test_revocation_lists_only_grow(first: Home, root: Path) -> None:
    old = Bureau(root).circular()
    Bureau(root).revoke([[bytes(8), None, None, bureau.LOST]], now_ms())
    assert member.accept(first, Bureau(root).circular()).revocations == 2
    assert member.accept(first, old) == member.Accepted()
    with Station.open(first) as station:
        assert station.trust.revocations_number == 2


def test_new_rules_replace_old_ones_which_stay_for_their_sessions(first: Home, root: Path) -> None:
    from sealdock import profile

    source = (root / "profile.toml").read_text()
    changed = source.replace("\nversion = 1\n", "\nversion = 2\n")
    assert changed != source
    signer = keys.load_signing(root / "profile-signer.key")
    rules = profile.loads(changed, "x")
    signed = objects.make(cose.PROFILE, signer.kid, signer.sign, id=rules.id, number=2, data=profile.compile(rules))
    (root / "profile.cbor").write_bytes(signed)
    (root / "profile.toml").write_text(changed)
    before = first.profile_object.read_bytes()
    assert member.accept(first, Bureau(root).circular()).profile
    assert first.profile_object.read_bytes() == signed
    assert (first.profile / f"{sha256(before).hexdigest()[:16]}.cbor").read_bytes() == before
    with Station.open(first) as station:
        assert station.profile.version == 2
    (root / "profile.toml").write_text(source)
    with pytest.raises(BureauError, match="not what was signed"):
        member.accept(first, Bureau(root).circular())


# Keys change


def with_root(home: Home, root: Path) -> Home:
    """The builder reads the bureau's keys where a test station has them."""
    shutil.copytree(root, home.root)
    return home


def story(home: Home, root: Path) -> ChainBuilder:
    builder = make_builder(with_root(home, root))
    shutil.rmtree(home.root)
    record_story(builder)
    with Station.open(home, write=True) as station:
        sync(station, RecorderDouble(builder))
    return builder


def playable(home: Home, builder: ChainBuilder) -> list[bytes]:
    with Station.open(home) as station:
        found = media.segments(station.archive, chain=builder.chain)
        return [media.playable(station.archive, segment, station.recipient) for segment in found]


def test_new_keys_open_what_was_sealed_for_the_former_ones(first: Home, root: Path) -> None:
    builder = story(first, root)
    plain = playable(first, builder)
    with Station.open(first, write=True) as station:
        promptstore.sign(station, PromptSet("luoping", 16000, []).fields(), b"")
        log_id, old = station.log.id, station.key.kid
    raw = circular_for(first, root)
    assert member.accept(first, raw).keys
    with Station.open(first, write=True) as station:
        member.renew_prompts(station)
        assert station.key.kid != old and station.log.id == log_id
        assert station.prompts and objects.read(cose.PROMPTS, station.prompts[0])[0].kid == station.key.kid
        again = station.prompts
        member.renew_prompts(station)
        assert station.prompts == again
    assert playable(first, builder) == plain
    assert member.accept(first, raw) == member.Accepted()


def test_a_cut_while_keys_change_is_made_good_by_accepting_again(first: Home, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builder = story(first, root)
    plain = playable(first, builder)
    raw = circular_for(first, root)
    real = os.rename
    for allowed in range(20):
        left = [allowed]

        def rename(source: object, target: object, left: list[int] = left) -> None:
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
            real(source, target)  # type: ignore[arg-type]

        with monkeypatch.context() as cut:
            cut.setattr(os, "rename", rename)
            try:
                done = member.accept(first, raw)
            except KeyboardInterrupt:
                done = None
        assert playable(first, builder) == plain
        with Station.open(first) as station:
            assert station.certificate
        if done is not None:
            break
    assert allowed > 2


def test_a_lost_recipient_key_is_said_and_escrow_recovers_the_media(
    first: Home, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    builder = story(first, root)
    first.recipient_key.unlink()
    with pytest.raises(SealdockError, match="put its copy back"):
        Station.open(first)
    with Station.open(first, recipients=keys.Keyring([])) as station:
        session = sessions.sessions(station.archive)[0].session.hex()
    recover = ["--home", str(first.path), "--json", "recover", session, "--key", str(root / "escrow.key")]
    assert run([*recover, "--out", str(tmp_path / "out")]) == 0
    assert json.loads(capsys.readouterr().out)["segments"] == 6
    found = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in found][3] == "000003-unsealed.mkv"
    assert [path.read_bytes() for path in found if "unsealed" not in path.name] == list(builder.plain.values())
    assert run([*recover, "--out", str(tmp_path / "out")]) == 1
    stranger = tmp_path / "stranger.key"
    keys.save(keys.AgreementKey.generate(), stranger)
    assert run(["--home", str(first.path), "recover", session, "--key", str(stranger), "--out", str(tmp_path / "none")]) == 1
    # The station goes on with new keys; its old media wait for escrow.
    member.accept(first, circular_for(first, root))
    with pytest.raises(SealdockError, match="not wrapped for this station"):
        playable(first, builder)


def test_a_lost_station_key_is_replaced_and_the_archive_goes_on(first: Home, root: Path) -> None:
    builder = story(first, root)
    plain = playable(first, builder)
    first.station_key.unlink()
    with pytest.raises(SealdockError, match="no station"):
        Station.open(first)
    member.accept(first, circular_for(first, root))
    assert playable(first, builder) == plain
    builder.mark_outside()
    with Station.open(first, write=True) as station:
        assert sync(station, RecorderDouble(builder)).receipt == 2


# Several stations, one recorder


def test_media_wrapped_before_a_station_was_known_stay_closed_there(first: Home, root: Path, tmp_path: Path) -> None:
    builder = story(first, root)
    second = Home(tmp_path / "second")
    join(second, root)
    with Station.open(second, write=True) as station, Station.open(first) as old:
        station.keep_certificates(bureau_certificates(old))
    with Station.open(second, write=True) as station:
        enrol(station, builder)
        double = RecorderDouble(builder)
        result = sync(station, double)
        assert result.problems == []
        sealed = [s for s in media.segments(station.archive, chain=builder.chain) if s.sealed]
        assert sealed and all(s.held for s in sealed)
        with pytest.raises(SealdockError, match="not wrapped for this station"):
            media.playable(station.archive, sealed[0], station.recipient)


def test_certificates_for_recorders_stand_in_the_order_that_they_keep(first: Home, root: Path, tmp_path: Path) -> None:
    join(Home(tmp_path / "second"), root)
    member.accept(first, Bureau(root).circular())
    with Station.open(first) as station:
        raws = bureau_certificates(station)
    order = [(c.role, c.kid) for c in map(read_certificate, raws)]
    assert order == sorted(order) and len(order) == 6
    assert len(cbor.encode(raws)) < 16384


def test_a_circular_is_read_as_a_revocation_list(first: Home, root: Path) -> None:
    raw = Bureau(root).circular()
    assert bureau.newest_list(raw) == read_circular(raw, None).revocations == (root / "revocations.cbor").read_bytes()
    with pytest.raises(BureauError):
        bureau.newest_list(raw[:400])
    with pytest.raises(BureauError):
        bureau.newest_list(bureau.items(raw)[0])
