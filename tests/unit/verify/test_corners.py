# SPDX-License-Identifier: Apache-2.0
"""The verifier's rarer answers, one by one: each finding that no story and no attack of attacks.py leads to."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.packages import Made, split
from tests.unit.verify.attacks import edit_records, places, resign

from sealdock import trust
from sealdock.errors import SealdockError
from sealdock.keys import SigningKey
from sealdock.package.layout import Proofs
from sealdock.verify import container, matroska, package, verify_files
from sealdock.verify.container import Folder, NotAPackage, open_container
from sealproto import cose, merkle, objects
from sealproto import records as rec

Files = dict[str, bytes]


@pytest.fixture
def made() -> Made:
    return Made().story()


def codes(made: Made, files: Files, **options: object) -> set[str]:
    return {finding.code for finding in verify_files(files, made.root, **options).findings}  # type: ignore[arg-type]


def after(made: Made, edit: Callable[[list[bytes]], object]) -> set[str]:
    files = made.files()
    edit_records(files, edit)
    made.sign(files)
    return codes(made, files)


def bend(made: Made, record_type: int, **changed: object) -> set[str]:
    """Findings when the session's first record of a type is changed and signed anew with its own key."""
    at = places(made, made.files(), record_type)[0]

    def edit(items: list[bytes]) -> None:
        items[at] = resign(items[at], made.builder.signers[rec.Record(items[at]).seq], **changed)

    return after(made, edit)


# The chain


def test_records_of_another_chain_or_time(made: Made) -> None:
    assert "record-chain" in bend(made, rec.MARK, chain=bytes(32))
    assert "record-order" in bend(made, rec.MARK, ms=0)


def test_genesis_that_does_not_begin(made: Made) -> None:
    identity = made.builder.identity
    assert "genesis-wrong" in after(made, lambda items: items.__setitem__(0, resign(items[0], identity, seq=1)))
    assert "genesis-wrong" in after(made, lambda items: items.__setitem__(0, resign(items[0], SigningKey.generate())))


def test_records_without_a_session_and_without_a_manifest(made: Made) -> None:
    files = made.files()
    edit_records(files, lambda items: items.__delitem__(slice(3, None)))
    del files["manifest.cbor"]
    assert verify_files(files, made.root).total == "not-authentic"


def test_a_short_byte_string_is_read_where_a_record_might_be() -> None:
    assert package.record_end(b"\xd2\x84\x41x\xa0\x40\x41y", 0) == 8
    assert package.record_end(b"\xd2\x84\x41x\xa1", 0) is None
    assert package.record_end(b"\xd2\x84", 0) is None


# Trust


def test_no_root_at_all(made: Made) -> None:
    files = made.files()
    files["certificates.cbor"] = b"".join(split(files["certificates.cbor"])[1:])
    assert "root-missing" in {f.code for f in verify_files(files, None).findings}


def test_a_recorders_certificate_over_another_key(made: Made) -> None:
    files = made.files()
    items = split(files["certificates.cbor"])
    at = next(n for n, raw in enumerate(items) if _role(raw) == objects.RECORDER)
    old = trust.read_certificate(items[at])
    items[at] = trust.issue(
        made.bureau.station, objects.RECORDER, SigningKey.generate().public, serial=9, valid_from=old.valid_from, until=old.until,
        chain=old.chain, genesis=old.genesis, board=old.board, abilities=old.abilities,
    )  # fmt: skip
    files["certificates.cbor"] = b"".join(items)
    made.sign(files)
    assert "recorder-untrusted" in codes(made, files)


def _role(raw: bytes) -> int | None:
    try:
        return trust.read_certificate(raw).role
    except trust.TrustError:
        return None


def test_a_developers_build_is_named() -> None:
    made = Made()
    builder = made.builder
    builder.abilities[3] = True
    builder.records.clear()
    made.builder.signers.clear()
    builder._genesis()
    builder.certificate = builder.certify()
    made.story()
    assert "developer-build" in codes(made, made.files())


# The session


def test_a_record_behind_the_end_of_its_session_or_a_second_beginning(made: Made) -> None:
    builder = Made().builder
    for again in ("mark", "open"):
        made = Made()
        made.begin()
        made.open()
        made.segment()
        builder, session = made.builder, made.session
        builder.close()
        if again == "mark":
            builder.record(rec.MARK, session=session, part=0, code=1, first_sample=None, samples=None)
        else:
            builder.session = session
            builder.record(rec.SESSION_OPEN, activity=None, order=1, **builder._common())
        builder.receipt()
        assert "session-order" in codes(made, made.files()), again


def test_an_interrupt_that_counts_what_was_never_begun() -> None:
    for name, said in (("frames", 3), ("samples", 9)):
        made = Made()
        made.begin()
        made.open()
        made.segment()
        setattr(made.builder, name, getattr(made.builder, name) + said)
        made.builder.interrupt()
        made.builder.close()
        made.builder.receipt()
        files = made.files()
        found = [f.text for f in verify_files(files, made.root).findings if f.code == "count-wrong"]
        assert found and name in found[0], (name, found)


