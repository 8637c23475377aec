# SPDX-License-Identifier: Apache-2.0
"""The file behind the board's PSRAM: firmware files, key store, flash, card. Places as in boards/qemu_mps2/mps2_parts/layout.py."""

from pathlib import Path

from sealdock.prompts.firmware import firmware_clips
from sealsim.qemu.machine import PSRAM_BYTES
from sealsim.qemu.romfs import image

PLACES = {  # name -> first byte, bytes
    "firmware's files": (0, 0x80000),
    "key store": (0x80000, 0x80000),
    "flash": (0x100000, 0x300000),
    "card": (0x400000, 0xC00000),
}


def new_chips(path: Path) -> None:
    """Chips as from the factory: the firmware's own clips, erased key store and flash, an empty card."""
    rom = image({"firmware.clips": firmware_clips()})
    if len(rom) > PLACES["firmware's files"][1]:
        raise ValueError("the firmware's files are too large")
    with path.open("wb") as file:
        file.write(rom)
        for name in ("key store", "flash"):
            start, size = PLACES[name]
            file.seek(start)
            file.write(b"\xff" * size)
        file.truncate(PSRAM_BYTES)
