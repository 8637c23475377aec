# SPDX-License-Identifier: Apache-2.0
"""What a boot on the Cortex-M3 spends on a shift's chain: docs/decisions/0012-a-boot-reads-what-is-new.md."""

import tempfile
from pathlib import Path

from sealsim.qemu import Machine
from sealsim.qemu.chips import new_chips
from tests.bench.results import Figures
from tests.bench.seal import source, told

_LIMIT_S = 600


def measure(firmware: Path) -> Figures:
    with tempfile.TemporaryDirectory(prefix="sealdock-boot-") as folder:
        chips = Path(folder) / "chips.bin"
        new_chips(chips)
        with Machine(firmware, chips=chips) as machine:
            found = told(machine.run(source("boot.py"), _LIMIT_S))
    return {"boot.chain.minstr": found["known"] / 1e6, "boot.chain.whole.minstr": found["whole"] / 1e6, "boot.chain.bytes": found["bytes"]}
