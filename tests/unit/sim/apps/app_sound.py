# SPDX-License-Identifier: Apache-2.0
"""Plays half a second of noise one second after boot, and keeps all that the microphone hears on the card."""

import array
import asyncio

import board


def noise(samples):
    state = 77
    out = array.array("h", bytes(2 * samples))
    for index in range(samples):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        out[index] = (state >> 16) % 12000 - 6000
    return bytes(out)


async def play():
    await asyncio.sleep_ms(1000)
    sound = memoryview(noise(8000))
    while sound:
        taken = board.speaker.write(sound[:1600])
        board.trace("taken", taken, board.speaker.pending_ms())
        sound = sound[taken:]
        await asyncio.sleep_ms(20)


async def main():
    player = asyncio.create_task(play())
    board.microphone.start()
    buf = bytearray(3200)
    sector = bytearray(512)
    filled, place = 0, 0
    while True:
        count = board.microphone.readinto(memoryview(buf))
        for index in range(count):
            sector[filled] = buf[index]
            filled += 1
            if filled == 512:
                board.card.write(place, sector)
                filled, place = 0, place + 1
        if not count:
            await asyncio.sleep_ms(20)
        if board.microphone.lost():
            board.trace("lost", board.microphone.lost(), player.done())


asyncio.run(main())
