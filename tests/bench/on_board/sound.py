# SPDX-License-Identifier: Apache-2.0
"""Runs on the simulated Cortex-M3: what a second of sound costs, spoken and listened to. Prints `name value`, instructions."""

import gc

from mps2_parts.counter import cost

from sealcam.sound.adpcm import Decoder
from sealcam.sound.tone_listener import Listener
from sealcam.sound.tones import OFFER, Burst

RATE = 16000
BLOCK = 128


def pattern(count: int) -> bytearray:
    """Bytes without order: every branch of the decoder is taken."""
    out, seed = bytearray(count), 1
    for at in range(count):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        out[at] = seed >> 16 & 0xFF
    return out


def decode(decoder: Decoder, clip: memoryview, pcm: memoryview) -> None:
    """A second of a clip in the blocks in which the recorder speaks."""
    for at in range(0, len(clip), BLOCK):
        decoder.decode(clip[at : at + BLOCK], pcm)


def measure() -> None:
    clip, pcm = memoryview(pattern(RATE // 2)), memoryview(bytearray(4 * BLOCK))
    print("adpcm", cost(decode, Decoder(), clip, pcm))
    second = memoryview(bytearray(2 * RATE))
    Burst(OFFER, bytes(16), bytes(32)).readinto(second)
    gc.collect()
    before = gc.mem_alloc()
    listener = Listener()
    gc.collect()
    print("listener_bytes", gc.mem_alloc() - before)
    print("locked", cost(feed, listener, second))
    print("hunting", cost(feed, Listener(), memoryview(pattern(2 * RATE))))


def feed(listener: Listener, pcm: memoryview) -> None:
    for at in range(0, len(pcm), 4096):
        listener.feed(pcm[at : at + 4096])


measure()
