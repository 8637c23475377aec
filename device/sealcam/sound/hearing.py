# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""Whether the microphone hears the speaker: the recorder plays its rising tone (600 to 2,400 Hz in 300 ms) and listens for it.

The strongest line of each 4 ms must climb as the tone does for most of the tone's time. Noise alone agrees in 14 of 64 looks,
speech in 33, the tone under noise of twice its amplitude still in more than 54.
"""

import asyncio

import micropython

from sealcam.sound import voice
from sealcam.sound.hops import HOP, Hops
from sealproto import clips

_FIRST_LINE, _LINES = 8, 33  # 500 to 2,500 Hz
_LOOKS = 64  # of the 71 that lie wholly within the tone
_ENOUGH = 46
_LEAST = 256  # of 32768: a part that is covered lets less through than a hundredth of what was played
_TURN_MS = 20
_LONGEST_MS = 2500  # the tone, what is said before it, and the sound's way through the buffers
_ECHO_MS = 200
_BLOCK = 1024


def _line(look: int) -> int:
    """The tone's line in the middle of a look, counted from _FIRST_LINE."""
    samples = 128 + HOP * (look + 4)
    return round((600 + 1800 * samples / 4800) / 62.5) - _FIRST_LINE


@micropython.viper
def _climbs(lines: ptr8, at: int, path: ptr8, looks: int) -> int:
    """How many of the last looks are within a line of the path; `at`: where the last one is in the ring."""
    hits = 0
    look = 0
    while look < looks:
        at += 1
        if at >= looks:
            at = 0
        apart = int(lines[at]) - int(path[look])
        if apart * apart < 4:
            hits += 1
        look += 1
    return hits


class Ear(Hops):
    """Listens for the rising tone. `level`: the largest step from sample to sample that it makes at its end, 0: not heard."""

    def __init__(self) -> None:
        super().__init__(_FIRST_LINE, _LINES)
        self._path = bytes([_line(look) for look in range(_LOOKS)])
        self._lines = bytearray(b"\xff" * _LOOKS)
        self.level = 0

    def see(self, frame: int) -> None:
        at = frame % _LOOKS
        line = self._lines[at] = self.strongest() & 255
        if _climbs(self._lines, at, self._path, _LOOKS) >= _ENOUGH:
            self.level = max(self.level, self.amplitude(line))

    @property
    def heard(self) -> bool:
        """Clearly enough that a bystander would hear announcements and the recording would hold them."""
        return self.level >= _LEAST


async def hears_itself(microphone, speaker: voice.Voice, taken) -> int | None:
    """Plays the tone and listens. The level at the microphone, 0 when nothing or too little was heard; None when it was broken off.

    It starts and stops the microphone, so it must not begin while something is recorded; once `taken()` says that recording has
    begun, it lets go at once. OSError when the microphone is lost; then it is stopped too.
    """
    ear = Ear()
    buf = memoryview(bytearray(_BLOCK))
    utterance = speaker.say([clips.TONE], voice.WARNING)
    microphone.start()
    after = 0
    for _ in range(_LONGEST_MS // _TURN_MS):
        await asyncio.sleep_ms(_TURN_MS)
        if taken():
            return None
        try:
            size = microphone.readinto(buf)
            while size:
                ear.feed(buf[:size])
                size = microphone.readinto(buf)
        except OSError:
            microphone.stop()
            raise
        after += utterance.over
        if after * _TURN_MS > _ECHO_MS:
            break
    microphone.stop()
    if not utterance.over:
        return None  # something longer was being said
    return ear.level if ear.heard else 0
