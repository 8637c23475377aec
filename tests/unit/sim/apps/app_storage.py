# SPDX-License-Identifier: Apache-2.0
"""Appends numbered lines to a file on littlefs, and says which are synced. At boot it says how many lines it finds."""

import asyncio
import os

import board
import vfs


def mount():
    try:
        vfs.mount(vfs.VfsLfs2(board.flash), "/f")
    except OSError:
        vfs.VfsLfs2.mkfs(board.flash)
        vfs.mount(vfs.VfsLfs2(board.flash), "/f")
        board.trace("formatted")


def found():
    if "log" not in os.listdir("/f"):
        return 0
    with open("/f/log") as file:
        lines = file.read().split("\n")
    for number, line in enumerate(lines[:-1]):
        if line != "line %d" % number:
            board.trace("damaged", number, line)
    return len(lines) - 1


async def main():
    mount()
    number = found()
    board.trace("found", number)
    file = open("/f/log", "a")
    while True:
        file.write("line %d\n" % number)
        file.flush()
        number += 1
        board.trace("synced", number)
        await asyncio.sleep_ms(10)


asyncio.run(main())
