# SPDX-License-Identifier: Apache-2.0
"""What signatures, key agreement and SHA-512 cost on the Cortex-M3: the portable code and the Thumb-2 code, on one firmware.

docs/decisions/0007-crypto-on-micropython.md has the targets and what was tried.
"""

from pathlib import Path

from sealsim.qemu import Machine
from tests.bench.results import Figures

ON_BOARD = Path(__file__).parent / "on_board"
_LIMIT_S = 300
_SHA512_BYTES = 16384  # on_board/seal.py
_STEP_BYTES = 256
PATHS = {
    "portable": "from sealcam import thumb2\nthumb2.here = lambda: False\n",  # the interpreter passes for one that cannot
    "fast": "",
}
_MILLIONS = {
    "seal.key": "key",
    "seal.verify": "verify",
    "seal.verify_first": "first",
    "x25519.agree": "x25519",
    "x25519.public": "x25519_public",
}


def measure(firmware: Path) -> Figures:
    figures: Figures = {}
    for path, before in PATHS.items():
        found = told(on_board(firmware, before + source("seal.py")))
        figures |= named(path, found) | {f"seal.{path}.ram_bytes": memory(firmware, before)}
    figures["sha512.instr_per_byte"] = figures["sha512.portable.instr_per_byte"]
    return figures


def memory(firmware: Path, before: str) -> int:
    """The least heap, in whole steps, with which a signature comes about; found by trying."""
    least, most = 0, 128 * 1024 // _STEP_BYTES
    while most - least > 1:
        middle = (least + most) // 2
        enough = told(on_board(firmware, f"{before}FREE = {middle * _STEP_BYTES}\n" + source("seal_memory.py")))["enough"]
        least, most = (least, middle) if enough else (middle, most)
    return most * _STEP_BYTES


def on_board(firmware: Path, program: str) -> str:
    """What a program prints on a fresh board."""
    with Machine(firmware) as machine:
        return machine.run(program, _LIMIT_S)


def source(name: str) -> str:
    return (ON_BOARD / name).read_text(encoding="utf-8")


def named(path: str, found: dict[str, int]) -> Figures:
    """The figures of one path."""
    figures: Figures = {f"{name}.{path}.minstr": found[measured] / 1e6 for name, measured in _MILLIONS.items()}
    return figures | {
        f"seal.{path}.minstr": (found["full"] - found["verification"]) / 1e6,
        f"seal.full.{path}.minstr": found["full"] / 1e6,
        f"sha512.{path}.instr_per_byte": found["sha512"] / _SHA512_BYTES,
    }


def told(output: str) -> dict[str, int]:
    """Lines of a name and a number."""
    return {line.split()[0]: int(line.split()[1]) for line in output.splitlines()}
