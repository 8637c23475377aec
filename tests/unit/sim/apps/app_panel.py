# SPDX-License-Identifier: Apache-2.0
"""Says which buttons it sees and shows them as lights; feeds the watchdog until the menu button hangs it."""

import asyncio

import board


async def main():
    board.trace("reset", board.reset_cause())
    seen = 0
    while True:
        down = board.buttons.read()
        if down != seen:
            seen = down
            board.trace("buttons", down)
            board.lights.set(down & 1, down >> 1 & 1, down >> 2 & 1)
            board.vibrator.buzz(10 * down)
        if down != 4:
            board.feed_watchdog()
        await asyncio.sleep_ms(10 if down != 4 else 20_000)


asyncio.run(main())
