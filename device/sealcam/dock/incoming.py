# SPDX-License-Identifier: Apache-2.0
"""An object on its way from a station to flash, piece by piece: it goes on where it broke, also after a power cut.

One file for each kind of object: SHA-256 of the whole (32 bytes), its length (u32, little-endian), then what came so far. Another object
of the same kind takes the place of one that was never finished.
"""

import asyncio
import struct
from hashlib import sha256

from sealcam.chain import durable

_HEAD = "<32sI"
_HEAD_BYTES = struct.calcsize(_HEAD)
_STEP = 512


class Incoming:
    """`have` bytes of the object are here."""

    def __init__(self, folder: str, kind: int, digest: bytes, total: int) -> None:
        self.path = "{}/in-{}".format(folder, kind)
        self.digest = digest
        self.total = total
        self._head = struct.pack(_HEAD, digest, total)
        self.have = self._found()

    def _found(self) -> int:
        try:
            with open(self.path, "rb") as file:
                known = file.read(_HEAD_BYTES) == self._head
        except OSError:
            return 0
        return durable.size(self.path) - _HEAD_BYTES if known else 0

    def add(self, offset: int, data: bytes) -> None:
        """Appends what follows; what is there already, or lies beyond, is left out."""
        piece = memoryview(data)[self.have - offset :] if offset <= self.have else b""
        if not len(piece) or self.have + len(piece) > self.total:
            return
        fresh = self.have == 0
        with open(self.path, "wb" if fresh else "ab") as file:
            if fresh:
                file.write(self._head)
            file.write(piece)
            file.flush()
        self.have += len(piece)

    @property
    def whole(self) -> bool:
        return self.have == self.total

    async def right(self) -> bool:
        """Whether the bytes on flash are those that were announced."""
        digest = sha256()
        piece = memoryview(bytearray(_STEP))
        with open(self.path, "rb") as file:
            file.read(_HEAD_BYTES)
            while True:
                size = file.readinto(piece)
                if not size:
                    return digest.digest() == self.digest
                digest.update(piece[:size])
                await asyncio.sleep_ms(0)

    def data(self) -> bytes:
        """The whole object; only for small ones."""
        with open(self.path, "rb") as file:
            file.read(_HEAD_BYTES)
            return file.read()

    def drop(self) -> None:
        durable.remove(self.path)
        self.have = 0


OFFSET = _HEAD_BYTES  # where an object begins in its file: a prompt set's sound stays in the file that it came in
