# SPDX-License-Identifier: Apache-2.0
"""Raw erase blocks for secrets, outside every file system. The chip reports no errors, so what it did is looked at."""

import errno

from pico2_parts.flash import BLOCK


class Keystore:
    BLOCK_BYTES = BLOCK

    def __init__(self, pages) -> None:
        self._pages = pages
        self.BLOCKS = pages.blocks

    def read(self, block: int) -> bytes:
        """The whole block."""
        self._check(block)
        buf = bytearray(BLOCK)
        self._pages.readblocks(block, buf)
        return bytes(buf)

    def write(self, block: int, data: bytes) -> None:
        """Puts data at the block's beginning. OSError(EIO) when the block was not erased or does not hold them then."""
        if len(data) > BLOCK:
            raise OSError(errno.EINVAL)
        if self.read(block)[: len(data)] != b"\xff" * len(data):
            raise OSError(errno.EIO)
        self._pages.writeblocks(block, data)
        if self.read(block)[: len(data)] != data:
            raise OSError(errno.EIO)

    def erase(self, block: int) -> None:
        """OSError(EIO) when something is left."""
        self._check(block)
        self._pages.erase(block)
        if self.read(block) != b"\xff" * BLOCK:
            raise OSError(errno.EIO)

    def _check(self, block: int) -> None:
        if not 0 <= block < self.BLOCKS:
            raise OSError(errno.EINVAL)
