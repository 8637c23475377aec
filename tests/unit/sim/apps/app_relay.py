# SPDX-License-Identifier: Apache-2.0
"""Hands over by sound: the recorder whose clock is set gives, the other takes. The recording is only heard, not kept."""

import asyncio

import board

from sealcam.sound.relay import Relay
from sealcam.sound.voice import Voice


class Clock:
    def ms(self):
        return board.ticks_ms()


class Capture:
    """What the recorder's Capture does with sound, without card and keys."""

    running = True
    listener = None

    async def run(self):
        board.microphone.start()
        buf = memoryview(bytearray(4096))
        while True:
            size = board.microphone.readinto(buf)
            if size and self.listener:
                self.listener.feed(buf[:size])
            await asyncio.sleep_ms(20)


async def main():
    capture = Capture()
    voice = Voice(board, Clock(), lambda: None, lambda: None, lambda error: board.trace("voice", str(error)))
    relay = Relay(voice, capture, Clock())
    tasks = (asyncio.create_task(capture.run()), asyncio.create_task(voice.run()))
    if board.clock.read_ms():
        token = bytes(range(16))
        board.trace("given", await relay.give(bytes(range(100, 132)), token))
    else:
        heard = await relay.take(bytes(range(50, 82)), 40_000)
        board.trace("taken", *(heard or (None,)))
    await asyncio.sleep_ms(30_000)
    board.trace("listener", capture.listener is not None, len(tasks))
    await asyncio.sleep_ms(1_000_000)


asyncio.run(main())
