# SPDX-License-Identifier: Apache-2.0
"""Raw erase blocks for secrets."""

import errno


class Keystore:
    BLOCK_BYTES = 4096

    def __init__(self, chip, control):
        self._chip = chip
        self.BLOCKS = chip.size() // self.BLOCK_BYTES
        self._fault = None
        control.on("keystore", self._control)

    def read(self, block):
        """The whole block."""
        self._check(block, "read")
        buf = bytearray(self.BLOCK_BYTES)
        self._chip.read(block * self.BLOCK_BYTES, buf, len(buf))
        return bytes(buf)

    def write(self, block, data):
        """Puts data at the block's beginning. OSError(EIO) when the block was not erased."""
        self._check(block, "write")
        if len(data) > self.BLOCK_BYTES:
            raise OSError(errno.EINVAL)
        old = bytearray(len(data))
        self._chip.read(block * self.BLOCK_BYTES, old, len(old))
        if old != b"\xff" * len(old):
            raise OSError(errno.EIO)
        self._chip.write(block * self.BLOCK_BYTES, data)

    def erase(self, block):
        self._check(block, "write")
        self._chip.write(block * self.BLOCK_BYTES, b"\xff" * self.BLOCK_BYTES)

    def _check(self, block, what):
        if not 0 <= block < self.BLOCKS:
            raise OSError(errno.EINVAL)
        if self._fault == what or self._fault == "lost":
            raise OSError(errno.EIO)

    def _control(self, op):
        """{"op": "keystore", "fault": null | "read" | "write" | "lost"}"""
        self._fault = op["fault"]
