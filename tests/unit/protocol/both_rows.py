# SPDX-License-Identifier: Apache-2.0
"""Rows of a long array are taken one by one, as strictly as decode() takes the whole."""

from sealproto import VERSION, cose, objects
from sealproto.cbor import CborError, decode, decode_rows, encode

VALUE = {0: 1, 1: "x", 3: [[7, b"a"], [8, b""], 9] + list(range(30)), 4: b"end"}
KEY = 3
CLIPS = [[0, 100, 50, bytes(16)], [1, 10, 5, bytes(16)]]


def rows_of(data):
    taken = []
    counts = []
    rest = decode_rows(data, KEY, lambda count: counts.append(count) or taken.append)
    return rest, taken, counts


def refused(data):
    try:
        rows_of(data)
    except CborError:
        return True
    return False


def test_rows_are_those_of_the_array():
    rest, taken, counts = rows_of(encode(VALUE))
    assert taken == VALUE[KEY] and counts == [len(taken)]
    assert rest == {0: 1, 1: "x", 3: (), 4: b"end"}
    assert rows_of(encode({0: 1})) == ({0: 1}, [], [])


def test_what_decode_refuses_is_refused():
    data = encode(VALUE)
    for at in range(len(data)):
        assert refused(data[:at])
        for byte in range(256):
            changed = data[:at] + bytes([byte]) + data[at + 1 :]
            try:
                whole = decode(changed)
            except CborError:
                assert refused(changed)
                continue
            if isinstance(whole, dict) and isinstance(whole.get(KEY, []), list):
                assert rows_of(changed)[1] == whole.get(KEY, [])
            else:
                assert refused(changed)
    assert refused(data + b"\x00") and refused(b"\xa1\x03\x9a\xff\xff\xff\xff") and refused(b"\xa1\x03\x98\x17" + bytes(23))


def test_an_object_is_read_by_rows():
    fields = {"profile": "x", "rate": 16000, "clips": CLIPS, "blob": bytes(32)}
    raw = objects.make(cose.PROMPTS, bytes(8), lambda _: bytes(64), **fields)
    taken = []
    found = objects.read_rows(cose.parse(raw), lambda count: taken.append)
    assert taken == CLIPS and found["version"] == VERSION and found["blob"] == bytes(32)


def test_an_object_of_another_version_or_shape_is_refused():
    for payload in ({0: 2, 1: "x", 2: 1, 3: [], 4: bytes(32)}, {0: 1, 1: "x", 2: 1, 3: [], 4: bytes(32), 5: 0}, {0: 1}, {9: {}, 3: 1}):
        message = cose.parse(cose.sign1(cose.PROMPTS, bytes(8), encode(payload), lambda _: bytes(64)))
        try:
            objects.read_rows(message, lambda count: print)
        except objects.ObjectError:
            continue
        raise AssertionError(payload)
