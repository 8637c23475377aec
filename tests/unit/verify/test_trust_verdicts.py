# SPDX-License-Identifier: Apache-2.0
"""The verdict when trust changes after the fact: revoked recorders and stations, a newer list, stolen and doubled keys."""

from pathlib import Path

import pytest
from tests.packages import Made
from tests.unit.verify.attacks import edit_records, resign

from sealdock import trust
from sealdock.cli import run
from sealdock.keys import SigningKey
from sealdock.verify import Verdict, verify_files
from sealproto import objects
from sealproto import records as rec

GOOD = "authentic-with-explained-gaps"


@pytest.fixture
def made() -> Made:
    return Made().story()


def revocations(made: Made, *entries: list, number: int = 2) -> bytes:
    return trust.issue_revocations(made.bureau.root, number, made.builder.utc, list(entries))


def judge(made: Made, newer: bytes | None = None) -> Verdict:
    return verify_files(made.files(), made.root, revocations=newer)


def codes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings if finding.value not in (None, "gaps explained")}


def last(made: Made) -> int:
    return len(made.builder.records) - 1


# A recorder


def test_a_revoked_recorders_receipted_records_stay_good(made: Made) -> None:
    kid, chain = made.builder.identity.kid, made.builder.chain
    everywhere = [kid, None, None, 2]
    assert judge(made, revocations(made, everywhere, [kid, chain, last(made), 2])).total == GOOD
    cut = judge(made, revocations(made, everywhere, [kid, chain, 20, 2]))
    assert (cut.total, cut.key, codes(cut)) == ("not-authentic", "revoked", {"recorder-revoked"})
    assert judge(made, revocations(made, everywhere)).key == "revoked"


def test_a_reader_may_bring_a_newer_list_and_only_a_newer_one_counts(made: Made) -> None:
    entry = [made.builder.identity.kid, None, None, 2]
    assert judge(made).total == GOOD
    assert judge(made, revocations(made, entry)).key == "revoked"
    assert judge(made, revocations(made, entry, number=0)).total == GOOD
    stranger = trust.issue_revocations(SigningKey.generate(), 9, made.builder.utc, [])
    for wrong in (stranger, b"", b"\xa0"):
        verdict = judge(made, wrong)
        assert (verdict.key, codes(verdict)) == ("untrusted", {"certificate-wrong"})


def test_the_list_given_stands_in_for_one_that_the_package_lacks(made: Made) -> None:
    made.bureau.revocations = b""
    assert "revocations-missing" in {f.code for f in judge(made).findings}
    assert "revocations-missing" not in {f.code for f in judge(made, revocations(made)).findings}


