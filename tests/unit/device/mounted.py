# SPDX-License-Identifier: Apache-2.0
"""An empty littlefs in memory, mounted while a block runs."""

import gc

import vfs
from fake_board import Flash

FOLDER = "/mounted"
BLOCKS = 16


class Mounted:
    """`with Mounted() as folder:`"""

    def __enter__(self) -> str:
        flash = Flash(BLOCKS)
        vfs.VfsLfs2.mkfs(flash)
        vfs.mount(vfs.VfsLfs2(flash), FOLDER)
        return FOLDER

    def __exit__(self, kind, error, trace) -> None:
        vfs.umount(FOLDER)
        gc.collect()
