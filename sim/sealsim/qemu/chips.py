# SPDX-License-Identifier: Apache-2.0
"""The file behind the board's PSRAM: firmware files, key store, flash, card. Places as in boards/qemu_mps2/mps2_parts/layout.py."""

from pathlib import Path

from sealdock.prompts.firmware import firmware_clips
from sealsim.qemu.machine import PSRAM_BYTES
from sealsim.qemu.romfs import image

_ROM, _ROM_BYTES = 0, 0x80000
_ERASED, _ERASED_BYTES = 0x80000, 0x380000  # key store and flash
_CARD = 0x400000
_CARD_BYTES = 0xB80000


def new_chips(path: Path) -> None:
    """Chips as from the factory: the firmware's own clips, erased key store and flash, an empty card."""
    rom = image({"firmware.clips": firmware_clips()})
    if len(rom) > _ROM_BYTES:
        raise ValueError("the firmware's files are too large")
    with path.open("wb") as file:
        file.write(rom)
        file.seek(_ERASED)
        file.write(b"\xff" * _ERASED_BYTES)
        file.truncate(PSRAM_BYTES)
