# SPDX-License-Identifier: Apache-2.0
"""Bytes of a memory chip, kept in a file: each write is handed to the operating system before it returns.

So killing the process loses exactly what the recorder had not yet given to the chip. A fault may cut the power at a
chosen write, after a chosen number of its bytes.
"""

import errno


class PowerCut:
    """Counts writes and erases of all chips, and ends the process in the middle of a chosen one."""

    def __init__(self, control):
        self._control = control
        self._part = None
        self._left = -1
        self._torn = 0
        self.writes = {"flash": 0, "card": 0, "keystore": 0}
        control.on("cut", self._arm)

    def _arm(self, op):
        self._part = op.get("part")
        self._left = op["after"]
        self._torn = op.get("torn", 0)

    def passes(self, part):
        """True when the write goes through; False when power fails within it."""
        self.writes[part] += 1
        if self._left < 0 or (self._part is not None and self._part != part):
            return True
        self._left -= 1
        return self._left >= 0

    def torn(self, file, part, offset, buf):
        """Writes the part of `buf` that power allowed, and never returns."""
        file.seek(offset)
        file.write(memoryview(buf)[: min(self._torn, len(buf))])
        self._control.halt("cut", part=part, offset=offset, torn=self._torn)


class RawFile:
    """Reads and writes at offsets, without allocating."""

    def __init__(self, path, part, cut):
        self._file = open(path, "r+b")
        self._part = part
        self._cut = cut

    def size(self):
        return self._file.seek(0, 2)

    def read(self, offset, buf, length):
        """Fills the first `length` bytes of buf. OSError(EIO) beyond the end."""
        self._file.seek(offset)
        if self._file.readinto(buf, length) != length:
            raise OSError(errno.EIO)

    def write(self, offset, buf):
        if not self._cut.passes(self._part):
            self._cut.torn(self._file, self._part, offset, buf)
        self._file.seek(offset)
        if self._file.write(buf) != len(buf):
            raise OSError(errno.EIO)

    def close(self):
        self._file.close()
