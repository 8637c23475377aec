# SPDX-License-Identifier: Apache-2.0
"""Speaks many texts in a fresh process, so that the same texts give the same samples every time.

A crash of the speech library cannot take the station down with it either.
"""

import json
import struct
import subprocess
import sys

from sealdock.text import say

from ..errors import SealdockError

_HEAD = struct.Struct("<I")
_TIMEOUT_S = 300


def speak(texts: list[tuple[str, str | None, int]], voice: str = "cmn") -> list[bytes]:
    """PCM (16-bit little-endian mono at `espeak.RATE`) of each (text, pinyin to read instead or None, words a minute).

    SealdockError when speech cannot be made.
    """
    order = json.dumps({"voice": voice, "texts": texts}).encode()
    try:
        done = subprocess.run([sys.executable, "-m", __name__], input=order, capture_output=True, timeout=_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SealdockError(say("prompts-unspoken", why=error)) from error
    clips = list(_split(done.stdout)) if done.returncode == 0 else []
    if len(clips) != len(texts):
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no speech"]
        raise SealdockError(say("prompts-unspoken", why=last[0]))
    return clips


def _split(data: bytes) -> list[bytes]:
    clips, place = [], 0
    while place + _HEAD.size <= len(data):
        (size,) = _HEAD.unpack_from(data, place)
        place += _HEAD.size + size
        clips.append(data[place - size : place])
    return clips


def _serve() -> None:
    from . import espeak, pinyin

    order = json.load(sys.stdin.buffer)
    for text, reading, wpm in order["texts"]:
        spoken = pinyin.phonemes(reading) if reading else pinyin.pinned(text)
        pcm = espeak.synthesize(spoken, order["voice"], wpm)
        sys.stdout.buffer.write(_HEAD.pack(len(pcm)) + pcm)


if __name__ == "__main__":
    _serve()
