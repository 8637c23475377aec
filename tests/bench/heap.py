# SPDX-License-Identifier: Apache-2.0
"""How much of the Cortex-M3's heap the whole recorder leaves free while it records: enrolled, with a profile's whole list of clips.

Live is what a collection leaves. While measuring, one begins after each KiB that was allocated, so that what lives for a moment is found
too; the largest of all of them counts, from the press that begins the session to the press that ends it.
"""

import tempfile
from pathlib import Path

from tests.bench.results import Figures
from tests.board_table import BoardTable

HEAP_BYTES = 136 * 1024
_SECONDS = 30
_LOOK = """
import asyncio, mps2
gc.threshold(1024)
async def look():
    while True:
        mps2.heap()
        await asyncio.sleep_ms(500)
        print("trace heap", *mps2.heap())
asyncio.create_task(look())
"""


def measure(firmware: Path) -> Figures:
    with tempfile.TemporaryDirectory() as folder, BoardTable(Path(folder), firmware) as table:
        table.enrol()
        told = table.record(_SECONDS, before=_LOOK)
    waiting = [int(event[2]) for event in table.waiting if event[0] == "heap"]
    stopped = [event[0] for event in told].index("interrupted")
    sealed = [event for event in told[:stopped] if event[0] == "sealed"]
    if len(sealed) < _SECONDS // 5:
        raise RuntimeError(f"only {len(sealed)} segments were sealed")
    recording = max(int(event[2]) for event in told[:stopped] if event[0] == "heap")
    return {
        "heap.waiting.bytes": waiting[-1],
        "heap.recording.bytes": recording,
        "heap.free.fraction": 1 - recording / HEAP_BYTES,
    }
