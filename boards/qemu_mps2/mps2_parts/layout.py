# SPDX-License-Identifier: Apache-2.0
"""Where the chips lie in the board's PSRAM. sim/sealsim/qemu/chips.py makes the file behind it by the same numbers."""

PSRAM = 0x21000000
ROM = PSRAM  # read-only files that come with the firmware, as a ROMFS image
ROM_BYTES = 0x80000
KEYSTORE = PSRAM + 0x080000
KEYSTORE_BYTES = 0x1000
FLASH = PSRAM + 0x100000
FLASH_BYTES = 0x300000
CARD = PSRAM + 0x400000
CARD_BYTES = 0xB80000
