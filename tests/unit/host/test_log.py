# SPDX-License-Identifier: Apache-2.0
"""The Merkle log on disk: proofs, a torn last entry, and damage that is said."""

from pathlib import Path

import pytest

from sealdock.errors import SealdockError
from sealdock.keys import SigningKey
from sealdock.log import APPROVED, Log
from sealproto import cose, merkle, objects
from sealproto.cbor import encode

STATION = SigningKey(bytes(range(32)))


def filled(folder: Path, entries: int) -> Log:
    log = Log.create(folder, STATION.kid, 1)
    for n in range(entries):
        log.append(APPROVED, n)
    return log


def test_entries_come_back_and_every_proof_holds(tmp_path: Path) -> None:
    log = filled(tmp_path, 20)
    again = Log(tmp_path)
    assert (again.id, again.size, again.root) == (log.id, 21, log.root)
    for index in range(21):
        leaf = merkle.leaf_hash(encode(again.entry(index)))
        assert merkle.root_from_inclusion(leaf, index, 21, again.inclusion_proof(index)) == again.root
        if index:
            old = merkle.root(again.leaves[:index])
            merkle.check_consistency(index, old, 21, again.root, again.consistency_proof(index))


def test_an_entry_that_was_interrupted_is_cut_off_and_the_log_goes_on(tmp_path: Path) -> None:
    log = filled(tmp_path, 3)
    path = tmp_path / "entries"
    whole = path.read_bytes()
    for torn_end in (b"\x00", b"\x00\x00\x00\x09", bytes(100), b"\x00\x00\x00\xff" + b"\x82" * 200):
        path.write_bytes(whole + torn_end)
        torn = Log(tmp_path)
        assert torn.root == log.root
    assert torn.append(APPROVED, 3) == 4
    assert Log(tmp_path).size == 5


def test_the_same_entry_is_not_logged_twice(tmp_path: Path) -> None:
    log = filled(tmp_path, 2)
    entry = encode([APPROVED, "once"])
    assert log.append_raw(entry) == log.append_raw(entry) == 3
    assert Log(tmp_path).append_raw(entry) == 3


def test_two_logs_are_never_the_same_log(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert filled(tmp_path / "a", 0).id != filled(tmp_path / "b", 0).id


def test_a_checkpoint_is_signed_over_the_head(tmp_path: Path) -> None:
    log = filled(tmp_path, 2)
    fields = objects.read(cose.CHECKPOINT, log.checkpoint(STATION, 77))[1]
    assert (fields["log"], fields["size"], fields["root"], fields["utc"]) == (log.id, 3, log.root, 77)


def test_an_empty_or_damaged_log_is_not_silently_begun_anew(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    (tmp_path / "entries").write_bytes(b"")
    with pytest.raises(SealdockError, match="the station's log is gone"):
        Log(tmp_path)
    (tmp_path / "entries").write_bytes(b"\xff\xff\xff\xff1234")
    with pytest.raises(SealdockError, match="damaged"):
        Log(tmp_path)


def test_an_entry_that_is_no_list_is_named(tmp_path: Path) -> None:
    log = filled(tmp_path, 1)
    index = log.append_raw(encode(5))
    with pytest.raises(SealdockError, match=f"damaged at entry {index}"):
        log.entry(index)
