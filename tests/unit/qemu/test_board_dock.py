# SPDX-License-Identifier: Apache-2.0
"""A docking that fails for want of memory gives back all that it took: the same recorder docks again, without a restart.

MicroPython's queue of tasks leaves stale links between them, by which tasks that have ended may stay in memory. Here every task stays.
"""

import time
from pathlib import Path

import pytest
from tests.board_table import BoardTable

from sealdock import enrol
from sealdock.link.line import LinkLost
from sealdock.station import Station
from sealdock.sync import run_sync
from sealdock.sync.line import LineDock
from sealsim.qemu import firmware

FAILURES = 3
FAIL = """
import asyncio, sys
from sealcam import visitors
from sealcam.dock import plug
plug._AWAY_LOOKS = 4
bring = visitors.bring
left = {failures}
async def fail(self, call, fields):
    raise MemoryError("as the test wants it")
def failing(name):
    global left
    found = bring(name)
    if name == "sealcam.dock.dock" and left:
        left -= 1
        sys.modules["sealcam.dock.read"].Reading.status = fail
    return found
visitors.bring = failing
create, kept = asyncio.create_task, []
def keep(coroutine):
    kept.append(create(coroutine))
    del kept[:-20]
    return kept[-1]
asyncio.create_task = keep
async def look():
    while True:
        gc.collect()
        print("trace live", gc.mem_alloc())
        await asyncio.sleep_ms(200)
asyncio.create_task(look())
"""
LEFT_BYTES = 6144  # of a docking, when all its tasks stay; whole it has four times as much
SETTLED_S = 3  # longer than the cable may be out unnoticed


def live(table: BoardTable) -> int:
    """Bytes live, told last: some time from now, when what ended has gone."""
    until = time.monotonic() + SETTLED_S
    while time.monotonic() < until:
        found = table.recorder.wait_for("live")
    return int(found[0])


def test_a_recorder_docks_again_after_it_had_no_memory_for_it(tmp_path: Path) -> None:
    with BoardTable(tmp_path, firmware()) as table:
        table.enrol()
        url = table.dock(before=FAIL.format(failures=FAILURES))
        table.recorder.unplug()
        table.recorder.wait_for("hears")
        before = live(table)
        for _ in range(FAILURES):
            table.recorder.plug()
            with Station.open(table.home, write=True) as station, pytest.raises(LinkLost), enrol.dock(station, url) as client:
                run_sync(station, LineDock(client))
            table.recorder.wait_for("failed")
            table.recorder.unplug()
        time.sleep(SETTLED_S)
        assert live(table) - before < FAILURES * LEFT_BYTES
        table.recorder.plug()
        with Station.open(table.home, write=True) as station, enrol.dock(station, url) as client:
            result = run_sync(station, LineDock(client))
    assert not result.problems and result.receipt is not None
