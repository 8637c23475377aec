# SPDX-License-Identifier: Apache-2.0
"""The recorder's application on the simulated Cortex-M3, in 136 KiB of heap: what it does before a station has met it."""

from pathlib import Path

import pytest

from sealsim.qemu import firmware
from sealsim.qemu.recorder import MENU, RECORD, BoardRecorder

HELD = (1000, 4000, MENU)
PRESSED = (6000, 6300, RECORD)
LOOK = """
import os
from sealcam.chain.flash import mount
mount(board.flash, "/looked", False)
print("trace mounted", *os.listdir("/looked"))
"""
MENU_HELD = ["event", "menu-held", "unenrolled", "enrolling"]


@pytest.fixture(scope="module")
def elf() -> Path:
    return firmware()


def test_it_starts_and_obeys_its_buttons(elf: Path, tmp_path: Path) -> None:
    with BoardRecorder(tmp_path, elf) as recorder:
        recorder.start(script=(PRESSED,))
        assert recorder.wait_for("event") == ["record-pressed", "unenrolled", "unenrolled"]
        recorder.start(script=(HELD,))
        assert recorder.wait_for("event") == MENU_HELD[1:]
        assert not [line for line in recorder.printed if "Error" in line or line.startswith("trace fault")]


def test_buttons_of_the_control_line_are_seen_however_short(elf: Path, tmp_path: Path) -> None:
    with BoardRecorder(tmp_path, elf) as recorder:
        recorder.start(jump=False)
        recorder.wait_for("lights")
        recorder.hold(RECORD)
        recorder.hold(0)
        assert recorder.wait_for("event") == ["record-pressed", "unenrolled", "unenrolled"]


def test_chips_outlive_the_power(elf: Path, tmp_path: Path) -> None:
    with BoardRecorder(tmp_path, elf) as recorder:
        recorder.start()
        recorder.wait_for("lights")
        recorder.stop()
        recorder.start(before=LOOK)
        assert "chain" in recorder.wait_for("mounted")
