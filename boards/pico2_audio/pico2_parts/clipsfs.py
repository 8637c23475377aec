# SPDX-License-Identifier: Apache-2.0
"""A file system of one read-only file: the firmware's own clips, which are frozen and so lie in flash where they are."""

import errno
import io

FILE = "firmware.clips"


class ClipsFs:
    """Mount it with vfs.mount."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def mount(self, readonly: bool, mkfs: bool) -> None:
        pass

    def umount(self) -> None:
        pass

    def open(self, path: str, mode: str):
        if path.lstrip("/") != FILE:
            raise OSError(errno.ENOENT)
        if "w" in mode or "a" in mode or "+" in mode:
            raise OSError(errno.EPERM)
        return io.BytesIO(self._data)

    def stat(self, path: str) -> tuple:
        if path.lstrip("/") != FILE:
            raise OSError(errno.ENOENT)
        return (0x8000, 0, 0, 0, 0, 0, len(self._data), 0, 0, 0)
