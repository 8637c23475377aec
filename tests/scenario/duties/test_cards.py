# SPDX-License-Identifier: Apache-2.0
"""Cards that are slow, unreadable, swapped or foreign, and a switch that is silent: recording goes on where it can, and each is signed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sealdock.station import Station
from sealproto import codes
from sealproto import records as rec
from sealsim.hardware import MIB, new_card
from sealsim.recorder import MARK, RECORD
from sealsim.scenario.stage import Stage
from tests.scenario.duties.test_self_test import docked, faults, said, stage

__all__ = ["stage"]

SWITCH, CARD = 10, 14  # sealcam.faults


def record(stage: Stage, ms: int = 12_000) -> None:
    stage.active.press(RECORD)
    stage.active.run_for(ms)


def end(stage: Stage) -> None:
    record(stage, 3000)
    stage.active.press(MARK)
    stage.active.run_for(2000)


def test_a_switch_that_does_not_answer_is_signed_once(stage: Stage) -> None:
    record(stage)
    stage.active.op("card", switch=True)
    stage.active.run_for(12_000)
    end(stage)
    stage.active.op("card", switch=False)
    stage.active.run_for(3000)
    signed = docked(stage)
    assert faults(signed) == [SWITCH]
    assert [fields["fact"] for fields in signed(rec.INTERRUPT)] == [codes.FACT_STOP_PRESSED]
    assert sum(fields["samples"] for fields in signed(rec.SEGMENT)) > 22 * 16_000


def test_a_card_that_fails_while_the_switch_is_silent_ends_the_recording(stage: Stage) -> None:
    record(stage)
    stage.active.op("card", switch=True, fault="write")
    stage.active.run_for(8000)
    stage.active.op("card", switch=False, fault=None)
    stage.active.run_for(2000)
    signed = docked(stage)
    assert [fields["fact"] for fields in signed(rec.INTERRUPT)] == [codes.FACT_CARD_FAILING]
    assert set(faults(signed)) <= {SWITCH}


def test_a_slow_card_loses_nothing_that_is_not_counted(stage: Stage) -> None:
    stage.active.op("card", slow_ms=250)  # as long as the standard lets a card be busy
    record(stage, 30_000)
    end(stage)
    stage.active.op("card", slow_ms=0)
    signed = docked(stage)
    segments = signed(rec.SEGMENT)
    assert [fields["fact"] for fields in signed(rec.INTERRUPT)] == [codes.FACT_STOP_PRESSED] and faults(signed) == []
    heard = sum(fields["samples"] + fields["lost_samples"] for fields in segments)
    assert abs(heard - 30 * 16_000) < 2 * 16_000
    assert [fields["first_sample"] for fields in segments] == [
        sum(fields["samples"] for fields in segments[:number]) for number in range(len(segments))
    ]


def test_a_card_that_cannot_be_read_is_no_proof_of_what_was_written(stage: Stage) -> None:
    record(stage)
    stage.active.op("card", fault="read")
    stage.active.run_for(8000)
    stage.active.op("card", fault=None)
    record(stage, 8000)
    end(stage)
    facts = [fields["fact"] for fields in docked(stage)(rec.INTERRUPT)]
    assert facts == [codes.FACT_CARD_FAILING, codes.FACT_STOP_PRESSED]


@pytest.fixture(params=["blank", "of another recorder"])
def wrong_card(request: pytest.FixtureRequest, stage: Stage, tmp_path: Path) -> Path:
    path = tmp_path / "wrong.bin"
    if request.param == "blank":
        new_card(path, 96 * MIB)
    else:
        own = (stage.active.home / "card.bin").read_bytes()
        with Station.open(stage.home) as station:
            (row,) = station.archive.recorders()
        assert row.chain in own, "the card names the chain that it belongs to"
        path.write_bytes(own.replace(row.chain, bytes(31) + b"x"))
    return path


def put_in(stage: Stage, wrong_card: Path, known_ms: int = 0) -> None:
    """It is told once, and refused; from `known_ms` on nothing is written on it."""
    before = wrong_card.read_bytes()
    told = len(said(stage))
    stage.active.insert_card(wrong_card)
    if known_ms:
        stage.active.run_for(known_ms)
        before = wrong_card.read_bytes()
    stage.active.run_for(8000)
    assert len(said(stage)) == told + 1
    record(stage, 8000)  # refused
    assert wrong_card.read_bytes() == before, "nothing is written on another's card once it is known as such"


def put_back(stage: Stage) -> Callable[[int], list[dict[str, Any]]]:
    """The own card, and with it a recording; what was signed until then."""
    stage.active.insert_card()
    stage.active.run_for(3000)
    record(stage)
    end(stage)
    signed = docked(stage)
    assert faults(signed) == [CARD]
    return signed


def test_a_card_that_was_swapped_is_told_at_once_and_the_own_one_goes_on(stage: Stage, wrong_card: Path) -> None:
    record(stage)
    stage.active.remove_card()
    stage.active.run_for(3000)
    put_in(stage, wrong_card)
    stage.active.remove_card()
    stage.active.run_for(3000)
    signed = put_back(stage)
    assert [fields["fact"] for fields in signed(rec.INTERRUPT)] == [codes.FACT_CARD_REMOVED, codes.FACT_STOP_PRESSED]
    assert len(signed(rec.RESUME)) == 1 and signed(rec.PREFLIGHT)[-1]["occasion"] == codes.OCCASION_RESUME


def test_a_card_swapped_in_an_instant_is_noticed(stage: Stage, wrong_card: Path) -> None:
    """Its switch, asked once a second, never says that it was out."""
    record(stage)
    put_in(stage, wrong_card, known_ms=2500)
    signed = put_back(stage)
    assert [fields["fact"] for fields in signed(rec.INTERRUPT)] == [codes.FACT_CARD_REMOVED, codes.FACT_STOP_PRESSED]
    numbers = [fields["number"] for fields in signed(rec.SEGMENT)]
    assert numbers == sorted(set(numbers)) and sum(fields["samples"] for fields in signed(rec.SEGMENT)) > 10 * 16_000


def test_a_card_swapped_in_an_instant_between_two_recordings(stage: Stage, wrong_card: Path) -> None:
    put_in(stage, wrong_card)
    signed = put_back(stage)
    assert len(signed(rec.SESSION_OPEN)) == 1
    assert [fields["fact"] for fields in signed(rec.INTERRUPT)] == [codes.FACT_STOP_PRESSED]
