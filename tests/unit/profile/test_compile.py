# SPDX-License-Identifier: Apache-2.0
"""What the recorder gets of a profile."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from sealdock import profile
from sealproto import cbor, codes, profile_keys
from sealproto.shape import ShapeError


def compiled(name: str) -> dict:
    return profile_keys.read(cbor.decode(cbor.encode(profile.compile(profile.load(name)))))


@pytest.mark.parametrize("name", profile.names())
def test_fits_and_comes_back(name: str) -> None:
    data = profile.compile(profile.load(name))
    assert len(cbor.encode(data)) < 600
    own = compiled(name)
    assert own["id"] == name and own["tz_minutes"] == 480
    assert own["announce"]["wording_hash"] == hashlib.sha256(own["announce"]["wording"].encode()).digest()
    assert own["announce"]["order"] in own["announce"]["orders"]


def test_luoping() -> None:
    own = compiled("luoping")
    assert own["interrupted"] == "中止" and own["stored"] == "储存"
    assert own["announce"]["moment"] == profile_keys.MOMENT_DURING and own["announce"]["prescribed"]
    assert own["interruption"]["cannot"]["title"] == "分管行政执法的局领导"
    assert own["interruption"]["cannot"]["immediately"]
    assert own["store"] == {"kind": profile_keys.STORE_WORKING_DAYS, "left": 7, "handover_counts": False}
    assert own["fault"] is None and own["relief"] is None
    assert [codes.MARK_ENVIRONMENT, profile_keys.MODALITY_MUST] in own["marks"]
    assert [codes.MARK_REPORTED, profile_keys.MODALITY_NONE] in own["marks"]


def test_where_the_five_differ() -> None:
    own = {name: compiled(name) for name in profile.names()}
    assert own["dalian-ftz"]["place"] == {
        "same_place": profile_keys.SAME_PLACE_FORBIDDEN,
        "say_place": True,
        "place_change_ends": True,
    }
    assert own["wenshang"]["fault"]["title"] == "办公室" and own["wenshang"]["checks"] == [0, 1]
    assert own["changchun"]["relief"] == {"limit_h": 8, "ways": [0, 1]}
    assert own["caofeidian"]["announce"]["urgent"] and not own["luoping"]["announce"]["urgent"]
    assert own["wenshang"]["interruption"]["regime"] == profile_keys.REGIME_SILENT


def test_who_releases_after_a_fault_is_the_bureaus_to_say() -> None:
    silent = profile.load("wenshang")
    assert silent.fault is not None
    decided = replace(silent, fault=replace(silent.fault, release_by=codes.ROLE_OFFICE))
    own = [profile_keys.read(profile.compile(one))["fault"]["release_by"] for one in (silent, decided)]
    assert own == [None, codes.ROLE_OFFICE]


def test_a_fact_proves_what_the_profile_lists() -> None:
    def proven(name: str, fact: int) -> int:
        return profile_keys.proven(compiled(name)["interruption"], fact)

    for name in profile.names():
        assert proven(name, codes.FACT_VOLTAGE_BELOW) == codes.CAUSE_BATTERY_LOW
        for fact in (codes.FACT_POWER_LOST, codes.FACT_CARD_REMOVED, codes.FACT_STOP_PRESSED, codes.FACT_CLOCK_UNSET):
            assert proven(name, fact) == codes.CAUSE_NOT_STATED
    assert proven("luoping", codes.FACT_CARD_FAILING) == codes.CAUSE_DEVICE_FAULT
    assert proven("changchun", codes.FACT_CARD_FAILING) == codes.CAUSE_DEVICE_INOPERABLE


def test_order_depends_on_the_activity_only_where_the_profile_says_so() -> None:
    wenshang, luoping = compiled("wenshang")["announce"], compiled("luoping")["announce"]
    assert profile_keys.order(wenshang, codes.ACTIVITY_PENALTY) == codes.ORDER_ANNOUNCE_RECORD_REPEAT
    assert profile_keys.order(wenshang, codes.ACTIVITY_DAILY_PATROL) == codes.ORDER_ON_REQUEST
    assert profile_keys.order(luoping, codes.ACTIVITY_DAILY_PATROL) == codes.ORDER_RECORD_FIRST


@pytest.mark.parametrize("inner", [None, 6, 7, 8, 11, 12])
def test_unknown_keys_are_refused(inner: int | None) -> None:
    data = profile.compile(profile.load("luoping"))
    (data if inner is None else data[inner])[23] = 1
    with pytest.raises(ShapeError, match="not understood"):
        profile_keys.read(data)


def test_another_schema_is_refused() -> None:
    data = profile.compile(profile.load("luoping"))
    data[0] = 2
    with pytest.raises(ShapeError, match="not understood"):
        profile_keys.read(data)


def test_missing_and_ill_typed_fields_are_refused() -> None:
    for key in range(13):
        data = profile.compile(profile.load("luoping"))
        del data[key]
        with pytest.raises(ShapeError):
            profile_keys.read(data)
        data[key] = b"\x00"
        with pytest.raises(ShapeError):
            profile_keys.read(data)


def test_the_recorders_test_data_is_up_to_date() -> None:
    path = Path(__file__).parent / "compiled.json"
    current = {name: cbor.encode(profile.compile(profile.load(name))).hex() for name in profile.names()}
    assert json.loads(path.read_text(encoding="utf-8")) == current