def test_a_record_of_the_run_without_a_time_says_nothing_of_the_clock() -> None:
    """A fault outside any session, before the clock came up: the session's own times are judged without it."""
    made = Made()
    made.begin()
    made.open()
    made.segment()
    builder = made.builder
    builder.clock = False
    builder.record(rec.FREED, receipt=bytes(32), slots=[1])
    builder.clock = True
    builder.close()
    builder.receipt()
    verdict = verify_files(made.files(), made.root)
    assert verdict.good and verdict.time == "anchored"


# Receipts


def with_checkpoint(made: Made, signer: SigningKey | None = None, proofs: int = 0) -> Files:
    files = made.files()
    held = Proofs.decode(files["proofs.cbor"])
    log, station = made.builder.log, signer or made.bureau.station
    leaves = log.leaves()
    held.checkpoint = objects.make(
        cose.CHECKPOINT, station.kid, station.sign, log=log.id, size=len(leaves), root=merkle.root(leaves), utc=made.builder.utc
    )
    sizes = [objects.read(cose.RECEIPT, raw)[1]["log_size"] for raw, _ in held.receipts]
    held.consistency = [merkle.consistency_proof(leaves, size) for size in sizes] + [[]] * proofs
    files["proofs.cbor"] = held.encode()
    made.sign(files)
    return files


def test_checkpoints(made: Made) -> None:
    assert verify_files(with_checkpoint(made), made.root).good
    assert "signer-untrusted" in codes(made, with_checkpoint(made, SigningKey.generate()))
    assert "proof-wrong" in codes(made, with_checkpoint(made, proofs=1))


def test_a_receipt_that_does_not_count_needs_no_consistency(made: Made) -> None:
    files = with_checkpoint(made)
    held = Proofs.decode(files["proofs.cbor"])
    raw, hashes = held.receipts[-1]
    held.receipts[-1] = (raw[:-1] + bytes([raw[-1] ^ 1]), hashes)
    files["proofs.cbor"] = held.encode()
    made.sign(files)
    assert "signature-wrong" in codes(made, files)


# Rules


def test_rules_that_cannot_be_understood() -> None:
    made = Made()
    made.builder.profile = made.bureau.make_profile({0: "what"}, "luoping")
    made.story()
    assert "profile-unknown" in codes(made, made.files())


def test_a_profile_source_that_is_none_is_passed_over(made: Made, tmp_path: Path) -> None:
    source = tmp_path / "x.toml"
    source.write_text("no profile")
    assert "profile-unknown" not in codes(made, made.files(), profile=source)


def test_an_announcement_that_names_no_clips_is_not_listened_for(made: Made) -> None:
    at = places(made, made.files(), rec.ANNOUNCE)[0]
    fields = rec.Record(split(made.files()["records.cbor"])[at]).fields
    assert fields
    kept = {name: value for name, value in fields.items() if value is not None}
    found = bend(made, rec.ANNOUNCE, body=rec.body(rec.ANNOUNCE, **{**kept, "clips": []}))
    assert not {"heard", "not-heard"} <= found


# What holds a package


def test_a_folder_of_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_FILES", 3)
    for n in range(6):
        (tmp_path / str(n)).write_bytes(b"")
    with pytest.raises(NotAPackage, match="too many"):
        Folder(tmp_path)


def test_a_file_that_goes_away_is_said(tmp_path: Path) -> None:
    (tmp_path / "records.cbor").write_bytes(b"x")
    folder = open_container(tmp_path)
    (tmp_path / "records.cbor").unlink()
    with pytest.raises(SealdockError, match="cannot read"):
        folder["records.cbor"]


def test_a_pipe_is_no_package(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotAPackage, match="neither"):
        open_container(tmp_path / "pipe")


def test_numbers_and_tracks_that_are_cut_off() -> None:
    with pytest.raises(matroska.MediaError, match="cut off"):
        matroska._number(b"\x40", 0, True)
    with pytest.raises(matroska.MediaError, match="no number or type"):
        matroska._track(b"\xd7\x81\x01")


def test_what_is_off_inside_a_file_is_said_in_both_languages() -> None:
    made = Made()
    made.begin()
    made.open()
    made.builder.segment(b"no matroska file" * 30)
    made.builder.close()
    made.builder.receipt()
    files = made.files()
    files["keys.cbor"], files["proofs.cbor"] = b"\x80", b"\xff"
    made.sign(files)
    verdict = verify_files(files, made.root)
    found = {f.file: (f.text, f.text_zh) for f in verdict.findings if f.code in ("media-unplayable", "file-unreadable")}
    assert found["keys.cbor"][0].endswith("an array is missing or of the wrong length")
    assert found["keys.cbor"][1].endswith("缺少数组，或长度不对") and "不是确定性 CBOR" in found["proofs.cbor"][1]
    en, zh = found["media/000000.mkv"]
    assert en.endswith("no EBML header") and zh.endswith("没有 EBML 文件头")
