# SPDX-License-Identifier: Apache-2.0
"""How much of the Cortex-M3's heap the whole recorder leaves free. So far only while it waits to be enrolled: see the decision."""

import tempfile
from pathlib import Path

from sealsim.qemu.recorder import BoardRecorder
from tests.bench.results import Figures

HEAP_BYTES = 136 * 1024
_LOOK = """
import asyncio, mps2
async def look():
    await asyncio.sleep_ms(5000)
    mps2.heap()
    await asyncio.sleep_ms(20000)
    gc.collect()
    print("trace heap", *mps2.heap())
asyncio.create_task(look())
"""


def measure(firmware: Path) -> Figures:
    with tempfile.TemporaryDirectory() as folder, BoardRecorder(Path(folder), firmware) as recorder:
        recorder.start(before=_LOOK)
        live = int(recorder.wait_for("heap")[1])
    return {"heap.waiting.bytes": live, "heap.waiting.free.fraction": 1 - live / HEAP_BYTES}
