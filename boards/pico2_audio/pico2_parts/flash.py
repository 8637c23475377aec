# SPDX-License-Identifier: Apache-2.0
"""Internal flash for littlefs, and raw blocks for the key store. The chip programs pages of 256 bytes, littlefs pieces of 32.

Bytes of a page that are not meant are sent as ones, which program nothing. Each call with an erase stops all interrupts for 45 ms, at worst
400; sound and clock live through it, since neither needs the processor.
"""

import errno

PAGE = 256
BLOCK = 4096
_COUNT, _ERASE = 4, 6


class Pages:
    """A region of flash that may be programmed from any byte on. Nothing is allocated while littlefs writes."""

    def __init__(self, region) -> None:
        """region: an rp2.Flash of its own."""
        self._region = region
        self._page = bytearray(PAGE)
        self._ones = b"\xff" * PAGE
        self.blocks = region.ioctl(_COUNT, 0)

    def readblocks(self, block: int, buf: bytearray, offset: int = 0) -> None:
        self._region.readblocks(block, buf, offset)

    def writeblocks(self, block: int, buf, offset: int = 0) -> None:
        """Programs without erasing. OSError(EINVAL) beyond the block."""
        if offset + len(buf) > BLOCK:
            raise OSError(errno.EINVAL)
        if offset % PAGE == 0 and len(buf) % PAGE == 0:
            self._region.writeblocks(block, buf, offset)
            return
        view = memoryview(buf)
        at = 0
        while at < len(buf):
            inside = (offset + at) % PAGE
            size = min(PAGE - inside, len(buf) - at)
            self._page[:] = self._ones
            self._page[inside : inside + size] = view[at : at + size]
            self._region.writeblocks(block, self._page, offset + at - inside)
            at += size

    def ioctl(self, op: int, arg: int) -> int:
        return self._region.ioctl(op, arg)

    def erase(self, block: int) -> None:
        self._region.ioctl(_ERASE, block)
