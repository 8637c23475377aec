# SPDX-License-Identifier: Apache-2.0
"""Signed objects: the golden vectors read alike on both interpreters, and no changed byte goes unnoticed."""

import json

from sealproto import cbor, cose, objects, records, shape
from sealproto.cbor import decode, encode
from sealproto.shape import ShapeError, pack, unpack

with open("protocol/vectors/objects.json") as file:
    VECTORS = json.load(file)


def rows():
    return [(row["name"], bytes.fromhex(row["bytes"])) for row in VECTORS["objects"]]


def test_golden_objects_come_back_byte_for_byte():
    for name, raw in rows():
        message = cose.parse(raw)
        assert encode(decode(message.payload)) == message.payload, name
        assert cose.sign1(message.content_type, message.kid, message.payload, lambda _, m=message: m.signature) == raw


def test_golden_records_are_understood():
    seen = set()
    for name, raw in rows():
        if name.startswith("record "):
            record = records.Record(raw)
            assert record.understood and record.name == name[len("record ") :] and record.seq == record.type
            assert records.place(raw) == (record.seq, record.type)
            given = {k: v for k, v in record.fields.items() if v is not None or _nullable(record, k)}
            assert records.body(record.type, **given) == record.body
            seen.add(record.type)
    assert seen == set(range(len(records.NAMES)))


def test_the_place_of_what_is_no_record_is_refused():
    message = cose.sign1(cose.RECORD, bytes(8), b"", lambda _: bytes(64))
    try:
        records.place(message.replace(b"\xa0\x40\x58", b"\xa0\x00\x58"))
    except records.RecordError:
        return
    raise AssertionError("a payload that is no byte string")


def _nullable(record, name):
    kinds = dict(records.BODIES[record.type])
    return kinds[name].endswith("~")


def test_other_objects_read_by_their_kind_only():
    for name, raw in rows():
        kind = cose.parse(raw).content_type
        for content_type in objects.TABLES:
            try:
                objects.read(content_type, raw)
            except objects.ObjectError:
                assert content_type != kind, name
            else:
                assert content_type == kind, name


def test_unknown_type_key_and_version_are_not_understood():
    body = records.body(records.ROTATE_KEY, epoch=1, key=bytes(32), reason=0)
    for record_type, fields in ((records.ROTATE_KEY, with_key(body, 20)), (200, body), (records.ROTATE_KEY, {0: 1})):
        payload = records.payload(bytes(32), 1, bytes(32), 0, 5, None, record_type, fields)
        record = records.Record(cose.sign1(cose.RECORD, bytes(8), payload, lambda _: bytes(64)))
        assert not record.understood


def test_a_payload_is_the_envelope_of_its_table():
    body = records.body(records.ROTATE_KEY, epoch=1, key=bytes(32), reason=0)
    for seq, boot, ms, utc in ((0, 0, 0, None), (23, 24, 255, [1, 2, 3]), (65536, 2**32, 2**40, (1_781_000_000_000, 1, 20))):
        table = shape.pack(
            records.ENVELOPE,
            version=1,
            chain=b"c" * 32,
            seq=seq,
            prev=b"p" * 32,
            boot=boot,
            ms=ms,
            utc=utc,
            type=records.ROTATE_KEY,
            body=body,
        )
        assert records.payload(b"c" * 32, seq, b"p" * 32, boot, ms, utc, records.ROTATE_KEY, body) == cbor.encode(table)


def test_a_payload_of_the_wrong_kind_is_refused():
    right = (bytes(32), 1, bytes(32), 0, 5, None, records.ROTATE_KEY, {})
    for place, value in ((0, bytes(31)), (2, bytes(33)), (1, -1), (3, -1), (4, -5), (6, -1), (5, 7), (5, "now"), (7, None), (7, [])):
        wrong = list(right)
        wrong[place] = value
        try:
            records.payload(*wrong)
        except shape.ShapeError:
            continue
        raise AssertionError(place)


def with_key(body, key):
    wider = dict(body)
    wider[key] = 1
    return wider


def test_form_is_one():
    raw = rows()[0][1]
    for at in range(0, len(raw) - 64):
        for flip in (1, 0x20, 0x80):
            changed = raw[:at] + bytes([raw[at] ^ flip]) + raw[at + 1 :]
            try:
                message = cose.parse(changed)
            except cose.CoseError:
                continue
            again = cose.sign1(message.content_type, message.kid, message.payload, lambda _, m=message: m.signature)
            assert again == changed


def test_shape_refuses():
    table = (("a", "u"), ("b", "b32~"), ("c", "t-"))
    assert unpack(table, pack(table, a=1, b=None)) == ({"a": 1, "b": None, "c": None}, [])
    assert unpack(table, {0: 1, 1: bytes(32), 2: "x", 9: 0})[1] == [9]
    for values in (
        {"a": -1, "b": None},
        {"a": True, "b": None},
        {"a": 1},
        {"a": 1, "b": b"x"},
        {"a": 1, "b": None, "c": None},
        {"a": 1, "b": None, "d": 0},
    ):
        try:
            pack(table, **values)
        except ShapeError:
            continue
        raise AssertionError(values)
