# SPDX-License-Identifier: Apache-2.0
"""Internal flash: a block device for littlefs over a file, with the rules of NOR flash and a wear count for each block.

A program operation may only clear bits; writing what was not erased is an error, as a real chip would store garbage.
"""

import errno
import struct

from unix_parts.mix import only_clears

_BLOCK = 4096
_COUNT, _SIZE, _ERASE = 4, 5, 6


class Flash:
    def __init__(self, chip, wear_path, control):
        self._chip = chip
        self._blocks = chip.size() // _BLOCK
        self._old = bytearray(_BLOCK)
        self._erased = bytearray(b"\xff" * _BLOCK)
        self._wear = open(wear_path, "r+b")
        self._count = bytearray(4)
        self._fault = None
        control.on("flash", self._control)

    def readblocks(self, block, buf, offset=0):
        if self._fault == "read":
            raise OSError(errno.EIO)
        self._chip.read(block * _BLOCK + offset, buf, len(buf))

    def writeblocks(self, block, buf, offset=0):
        if self._fault == "write":
            raise OSError(errno.EIO)
        at = block * _BLOCK + offset
        left = len(buf)
        if left > _BLOCK:
            raise OSError(errno.EINVAL)
        self._chip.read(at, self._old, left)
        if not only_clears(self._old, buf, left):
            raise OSError(errno.EIO)
        self._chip.write(at, buf)

    def ioctl(self, op, arg):
        if op == _COUNT:
            return self._blocks
        if op == _SIZE:
            return _BLOCK
        if op == _ERASE:
            return self._erase(arg)
        return 0

    def _erase(self, block):
        if self._fault == "write":
            return -errno.EIO
        self._wear.seek(4 * block)
        self._wear.readinto(self._count)
        struct.pack_into("<I", self._count, 0, struct.unpack_from("<I", self._count, 0)[0] + 1)
        self._wear.seek(4 * block)
        self._wear.write(self._count)
        self._chip.write(block * _BLOCK, self._erased)
        return 0

    def _control(self, op):
        """{"op": "flash", "fault": null | "read" | "write"}"""
        self._fault = op["fault"]
