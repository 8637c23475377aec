# SPDX-License-Identifier: Apache-2.0
"""Every 50 ms writes sectors to the card, reads them back, and says how that went and how long it took."""

import asyncio

import board


def once(number):
    data = bytes([number & 255]) * 1024
    back = bytearray(1024)
    sector = (number * 2) % (board.card.sectors() - 2)
    board.card.write(sector, data)
    board.card.read(sector, back)
    return "same" if back == data else "differs"


async def main():
    number = 0
    while True:
        started = board.ticks_ms()
        try:
            result = once(number)
        except OSError as error:
            result = error.errno
        board.trace("card", result, (board.ticks_ms() - started) & 0x3FFFFFFF, board.card.present())
        number += 1
        await asyncio.sleep_ms(50)


asyncio.run(main())
