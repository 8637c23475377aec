# SPDX-License-Identifier: Apache-2.0
"""The clips of the firmware itself: digits of an enrolment and 无法录制, there before any station gave prompts.

File: "SLVC", count (u16), rows of clip id (u16), samples (u32) and bytes (u32), then the ADPCM in that order; little-endian.
"""

import struct

_ROW = "<HII"


class FirmwareClips:
    """The same two methods as a prompt set has."""

    def __init__(self, path: str) -> None:
        """ValueError when the file is not one, OSError when it cannot be read."""
        self._file = open(path, "rb")
        head = self._file.read(6)
        if head[:4] != b"SLVC":
            raise ValueError("not a file of clips")
        count = struct.unpack("<H", head[4:])[0]
        size = struct.calcsize(_ROW)
        offset = 6 + count * size
        self._clips = {}
        for _ in range(count):
            number, samples, length = struct.unpack(_ROW, self._file.read(size))
            self._clips[number] = (offset, samples, length)
            offset += length

    def clip(self, number: int) -> tuple | None:
        """(offset, samples, bytes), or None."""
        return self._clips.get(number)

    def readinto(self, offset: int, buf: memoryview) -> None:
        self._file.seek(offset)
        self._file.readinto(buf)
