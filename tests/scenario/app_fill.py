# SPDX-License-Identifier: Apache-2.0
"""Runs under MicroPython on a recorder's flash image that is switched off: fills what is left of it, whatever for, and prints how much.

micropython app_fill.py IMAGE
"""

import sys

import vfs

_BLOCK = 4096


class Image:
    """NOR flash in a file."""

    def __init__(self, path: str) -> None:
        self._file = open(path, "r+b")  # noqa: SIM115 - closed with the image
        self._blocks = self._file.seek(0, 2) // _BLOCK

    def readblocks(self, block: int, buf: bytearray, offset: int = 0) -> None:
        self._file.seek(block * _BLOCK + offset)
        self._file.readinto(buf)

    def writeblocks(self, block: int, buf: bytearray, offset: int = 0) -> None:
        self._file.seek(block * _BLOCK + offset)
        self._file.write(buf)

    def ioctl(self, op: int, arg: int) -> int:
        if op == 4:
            return self._blocks
        if op == 5:
            return _BLOCK
        if op == 6:
            self._file.seek(arg * _BLOCK)
            self._file.write(b"\xff" * _BLOCK)
        return 0

    def close(self) -> None:
        self._file.close()


def fill(path: str) -> int:
    """Bytes written until nothing more goes in."""
    count = 0
    with open(path, "wb") as file:
        while True:
            try:
                file.write(bytes(_BLOCK))
                file.flush()
            except OSError:
                return count
            count += _BLOCK


image = Image(sys.argv[1])
vfs.mount(vfs.VfsLfs2(image), "/full")
total = 0
for number in range(2):
    try:
        total += fill(f"/full/litter{number}")
    except OSError:  # closing what did not fit
        continue
vfs.umount("/full")
image.close()
print(total)
