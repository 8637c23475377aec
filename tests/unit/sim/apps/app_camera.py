# SPDX-License-Identifier: Apache-2.0
"""Reads the camera as fast as it can, then with a pause that loses frames; keeps the last picture in the card's first sectors."""

import asyncio

import board


def capture(buf):
    try:
        taken = board.camera.capture(buf)
    except OSError as error:
        board.trace("camera", error.errno)
        return None
    if taken:
        board.trace("frame", taken[1], taken[2], board.ticks_ms(), taken[0])
        board.card.write(0, buf)
    return taken


async def main():
    buf = memoryview(bytearray(64 * 1024))
    board.camera.start()
    for pause in (10, 10, 10, 500):
        for _ in range(10):
            await asyncio.sleep_ms(pause)
            capture(buf)
    while True:
        await asyncio.sleep_ms(70)
        capture(buf)


asyncio.run(main())