def test_verify_takes_a_list_or_a_circular(made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "package"
    for name, data in made.files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    raw = revocations(made, [made.builder.identity.kid, None, None, 2])
    (tmp_path / "list").write_bytes(raw)
    (tmp_path / "circular").write_bytes(b"".join([*made.bureau.certificates, raw]))
    (tmp_path / "neither").write_bytes(made.bureau.certificates[0])
    command = ["verify", str(folder), "--root", made.root.hex()]
    assert run(command) == 0
    assert run([*command, "--revocations", str(tmp_path / "list")]) == 3
    assert run([*command, "--revocations", str(tmp_path / "circular")]) == 3
    assert run([*command, "--revocations", str(tmp_path / "neither")]) == 1


# A station


def stolen_station(made: Made, good: int | None) -> bytes:
    """The bureau revokes its station's key; its packages are from now on signed by another one."""
    bureau, builder = made.bureau, made.builder
    old, bureau.station = bureau.station, SigningKey.generate()
    new = trust.issue(bureau.root, objects.STATION, bureau.station.public, serial=50, valid_from=bureau.since, until=bureau.until)
    bureau.certificates.append(new)
    entries = [[old.kid, None, None, 2]]
    if good is not None:
        entries.append([old.kid, builder.chain, good, 2])
    bureau.revocations = revocations(made, *entries)
    return bureau.revocations


def test_what_a_station_acknowledged_before_its_key_was_stolen_stays_good(made: Made) -> None:
    stolen_station(made, last(made))
    verdict = judge(made)
    assert (verdict.total, codes(verdict)) == (GOOD, set())


def test_a_stolen_station_key_says_nothing_behind_its_last_good_receipt(made: Made) -> None:
    stolen_station(made, 20)
    verdict = judge(made)
    assert (verdict.total, verdict.key) == ("not-authentic", "revoked")


def test_a_stolen_station_key_certifies_no_recorder_of_its_own(made: Made) -> None:
    """The thief makes a recorder, certifies it and gives receipts; the list knows no chain of it."""
    old = made.bureau.station
    forged = Made(bureau=made.bureau).story()
    files = forged.files()
    assert verify_files(files, made.root).total == GOOD  # before anybody knows of the theft
    entries = [[old.kid, None, None, 2], [old.kid, made.builder.chain, last(made), 2]]
    verdict = verify_files(files, made.root, revocations=revocations(made, *entries))
    assert (verdict.total, verdict.key) == ("not-authentic", "revoked")


# Keys of a recorder


def test_a_stolen_identity_key_signs_no_record(made: Made) -> None:
    """It signs genesis and handshakes, nothing else: not even the record right behind genesis."""
    files = made.files()
    edit_records(files, lambda items: items.__setitem__(1, resign(items[1], made.builder.identity)))
    made.sign(files)
    verdict = verify_files(files, made.root)
    assert (verdict.integrity, "record-key" in codes(verdict)) == ("altered", True)


def test_a_stolen_identity_key_that_begins_a_second_chain_is_a_fork(made: Made) -> None:
    second = Made(bureau=made.bureau, identity=made.builder.identity).story()
    made.bureau.certificates += [made.builder.certificate, second.builder.certificate]
    assert (judge(made).integrity, judge(second).integrity) == ("forked", "forked")
    assert "identity-fork" in codes(judge(made))


def test_both_branches_of_a_doubled_recorder_are_forked_when_one_is_receipted(made: Made) -> None:
    """Two recorders with one key go on from the same record: the branch that the receipt does not name is refused by it."""
    files = made.files()
    at = max(n for n, raw in enumerate(made.builder.records) if rec.Record(raw).type == rec.SESSION_CLOSE)
    close = made.builder.records[at]
    other = resign(close, made.builder.signers[at], ms=rec.Record(close).ms + 1)
    edit_records(files, lambda items: items.__setitem__(items.index(close), other))
    made.sign(files)
    verdict = verify_files(files, made.root)
    assert verdict.integrity == "forked" and verdict.total == "not-authentic"


# Known breaks of forward security, beside those of attacks.py


def rotations(made: Made) -> list[int]:
    return [n for n, raw in enumerate(made.builder.records) if rec.Record(raw).type == rec.ROTATE_KEY]


def test_a_record_resealed_with_an_older_epochs_key_is_refused(made: Made) -> None:
    """A thief of an early backup holds an old key: it signs nothing behind its rotation."""
    files = made.files()
    old = made.builder.signers[1]
    close = next(raw for raw in made.builder.records[::-1] if rec.Record(raw).type == rec.SESSION_CLOSE)
    edit_records(files, lambda items: items.__setitem__(items.index(close), resign(close, old)))
    made.sign(files)
    verdict = verify_files(files, made.root)
    assert verdict.integrity == "altered" and "record-key" in codes(verdict)


@pytest.mark.parametrize("signer", ["own epoch", "newest epoch"])
def test_a_replayed_rotation_is_refused(made: Made, signer: str) -> None:
    """The same change of keys once more: as it was, and anew by a key that is valid there."""
    files = made.files()
    first = made.builder.records[rotations(made)[0]]
    items = made.builder.records
    if signer == "own epoch":
        edit_records(files, lambda known: known.insert(known.index(items[-2]), first))
    else:
        again = resign(items[-2], made.builder.epoch_key, type=rec.ROTATE_KEY, body=rec.Record(first).body)
        edit_records(files, lambda known: known.__setitem__(known.index(items[-2]), again))
    made.sign(files)
    verdict = verify_files(files, made.root)
    assert not verdict.good and verdict.integrity != "intact"


def test_a_rotation_that_skips_an_epoch_is_refused(made: Made) -> None:
    builder = made.builder
    builder.epoch += 1
    builder.rotate()
    builder.receipt()
    verdict = judge(made)
    assert not verdict.good and "epoch-missing" in codes(verdict)


def test_a_rotation_inside_the_session_that_is_left_out_is_refused(made: Made) -> None:
    files = made.files()
    inside = made.builder.records[rotations(made)[-2]]
    edit_records(files, lambda items: items.remove(inside))
    made.sign(files)
    assert verify_files(files, made.root).integrity == "altered"


def test_every_signature_stripped_is_not_merely_unsigned(made: Made) -> None:
    files = made.files()
    edit_records(files, lambda items: items.__setitem__(slice(None), [raw[:-64] + bytes(64) for raw in items]))
    del files["manifest.cbor"]
    verdict = verify_files(files, made.root)
    assert verdict.total == "not-authentic" and verdict.integrity == "altered"
