# SPDX-License-Identifier: Apache-2.0
"""What was heard near a recorder: reads its sound log and makes heard.wav.

The recorder's speaker and the people who spoke are at full volume, the scene softly below. Where nobody speaks for long, all but
2 s is left out; the parts list says which stretch of the world each stretch of the file is.
"""

import json
import struct
import wave
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from sealdock.errors import SealdockError
from sealsim.voices import RATE, Voices

PER_MS = RATE // 1000
EDGE_MS = 1000  # kept before and after each stretch of speech
SCENE_GAIN = 0.18
FADE = RATE // 100
_BLOCK = struct.Struct("<4sQI")


@dataclass(frozen=True)
class Sound:
    """Samples heard from number `first` on, counted since 1970 at 16 kHz."""

    first: int
    samples: np.ndarray

    @property
    def after(self) -> int:
        return self.first + len(self.samples)


@dataclass(frozen=True)
class Part:
    """`ms` milliseconds of the file from `wav_ms` on are the world from `world_ms` on."""

    wav_ms: int
    world_ms: int
    ms: int


def played(home: Path, offset: int = 0) -> Iterator[Sound]:
    """What the speaker of the recorder in `home` played, block by block, from a byte of the log on at which a block begins."""
    with (home / "sound.log").open("rb") as log:
        log.seek(offset)
        while len(head := log.read(_BLOCK.size)) == _BLOCK.size:
            magic, first, count = _BLOCK.unpack(head)
            if magic != b"SND1":
                raise SealdockError(f"{home / 'sound.log'} is damaged")
            samples = log.read(2 * count)
            yield Sound(first, np.frombuffer(samples[: len(samples) // 2 * 2], "<i2"))


def block_bytes(sound: Sound) -> int:
    """What a block takes in the log."""
    return _BLOCK.size + 2 * len(sound.samples)


def said(home: Path) -> Iterator[Sound]:
    """What people near it said."""
    for utterance in Voices(home).all():
        samples = np.fromfile(utterance.path, "<i2").astype(np.int32) * utterance.gain // 256
        yield Sound(utterance.start_ms * PER_MS, np.clip(samples, -32768, 32767).astype(np.int16))


def heard(home: Path, reel: Path, reel_epoch_ms: int, out: Path) -> list[Part]:
    """Writes `out` (16 kHz mono WAV) and, beside it, the parts as JSON. Empty when nobody said anything."""
    sounds = sorted([*played(home), *said(home)], key=lambda sound: sound.first)
    scene = np.memmap(reel / "sound.pcm", "<i2", "r")
    parts = []
    at = 0
    with wave.open(str(out), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        for first, after, group in _stretches(sounds):
            file.writeframes(_render(first, after, group, scene, reel_epoch_ms * PER_MS).tobytes())
            parts.append(Part(at // PER_MS, first // PER_MS, (after - first) // PER_MS))
            at += after - first
    out.with_suffix(".json").write_text(json.dumps({"rate": RATE, "parts": [asdict(part) for part in parts]}), encoding="utf-8")
    return parts


def _stretches(sounds: list[Sound]) -> Iterator[tuple[int, int, list[Sound]]]:
    """Groups sounds that are at most two edges apart: (first sample, sample after the last, sounds)."""
    edge = EDGE_MS * PER_MS
    group: list[Sound] = []
    after = 0
    for sound in sounds:
        if group and sound.first > after + 2 * edge:
            yield group[0].first - edge, after + edge, group
            group = []
        after = max(after, sound.after) if group else sound.after
        group.append(sound)
    if group:
        yield group[0].first - edge, after + edge, group


def _render(first: int, after: int, group: list[Sound], scene: np.ndarray, epoch: int) -> np.ndarray:
    places = (np.arange(first, after) - epoch) % len(scene)
    mixed = scene[places] * SCENE_GAIN
    ramp = np.linspace(0, 1, FADE)
    mixed[:FADE] *= ramp
    mixed[-FADE:] *= ramp[::-1]
    for sound in group:
        mixed[sound.first - first : sound.after - first] += sound.samples
    return np.clip(mixed, -32768, 32767).astype("<i2")
