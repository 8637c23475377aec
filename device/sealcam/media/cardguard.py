# SPDX-License-Identifier: Apache-2.0
"""What a strange PC sees of the card: a small FAT volume with a README, and the rest taken by a partition it does not know.

Without it the PC calls the card unformatted and offers to format it.
"""

import struct

from sealproto.slot import FIRST_SECTOR, SECTOR

_START = 64
_SECTORS = 1024
_FAT12 = 0x01
_FOREIGN = 0xDA  # "non-file-system data"
_README = """此存储卡保存加密的执法记录，请勿格式化。请交回采集站。
This card holds encrypted law-enforcement recordings. Do not format it. Return it to the station.
"""


class _Volume:
    """The FAT volume's sectors as a block device."""

    def __init__(self, card) -> None:
        self._card = card

    def readblocks(self, block: int, buf: bytearray) -> None:
        self._card.read(_START + block, buf)

    def writeblocks(self, block: int, buf: bytearray) -> None:
        self._card.write(_START + block, buf)

    def ioctl(self, op: int, arg: int) -> int:
        if op == 4:
            return _SECTORS
        if op == 5:
            return SECTOR
        return 0


def protect(card) -> None:
    """Writes partition table and README. Where the interpreter has no FAT, the table alone must do."""
    card.write(0, _table(card.sectors()))
    blank = bytes(SECTOR)
    for sector in range(1, 64):
        card.write(sector, blank)
    try:
        import vfs

        make = vfs.VfsFat
    except (ImportError, AttributeError):
        return
    volume = _Volume(card)
    make.mkfs(volume)
    fat = make(volume)
    with fat.open("README.TXT", "w") as file:
        file.write(_README)
    fat.umount()


def _table(sectors: int) -> bytes:
    entries = _entry(_FAT12, _START, _SECTORS) + _entry(_FOREIGN, FIRST_SECTOR, sectors - FIRST_SECTOR)
    return bytes(446) + entries + bytes(32) + b"\x55\xaa"


def _entry(kind: int, start: int, sectors: int) -> bytes:
    beyond = b"\xfe\xff\xff"  # addresses by cylinder are not used
    return b"\x00" + beyond + bytes((kind,)) + beyond + struct.pack("<II", start, sectors)
