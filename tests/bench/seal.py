# SPDX-License-Identifier: Apache-2.0
"""What a signature costs on the Cortex-M3. docs/design.md, section 14."""

from pathlib import Path

from sealsim.qemu import Machine
from tests.bench.results import Figures

ON_BOARD = Path(__file__).parent / "on_board"
_LIMIT_S = 300
_SHA512_BYTES = 16384  # on_board/seal.py


def measure(firmware: Path) -> Figures:
    with Machine(firmware) as machine:
        found = told(machine.run((ON_BOARD / "seal.py").read_text(encoding="utf-8"), _LIMIT_S))
    return {
        "seal.portable.minstr": (found["full"] - found["verification"]) / 1e6,
        "seal.full.portable.minstr": found["full"] / 1e6,
        "seal.fast.minstr": None,
        "seal.full.fast.minstr": None,
        "seal.key.minstr": found["key"] / 1e6,
        "sha512.instr_per_byte": found["sha512"] / _SHA512_BYTES,
    }


def told(output: str) -> dict[str, int]:
    """Lines of a name and a number."""
    return {line.split()[0]: int(line.split()[1]) for line in output.splitlines()}
