# SPDX-License-Identifier: Apache-2.0
"""The self-test's tone: heard as played, softly, in noise; not heard when it falls, is steady, is noise, or is too faint."""

import gc
from math import pi, sin

from sealcam.sound.hearing import Ear

RATE = 16000


def sweep(start_hz, end_hz, loud, ms=300):
    """PCM of a tone that moves evenly, between two silences."""
    out = bytearray(2 * 4000)
    count = RATE * ms // 1000
    for n in range(count):
        t = n / RATE
        value = round(loud * sin(2 * pi * (start_hz * t + (end_hz - start_hz) * t * t / (2 * ms / 1000)))) & 0xFFFF
        out.append(value & 255)
        out.append(value >> 8)
    return out + bytearray(2 * 4000)


def noisy(pcm, loud, seed=5):
    for at in range(0, len(pcm), 2):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        value = (pcm[at] | pcm[at + 1] << 8) ^ 0x8000
        value = max(-32768, min(32767, value - 0x8000 + (seed >> 12) % (2 * loud + 1) - loud)) & 0xFFFF
        pcm[at], pcm[at + 1] = value & 255, value >> 8
    return pcm


def heard(pcm):
    ear = Ear()
    for at in range(0, len(pcm), 1024):
        ear.feed(memoryview(pcm)[at : at + 1024])
    return ear.heard, ear.level


def test_the_tone_as_it_is_played():
    passed, level = heard(sweep(600, 2400, 16384))
    assert passed and 8000 < level < 17000, level


def test_softly_and_in_noise():
    assert heard(noisy(sweep(600, 2400, 1600), 20))[0]
    assert heard(noisy(sweep(600, 2400, 4000), 4900))[0]  # noise as strong as the tone


def test_what_is_covered_is_not_heard():
    passed, level = heard(sweep(600, 2400, 150))
    assert not passed and 0 < level < 256


def test_other_sound_is_not_the_tone():
    for start, end in ((2400, 600), (1500, 1500), (600, 1200)):
        assert heard(sweep(start, end, 16384)) == (False, 0), (start, end)
    assert heard(noisy(bytearray(32000), 12000)) == (False, 0)
    assert heard(bytearray(32000)) == (False, 0)


def test_little_memory():
    gc.collect()
    before = gc.mem_alloc()
    ear = Ear()
    gc.collect()
    assert gc.mem_alloc() - before < 6000
    assert ear.level == 0
