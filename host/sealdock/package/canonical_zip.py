# SPDX-License-Identifier: Apache-2.0
"""A zip file with exactly one form: members stored, rising by name, no times, no comments, no extra fields.

Two zip files of the same package are equal byte for byte, so a verifier can rebuild the file and compare: a zip file has
many places that no member's checksum covers.
"""

import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from sealdock.errors import SealdockError
from sealdock.text import say

MAX_BYTES = 0xFFFFFFFF  # beyond it lie the 64-bit extensions, which this form leaves out
_DATE = 0x21  # 1980-01-01, the earliest
_MODE = 0o100644 << 16
_UTF8 = 0x800


def local_size(name: str) -> int:
    """Bytes before a member's data."""
    return 30 + len(name.encode())


def pieces(members: Mapping[str, bytes]) -> Iterator[bytes]:
    """The canonical zip file, piece by piece. SealdockError when it would be larger than 4 GiB."""
    directory = []
    at = 0
    for name in sorted(members):
        data = members[name]
        common = struct.pack("<HHHHHIIIHH", 20, _flags(name), 0, 0, _DATE, zlib.crc32(data), len(data), len(data), len(name.encode()), 0)
        directory.append(struct.pack("<IH", 0x02014B50, 20 | 3 << 8) + common + struct.pack("<HHHII", 0, 0, 0, _MODE, at) + name.encode())
        yield struct.pack("<I", 0x04034B50) + common + name.encode()
        yield data
        at += local_size(name) + len(data)
        if at > MAX_BYTES:
            raise SealdockError(say("zip-too-large"))
    entries = b"".join(directory)
    yield entries
    yield struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(directory), len(directory), len(entries), at, 0)


def _flags(name: str) -> int:
    return 0 if name.isascii() else _UTF8


def write(path: Path, members: Mapping[str, bytes]) -> None:
    """Writes the canonical zip durably to a path that must not exist."""
    with open(path, "xb") as file:
        for piece in pieces(members):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def first_difference(path: Path, members: Mapping[str, bytes]) -> tuple[int, int] | None:
    """[start, end) of the first piece of the file that is not as it must be; None when file and canonical form are equal."""
    at = 0
    with open(path, "rb") as file:
        for piece in pieces(members):
            if file.read(len(piece)) != piece:
                return at, at + len(piece)
            at += len(piece)
        end = os.fstat(file.fileno()).st_size
    return (at, end) if end > at else None
