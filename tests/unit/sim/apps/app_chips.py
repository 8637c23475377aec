# SPDX-License-Identifier: Apache-2.0
"""Breaks the rules of flash and key store, and says what the chips answered."""

import asyncio

import board


def attempt(what, function, *arguments):
    try:
        function(*arguments)
        board.trace(what, 0)
    except OSError as error:
        board.trace(what, error.errno)


async def main():
    block = bytearray(b"\x0f" * 256)
    board.flash.ioctl(6, 3)
    attempt("program", board.flash.writeblocks, 3, block, 512)
    block[7] = 0x01
    attempt("clear bits", board.flash.writeblocks, 3, block, 512)
    block[7] = 0xFF
    attempt("set bits", board.flash.writeblocks, 3, block, 512)
    board.keystore.erase(1)
    attempt("store", board.keystore.write, 1, b"secret")
    attempt("store again", board.keystore.write, 1, b"other")
    board.trace("kept", board.keystore.read(1)[:8])
    board.keystore.erase(1)
    board.trace("erased", board.keystore.read(1)[:8])
    attempt("no such block", board.keystore.read, board.keystore.BLOCKS)
    while True:
        await asyncio.sleep_ms(100)
        attempt("later", board.keystore.read, 1)


asyncio.run(main())
