# SPDX-License-Identifier: Apache-2.0
"""Plays the rising tone every five seconds and says whether the microphone heard it."""

import asyncio

import board

from sealcam.sound.firmware_clips import FirmwareClips
from sealcam.sound.hearing import hears_itself
from sealcam.sound.voice import Voice


class Clock:
    def ms(self):
        return board.ticks_ms()


async def main():
    clips = FirmwareClips(board.FIRMWARE_CLIPS)
    voice = Voice(board, Clock(), lambda: clips, lambda: None, lambda error: error and board.trace("voice", str(error)))
    speaking = asyncio.create_task(voice.run())
    while not speaking.done():
        try:
            board.trace("hears", await hears_itself(board.microphone, voice, lambda: False))
        except OSError as error:
            board.trace("lost", error.errno)
        await asyncio.sleep_ms(5000)


asyncio.run(main())
