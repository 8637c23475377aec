# SPDX-License-Identifier: Apache-2.0
"""What sound costs on the Cortex-M3, as a part of a processor of 150 MHz that takes one cycle an instruction."""

from pathlib import Path

from sealsim.qemu import Machine
from tests.bench.results import Figures
from tests.bench.seal import ON_BOARD, told

_LIMIT_S = 300
CYCLES = 150e6


def measure(firmware: Path) -> Figures:
    with Machine(firmware) as machine:
        found = told(machine.run((ON_BOARD / "sound.py").read_text(encoding="utf-8"), _LIMIT_S))
    return {
        "adpcm.cpu.fraction": found["adpcm"] / CYCLES,
        "relay.hunting.cpu.fraction": found["hunting"] / CYCLES,
        "relay.locked.cpu.fraction": found["locked"] / CYCLES,
        "relay.listener.bytes": found["listener_bytes"],
    }
