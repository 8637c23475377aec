# SPDX-License-Identifier: Apache-2.0
"""What the recording path costs beside the C calls in it, on the Cortex-M3.

docs/decisions/0010-recorder-on-a-cortex-m3.md has what was tried.
"""

import tempfile
from pathlib import Path

from sealsim.qemu import Machine
from sealsim.qemu.chips import new_chips
from tests.bench.results import Figures
from tests.bench.seal import source, told

_LIMIT_S = 120


def measure(firmware: Path) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        chips = Path(folder) / "chips.bin"
        new_chips(chips)
        with Machine(firmware, chips=chips) as machine:
            found = told(machine.run(source("path.py"), _LIMIT_S))
    return {
        "path.cortex_m3.ratio": found["path"] / found["hash"],
        "path.cortex_m3.block_instr": found["call"],
        "path.cortex_m3.allocated_bytes": found["allocated"],
    }
