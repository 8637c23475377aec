# SPDX-License-Identifier: Apache-2.0
"""The host's ADPCM, and that the recorder decodes it to the same samples."""

import hashlib
import os
import random
import subprocess
from array import array
from pathlib import Path

import numpy as np

from sealdock.prompts import adpcm

ROOT = Path(__file__).parents[3]
DECODE = """
import sys, hashlib
from sealcam.sound.adpcm import Decoder
decoder, dst, hash = Decoder(), memoryview(bytearray(512)), hashlib.sha256()
left = int(sys.argv[2])
with open(sys.argv[1], "rb") as file:
    while left:
        src = file.read(128)
        samples = min(left, decoder.decode(memoryview(src), dst))
        hash.update(dst[:samples * 2])
        left -= samples
print(hash.digest().hex())
"""


def sweep(seconds: float) -> bytes:
    t = np.arange(int(16_000 * seconds)) / 16_000
    return (12_000 * np.sin(2 * np.pi * (200 + 800 * t) * t)).astype("<i2").tobytes()


def signal_to_noise(pcm: bytes) -> float:
    heard = np.frombuffer(adpcm.decode(adpcm.encode(pcm), len(pcm) // 2), "<i2").astype(float)
    wanted = np.frombuffer(pcm, "<i2").astype(float)
    return float(10 * np.log10((wanted**2).sum() / ((wanted - heard) ** 2).sum()))


def test_sound_survives() -> None:
    assert signal_to_noise(sweep(1.0)) > 25


def test_sizes() -> None:
    assert adpcm.encode(b"") == b""
    assert len(adpcm.encode(bytes(2))) == 1
    assert len(adpcm.encode(bytes(2 * 257))) == 129


def test_extremes_do_not_wrap() -> None:
    square = array("h", [32767 if place // 50 % 2 else -32768 for place in range(1000)]).tobytes()
    heard = np.frombuffer(adpcm.decode(adpcm.encode(square), 1000), "<i2")
    assert heard.max() > 30_000 and heard.min() < -30_000


def test_recorder_decodes_the_same(micropython: Path, tmp_path: Path) -> None:
    numbers = random.Random(7)
    pcm = sweep(0.5) + array("h", [numbers.randint(-32768, 32767) for _ in range(4001)]).tobytes()
    data, samples = adpcm.encode(pcm), len(pcm) // 2
    (tmp_path / "clip").write_bytes(data)
    (tmp_path / "decode.py").write_text(DECODE, encoding="utf-8")
    done = subprocess.run(
        [micropython, str(tmp_path / "decode.py"), str(tmp_path / "clip"), str(samples)],
        cwd=ROOT,
        env={**os.environ, "MICROPYPATH": "boards/unix:device:protocol:.frozen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == hashlib.sha256(adpcm.decode(data, samples)).hexdigest()
