# SPDX-License-Identifier: Apache-2.0
"""Internal flash fills up before the card does: it is told in time, signed as what it is, and a station still takes everything."""

import errno
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sealdock.cli.sync import sync_port
from sealdock.station import Station
from sealdock.sync import Quiet
from sealproto import clips, codes
from sealproto import records as rec
from sealproto.profile_keys import CHECK_FLASH
from sealsim import reel
from sealsim.hardware import LEAF_BLOCK, MIB, Hardware
from sealsim.recorder import RECORD, Recorder
from tests.faults.table import SLOT_LEAVES, Table

FILL = Path(__file__).with_name("app_fill.py")
ROOM_BYTES = 24_000  # until recording must stop: at most sixty segments, where the card has room for more than a hundred


class Roomy(Table):
    """Its card outlasts its flash."""

    @staticmethod
    def _recorder(folder: Path, number: int) -> Recorder:
        hardware = Hardware(card_bytes=40 * MIB, slot_bytes=SLOT_LEAVES * LEAF_BLOCK)
        made = Recorder.create(folder, hardware, reel=reel.quiet())
        made.start()
        made.run_for(1500)
        return made


@pytest.fixture
def table(micropython: Path, tmp_path: Path) -> Iterator[Table]:
    made = Roomy(tmp_path, 1)
    yield made
    made.close()


def with_reserve(table: Table, stop_bytes: int) -> Recorder:
    """The recorder started anew, as a board that keeps so many bytes of flash free."""
    old = table.recorders[0]
    old.close()
    path = old.home / "hardware.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "flash_free_stop_bytes": stop_bytes}))
    recorder = table.recorders[0] = Recorder(old.home, reel=reel.quiet(), world=old.world)
    recorder.start()
    recorder.run_for(3000)
    return recorder


def sync(table: Table) -> list[rec.Record]:
    """All records that the station has afterwards."""
    (recorder,) = table.recorders
    url = recorder.plug()
    recorder.real()
    with Station.open(table.home, write=True) as station:
        result = sync_port(station, url, Quiet())  # type: ignore[arg-type]
        assert result.problems == []
        found = [rec.Record(raw) for raw in station.archive.records(result.chain)]
    recorder.gate()
    recorder.unplug()
    recorder.run_for(2000)
    return found


def free_bytes(found: list[rec.Record]) -> int:
    """Of flash, at the last session's silent check."""
    opened = [r.fields for r in found if r.type == rec.SESSION_OPEN and r.fields]
    return int(next(value for item, _, value in opened[-1]["check"] if item == CHECK_FLASH))


def test_a_full_flash(table: Table) -> None:
    table.record(table.recorders[0], 6000)
    sync(table)
    table.record(with_reserve(table, 256 * 1024), 6000)  # what enrolling left behind is gone after a boot
    free = free_bytes(sync(table))
    recorder = with_reserve(table, free - ROOM_BYTES)
    recorder.press(RECORD, 300)
    recorder.run_for(600_000)
    told = [event["details"] for event in recorder.events if event.name == "trace" and event["what"] == "event"]
    assert [details for details in told if "slots-low" in details]
    found = sync(table)
    table.check()
    stop = [r.fields for r in found if r.type == rec.INTERRUPT and r.fields][-1]
    assert (stop["fact"], stop["measured"].get(rec.MEASURED_ERROR)) == (codes.FACT_SLOTS_EXHAUSTED, errno.ENOSPC), stop
    assert 5 <= stop["segments"] < 70


def test_what_is_left_of_flash_is_for_the_station(table: Table) -> None:
    table.record(table.recorders[0], 6000)
    free = free_bytes(sync(table))
    recorder = with_reserve(table, 3 * free)  # as if nearly all were used up
    recorder.press(RECORD, 300)
    recorder.run_for(1_500_000)  # in which the key would change twice
    found = sync(table)
    boot = max(at for at, record in enumerate(found) if record.type == rec.BOOT)
    after = [record.type for record in found[boot + 1 :]]
    assert rec.ROTATE_KEY not in after and rec.SESSION_OPEN not in after
    assert len(after) < 12


def filled(table: Table, micropython: Path) -> Recorder:
    """The recorder switched off, all that is left of its flash used up, and switched on again."""
    old = table.recorders[0]
    old.close()
    done = subprocess.run(
        [str(micropython), str(FILL), str(old.home / "flash.bin")], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(done.stdout) > 100_000
    recorder = table.recorders[0] = Recorder(old.home, reel=reel.quiet(), world=old.world)
    recorder.start()
    recorder.run_for(8000)
    return recorder


def said(recorder: Recorder) -> list[list[str]]:
    return [event["details"][0].split() for event in recorder.events if event.name == "trace" and event["what"] == "say"]


@pytest.mark.parametrize("cut", [False, True], ids=["idle", "cut off while recording"])
def test_a_flash_without_any_room_at_power_on(table: Table, micropython: Path, cut: bool) -> None:
    """Not even the boot can be signed. It says why it cannot record; a station takes everything and makes it work again."""
    table.record(table.recorders[0], 6000)
    sync(table)  # whose receipt leaves the spare file behind
    recorder = with_reserve(table, 8192)
    recorder.press(RECORD, 300)
    recorder.run_for(12_000)
    if not cut:
        recorder.press(RECORD, 300)
        recorder.run_for(30_000)  # nobody says why: the question is answered with that
    recorder.power_cut()
    recorder = filled(table, micropython)
    traced = [event["what"] for event in recorder.events if event.name == "trace"]
    assert "flash-full" in traced and "hard-fault" not in traced
    sentence = [str(n) for n in (clips.CAUSE_BASE + codes.CAUSE_STORAGE_FULL, clips.COMMA, clips.CANNOT_RECORD, clips.COMMA)]
    assert [words[:4] for words in said(recorder)] == [sentence], "by itself"
    recorder.press(RECORD, 300)
    recorder.run_for(6000)
    assert [words[:4] for words in said(recorder)] == [sentence] * 2
    found = sync(table)
    assert [record.seq for record in found] == list(range(len(found)))
    boots = [record for record in found if record.type == rec.BOOT]
    assert boots[-1].boot == boots[-2].boot + 1 and len([r for r in boots if r.boot == boots[-1].boot]) == 1
    if cut:
        stop = next(r.fields for r in found[found.index(boots[-1]) :] if r.type == rec.INTERRUPT and r.fields)
        assert stop["fact"] == codes.FACT_POWER_LOST and stop["at_next_boot"]
    table.check()
    before = len([record for record in found if record.type == rec.SEGMENT])
    recorder.press(RECORD, 300)
    recorder.run_for(12_000)
    recorder.press(RECORD, 300)
    recorder.run_for(30_000)
    again = sync(table)
    assert len([record for record in again if record.type == rec.SEGMENT]) >= before + 2
    table.check()


def test_a_refusal_for_want_of_flash_says_so(table: Table) -> None:
    table.record(table.recorders[0], 6000)
    free = free_bytes(sync(table))
    recorder = with_reserve(table, 2 * free)
    told = len(said(recorder))
    recorder.press(RECORD, 300)
    recorder.run_for(6000)
    assert said(recorder)[told][0] == str(clips.CAUSE_BASE + codes.CAUSE_STORAGE_FULL)
