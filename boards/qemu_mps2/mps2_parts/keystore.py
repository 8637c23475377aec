# SPDX-License-Identifier: Apache-2.0
"""Raw erase blocks for secrets."""

import errno

from mps2 import erase, load, store


class Keystore:
    BLOCK_BYTES = 1024

    def __init__(self, address, size):
        self._address = address
        self.BLOCKS = size // self.BLOCK_BYTES

    def read(self, block):
        """The whole block."""
        buf = bytearray(self.BLOCK_BYTES)
        load(self._at(block), buf)
        return bytes(buf)

    def write(self, block, data):
        """Puts data at the block's beginning. OSError(EIO) when the block was not erased."""
        if len(data) > self.BLOCK_BYTES:
            raise OSError(errno.EINVAL)
        old = bytearray(len(data))
        load(self._at(block), old)
        if old != b"\xff" * len(old):
            raise OSError(errno.EIO)
        store(self._at(block), data)

    def erase(self, block):
        erase(self._at(block), self.BLOCK_BYTES)

    def _at(self, block):
        if not 0 <= block < self.BLOCKS:
            raise OSError(errno.EINVAL)
        return self._address + block * self.BLOCK_BYTES
