# SPDX-License-Identifier: Apache-2.0
"""Internal flash: a block device for littlefs, with the rule of NOR flash: a write only clears bits, an erase sets a block's bits."""

import errno

from mps2 import erase, load, store

from mps2_parts.loops import only_clears

BLOCK = 4096
_COUNT, _SIZE, _ERASE = 4, 5, 6


class Flash:
    def __init__(self, address, size):
        self._address = address
        self._blocks = size // BLOCK

    def readblocks(self, block, buf, offset=0):
        load(self._address + block * BLOCK + offset, buf)

    def writeblocks(self, block, buf, offset=0):
        at = self._address + block * BLOCK + offset
        if not only_clears(at, buf, len(buf)):
            raise OSError(errno.EIO)
        store(at, buf)

    def ioctl(self, op, arg):
        if op == _COUNT:
            return self._blocks
        if op == _SIZE:
            return BLOCK
        if op == _ERASE:
            erase(self._address + arg * BLOCK, BLOCK)
        return 0
