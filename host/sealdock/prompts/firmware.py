# SPDX-License-Identifier: Apache-2.0
"""The few clips that belong to the firmware: what a recorder must say before any station has given it prompts, or without keys.

They are not part of a signed set on purpose: whoever enrols a recorder must not choose how its digits sound.
"""

import struct
import sys
from pathlib import Path

from sealproto import clips

from ..profile import load
from .build import build

MAGIC = b"SLVC"
CLIPS = (
    *range(10), clips.COMMA, clips.FULL_STOP, clips.TONE, clips.CANNOT_RECORD, clips.CHANGE_DEVICE, clips.ENROL_DIGITS, clips.ENROLLED,
    clips.ENROL_REFUSED, clips.ANNOUNCE_YOURSELF,
)  # fmt: skip


def firmware_clips() -> bytes:
    """The file: magic, count (u16), rows of clip id (u16), samples (u32) and bytes (u32), then the ADPCM in that order."""
    prompts = build(load("luoping"))  # these clips say the same under every profile
    chosen = [prompts[number] for number in sorted(CLIPS)]
    index = b"".join(struct.pack("<HII", clip.number, clip.samples, len(clip.data)) for clip in chosen)
    return MAGIC + struct.pack("<H", len(chosen)) + index + b"".join(clip.data for clip in chosen)


def module(data: bytes) -> str:
    """The same as a module to freeze, for boards whose firmware brings no file system: `firmware_sound.DATA`."""
    return f"DATA = {data!r}\n"


if __name__ == "__main__":  # python -m sealdock.prompts.firmware FILE.py
    Path(sys.argv[1]).write_text(module(firmware_clips()), encoding="ascii")
