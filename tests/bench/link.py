# SPDX-License-Identifier: Apache-2.0
"""What the recorder's end of the line costs on the Cortex-M3, in instructions a byte of media."""

from pathlib import Path

from tests.bench.results import Figures
from tests.bench.seal import on_board, source, told

_LEAF_BYTES, _PAYLOAD = 16384, 4096  # on_board/link.py


def measure(firmware: Path) -> Figures:
    found = told(on_board(firmware, source("link.py")))
    return {
        "link.instr_per_byte": found["leaf"] / _LEAF_BYTES,
        "link.crc.instr_per_byte": found["crc"] / _PAYLOAD,
        "link.cobs.instr_per_byte": found["cobs"] / _PAYLOAD,
    }
