# SPDX-License-Identifier: Apache-2.0
"""How long from the press of the record button to the first sound that is recorded, at worst, on a Cortex-M3 of 150 MHz.

The whole recorder runs, and what it executes is counted, one cycle an instruction; what its chips would take is added by data sheet. The
record that opens the session is durable before. docs/decisions/0013-from-the-press-to-the-first-sound.md says what is in it.
"""

import tempfile
from pathlib import Path

from sealsim.qemu.recorder import MARK, RECORD
from tests.bench.results import Figures
from tests.bench.seal import PATHS, source
from tests.bench.sound import CYCLES
from tests.board_table import PRESS_MS, BoardTable

DEBOUNCE_MS = 40  # two readings, the first up to a turn late
PAGE_MS = 0.4  # W25Q32: 256 bytes
ERASE_MS = 45  # W25Q32: 4 KiB, typically
CARD_BUSY_MS = 500  # the longest after a write, by the SD specification: 250 for SDHC cards, 500 for SDXC cards
SECTOR_MS = 512 * 8 / 12_000  # SPI at 12 MHz, written and read back
_LIMIT_S = 90
_URGENT = """
from sealcam.officer.telling import Telling
Telling.comes_first = lambda telling: True
Telling._told_first = lambda telling, utterance: None
recorder.Recorder.is_hurrying_allowed = lambda officer: True
"""
_SHIFT = "shift()\n"
_RENEWALS = "import sealcam.chain.signer\nsealcam.chain.signer.ROTATE_MS = 4000\n"  # as every ten minutes
Script = tuple[tuple[int, int, int], ...]
# What is pressed and what runs before: a start and a resume; one while the recorder boots; one that hurries while people are told; and
# with a shift's records on flash, where what opens the part is the first record of a file, so that a snapshot is written with it.
_PRESSES: Script = ((15_000, 15_300, RECORD), (19_000, 19_300, RECORD), (25_000, 25_300, RECORD))
STATES: dict[str, tuple[tuple[str, ...], Script, str]] = {
    "warm": (("record_first", "resume"), _PRESSES, ""),
    "cold": (("cold",), ((0, 3300, RECORD),), ""),
    "urgent": (("urgent",), ((15_000, 17_000, RECORD),), _URGENT),
    "shift": (("shift", "shift_resume"), _PRESSES, _SHIFT),
    "shift_urgent": (("shift_urgent",), ((15_000, 17_000, RECORD),), _SHIFT + _URGENT),
}
_STOP_MS = 4000  # after the last press


def measure(firmware: Path) -> Figures:
    figures: Figures = {}
    with tempfile.TemporaryDirectory(prefix="sealdock-start-") as folder, BoardTable(Path(folder), firmware) as table:
        table.enrol()
        for names, script, patch in STATES.values():
            for path, before in PATHS.items():
                found = _starts(table, script, before + source("start.py") + patch)
                if len(found) != len(names):
                    raise RuntimeError(f"{names}: {len(found)} starts")
                figures |= {f"start.{name}.{path}.ms": _ms(counts) for name, counts in zip(names, found, strict=True)}
        worst = max(value for value in figures.values() if isinstance(value, float))
        for path, before in PATHS.items():
            _starts(table, _PRESSES, before + source("start.py") + _SHIFT + _RENEWALS)
            figures |= {f"start.wait.{path}.ms": max(_ms(counts) for counts in _told(table, "wait")) - DEBOUNCE_MS}
    return figures | {"start.worst_ms": worst}


def _starts(table: BoardTable, script: Script, before: str) -> list[list[int]]:
    """What the board counted of each start."""
    stop = script[-1][1] + _STOP_MS
    ending = ((stop, stop + PRESS_MS, RECORD), (stop + 5000, stop + 5000 + PRESS_MS, MARK))
    table.recorder.told.clear()
    table.recorder.start(script=script + ending, before=before)
    table.recorder.wait_for("event", _LIMIT_S, details="activity-ended interrupted idle")
    table.recorder.stop()
    return _told(table, "start")


def _told(table: BoardTable, word: str) -> list[list[int]]:
    return [[int(number) for number in event[1:]] for event in table.recorder.told if event[0] == word]


def _ms(counts: list[int]) -> float:
    instructions, pages, flash_erases, key_erases, card_writes, sectors = counts
    chips = pages * PAGE_MS + (flash_erases + key_erases) * ERASE_MS + card_writes * CARD_BUSY_MS + 2 * sectors * SECTOR_MS
    return DEBOUNCE_MS + instructions / CYCLES * 1000 + chips
