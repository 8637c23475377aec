# SPDX-License-Identifier: Apache-2.0
"""Mounts littlefs on internal flash. Formats blank flash of a recorder without keys, and nothing else, ever."""

import vfs

_BLOCK_COUNT = 4
_BLOCK_SIZE = 5


class FlashError(Exception):
    """Flash holds something that cannot be mounted: hard fault. It is left as it is."""


def mount(device, folder: str, keys_blank: bool) -> None:
    """Mounts at `folder`. FlashError when it cannot and must not be formatted."""
    try:
        _mount(device, folder)
        return
    except OSError as error:
        if not (keys_blank and _erased(device)):
            raise FlashError(str(error))
    vfs.VfsLfs2.mkfs(device)
    _mount(device, folder)


def _mount(device, folder: str) -> None:
    """With a bit of memory for each block: littlefs looks for free ones in as many as it has bits for, walking over all files each time."""
    vfs.mount(vfs.VfsLfs2(device, lookahead=-(-device.ioctl(_BLOCK_COUNT, 0) // 64) * 8), folder)


def _erased(device) -> bool:
    """Whether the first two blocks, where littlefs has its superblock, were never written."""
    buf = bytearray(device.ioctl(_BLOCK_SIZE, 0))
    for block in range(min(2, device.ioctl(_BLOCK_COUNT, 0))):
        device.readblocks(block, buf)
        if buf.count(b"\xff") != len(buf):
            return False
    return True
