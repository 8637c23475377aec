# SPDX-License-Identifier: Apache-2.0
"""A change anywhere in a package is found: in every region of every file, in every item of every sequence, in every field of every record.

The manifest is left as it was where an attacker without the station's key edits bytes, and is signed anew where one with it edits
records: the chain must then find the change by itself.
"""

import functools
from collections.abc import Iterator

import pytest
from tests.packages import Made, split
from tests.quick import remembering
from tests.unit.verify.attacks import bent, other, resign, rewrite_from, unsigned

from sealdock.verify import verify_files
from sealproto import records
from sealproto import records as rec


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with remembering():
        yield


REGIONS = 14  # of each file; more are made where it holds several items


@functools.cache
def story() -> Made:
    return Made().story()


@functools.cache
def everything() -> Made:
    return Made().everything()


def offsets(name: str, data: bytes) -> list[int]:
    """First and last byte, a byte of each region, and the ends of each item of a sequence."""
    spots = {0, len(data) - 1, *range(0, len(data), max(1, len(data) // REGIONS))}
    if name in ("records.cbor", "certificates.cbor", "profile.cbor", "prompts.cbor"):
        at = 0
        for item in split(data):
            spots |= {at, at + 3, at + len(item) // 2, at + len(item) - 1}
            at += len(item)
    return sorted(spots & set(range(len(data))))


@pytest.mark.parametrize("name", sorted(Made().story().files()))
def test_byte_of_every_region(name: str) -> None:
    original = story().files()
    for at in offsets(name, original[name]):
        data = bytearray(original[name])
        data[at] ^= 1 << at % 8
        verdict = verify_files({**original, name: bytes(data)}, story().root)
        assert verdict.total in ("not-authentic", "unreadable"), (name, at)
        assert any(f.file == name or name == "certificates.cbor" for f in verdict.findings), (name, at)


@pytest.mark.parametrize("name", sorted(Made().story().files()))
def test_file_cut_lengthened_emptied_or_gone(name: str) -> None:
    original = story().files()
    data = original[name]
    for changed in (data[:-1], data + b"\0", b"", data + data, None):
        files = {**original, name: changed} if changed is not None else {n: d for n, d in original.items() if n != name}
        assert not verify_files(files, story().root).good, (name, len(changed or b""))


def fields() -> list[tuple[int, str]]:
    """(type, field) of every body, and of the envelope as type -1."""
    bodies = [(number, name) for number, table in rec.BODIES.items() for name, _ in table]
    return bodies + [(-1, name) for name, _ in rec.ENVELOPE]


@functools.cache
def index_of(record_type: int) -> int:
    """Where the last record of a type stands in everything()'s records.cbor; of the envelope, a mark's."""
    wanted = rec.MARK if record_type < 0 else record_type
    parsed = [rec.Record(raw) for raw in split(everything().files()["records.cbor"])]
    found = [n for n, record in enumerate(parsed) if record.type == wanted]
    assert found, records.NAMES[wanted]
    return found[-1]


@pytest.mark.parametrize(("record_type", "name"), fields())
def test_field_changed_without_signing(record_type: int, name: str) -> None:
    """The signature stays: it no longer fits, and nothing of the record is believed. The manifest is signed anew."""
    made = everything()
    files = made.files()
    items = split(files["records.cbor"])
    at = index_of(record_type)
    items[at] = unsigned(items[at], record_type, name)
    files["records.cbor"] = b"".join(items)
    made.sign(files)
    verdict = verify_files(files, made.root)
    assert verdict.integrity != "intact"
    assert any(f.code in ("record-signature", "record-unreadable", "genesis-wrong") for f in verdict.findings)


@pytest.mark.parametrize("record_type", [t for t in rec.BODIES if t != rec.GENESIS])
def test_field_changed_and_signed_by_the_recorder(record_type: int) -> None:
    """A thief of the recorder signs each changed record with the right key and all that follows too: the receipt still tells."""
    made = everything()
    at = index_of(record_type)
    original = made.files()
    record = rec.Record(split(original["records.cbor"])[at])
    if at == len(split(original["records.cbor"])) - 1:
        return  # the receipt itself: whoever can sign another one is the station
    for name, kind in rec.BODIES[record_type]:
        files = dict(original)
        assert record.fields
        body = bent(record, **{name: other(kind, record.fields[name])})
        rewrite_from(made, files, at, resign(record.raw, made.builder.signers[record.seq], body=body))
        made.sign(files)
        assert not verify_files(files, made.root).good, (records.NAMES[record_type], name)


def test_session_with_every_type_of_record_is_good() -> None:
    verdict = verify_files(everything().files(), everything().root)
    assert verdict.total == "authentic-with-explained-gaps", verdict.findings
    seen = {rec.Record(raw).type for raw in split(everything().files()["records.cbor"])}
    assert seen == set(rec.BODIES)
