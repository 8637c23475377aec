# SPDX-License-Identifier: Apache-2.0
"""A recorder that may not record: it says so aloud, by light and by buzz, for as long as it is on. It signs nothing and makes nothing new.

It needs neither flash nor keys nor randomness: only lights, buttons, the speaker and the clips of the firmware itself.
"""

import asyncio

from sealcam.officer import lights, machine
from sealcam.sound import speech, voice
from sealcam.sound.firmware_clips import FirmwareClips

_WATCH_MS = 1000
_LOOK_MS = 100
_BUZZ_MS = 800


class _Ticks:
    """The only clock that needs no flash: Voice asks it for milliseconds, which nobody signs here."""

    def __init__(self, board) -> None:
        self.ms = board.ticks_ms


async def latched(board) -> None:
    """Forever. Says 无法录制，请更换设备并报告 at once, and again whenever a button is pressed."""
    board.lights.set(*lights.pattern(machine.FAULT, True, False, False))
    mouth = _mouth(board)
    tasks = [asyncio.create_task(_feed(board))]
    if mouth:
        tasks.append(asyncio.create_task(mouth.run()))
    held = -1  # any state of the buttons counts as news at first: it speaks without being asked
    while True:
        now = board.buttons.read()
        if held < 0 or (now and not held):
            board.vibrator.buzz(_BUZZ_MS)
            if mouth and not mouth.busy:
                mouth.say(speech.cannot_record(), voice.WARNING)
        held = now
        await asyncio.sleep_ms(_LOOK_MS)


def _mouth(board):
    """A voice, or None when not even the firmware's clips can be read: then lights and buzz must do."""
    try:
        clips = FirmwareClips(board.FIRMWARE_CLIPS)
    except (OSError, ValueError) as error:
        board.trace("no-clips", str(error))
        return None
    return voice.Voice(board, _Ticks(board), lambda: clips, lambda: None, lambda error: None)


async def _feed(board) -> None:
    while True:
        board.feed_watchdog()
        await asyncio.sleep_ms(_WATCH_MS)
