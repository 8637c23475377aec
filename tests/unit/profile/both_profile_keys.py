# SPDX-License-Identifier: Apache-2.0
"""Reading compiled profiles, on both interpreters. `compiled.json` is kept up to date by test_compile.py."""

import json

from sealproto import cbor, codes, profile_keys
from sealproto.shape import ShapeError


def compiled():
    with open(__file__.rsplit("/", 1)[0] + "/compiled.json") as file:
        return {name: bytes.fromhex(data) for name, data in json.load(file).items()}


def test_all_five_are_read():
    for name, data in compiled().items():
        profile = profile_keys.read(cbor.decode(data))
        assert profile["id"] == name
        assert cbor.encode(cbor.decode(data)) == data


def test_order_and_proof():
    profile = profile_keys.read(cbor.decode(compiled()["wenshang"]))
    assert profile_keys.order(profile["announce"], codes.ACTIVITY_QUESTIONING) == codes.ORDER_ANNOUNCE_RECORD_REPEAT
    assert profile_keys.order(profile["announce"], codes.ACTIVITY_HEARING) == codes.ORDER_ON_REQUEST
    assert profile_keys.proven(profile["interruption"], codes.FACT_SLOTS_EXHAUSTED) == codes.CAUSE_STORAGE_FULL
    assert profile_keys.proven(profile["interruption"], codes.FACT_POWER_LOST) == codes.CAUSE_NOT_STATED


def test_unknown_key_is_refused():
    data = cbor.decode(compiled()["luoping"])
    data[8][5] = 0
    try:
        profile_keys.read(data)
    except ShapeError:
        return
    raise AssertionError("accepted")
