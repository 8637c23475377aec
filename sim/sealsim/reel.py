# SPDX-License-Identifier: Apache-2.0
"""Makes reels: what the camera and the microphone of a simulated recorder are shown, from any file that PyAV reads.

A reel is a folder in the user's cache, named by the hash of what it was made of: reel.json (width, height, fps, frames,
rate, samples), frames.jpgs (JPEG pictures one after the other), frames.idx (frames + 1 little-endian u64 offsets), sound.pcm (16 kHz mono
signed 16-bit) and dark.jpg (a covered lens). It is played round and round, so picture and sound have one length.
"""

import hashlib
import json
import shutil
import struct
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

from sealdock.errors import SealdockError
from sealsim.jpeg import Encoder, Picture
from sealsim.media import pictures, sound
from sealsim.paths import cache
from sealsim.shape import RATE, Shape

FORMAT = 4


def from_file(media: Path, shape: Shape | None = None) -> Path:
    """The reel of a media file. A file without picture shows a grey card, a file without sound is silent.

    SealdockError when PyAV finds neither in it.
    """
    shape = shape or Shape()
    try:
        key = _key("file", _digest(media), shape)
    except OSError as error:
        raise SealdockError(f"cannot read {media}: {error.strerror}") from error
    return _cached(key) or _make(key, pictures(media, shape), sound(media, shape.seconds), shape)


def default(shape: Shape | None = None) -> Path:
    """The generated scene: a market with people, a clock, and a voice."""
    from sealsim import scene  # drawing and speech are loaded only where the scene is not yet made

    shape = shape or Shape()
    key = _key("scene", hashlib.sha256(Path(scene.__file__).read_bytes()).hexdigest(), shape)
    return _cached(key) or _make(key, scene.pictures(shape), scene.sound(), shape)


def quiet(shape: Shape | None = None, seconds: int = 4) -> Path:
    """A grey card and silence, for tests and for recorders without a camera."""
    shape = shape or Shape(width=64, height=48)
    key = _key("quiet", str(seconds), shape)
    return _cached(key) or _make(key, iter(()), np.zeros(seconds * RATE, np.int16), shape)


def _make(key: str, frames: Iterable[Picture], samples: np.ndarray, shape: Shape) -> Path:
    samples = samples[: shape.seconds * RATE]
    home = cache() / "reels"
    home.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="making-", dir=home))
    try:
        count = _write_pictures(work, frames, shape, len(samples) / RATE)
        length = count * RATE // shape.fps
        whole = np.zeros(length, "<i2")
        whole[: min(length, len(samples))] = samples[:length]
        (work / "sound.pcm").write_bytes(whole.tobytes())
        facts = {**asdict(shape), "frames": count, "rate": RATE, "samples": length}
        (work / "reel.json").write_text(json.dumps(facts), encoding="utf-8")
        return _publish(work, home / key)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _write_pictures(work: Path, frames: Iterable[Picture], shape: Shape, sound_s: float) -> int:
    """Encodes all frames; the last one stands as long as the sound goes on. Returns their number."""
    encoder = Encoder(shape.width, shape.height)
    grey = np.full((shape.height, shape.width, 3), 96, np.uint8)
    (work / "dark.jpg").write_bytes(encoder.encode(np.full_like(grey, 4)))
    offsets = [0]
    with (work / "frames.jpgs").open("wb") as out:
        jpeg = b""
        for jpeg in _within_size(encoder, frames, shape.frame_bytes):
            offsets.append(offsets[-1] + out.write(jpeg))
        jpeg = jpeg or encoder.encode(grey)
        while len(offsets) <= max(1, round(sound_s * shape.fps)):
            offsets.append(offsets[-1] + out.write(jpeg))
    (work / "frames.idx").write_bytes(struct.pack(f"<{len(offsets)}Q", *offsets))
    return len(offsets) - 1


def _within_size(encoder: Encoder, frames: Iterable[Picture], limit: int) -> Iterator[bytes]:
    """Encodes, with quality following the sizes: coarser when pictures get too big, finer when there is room."""
    for picture in frames:
        jpeg = encoder.encode(picture)
        while len(jpeg) > 1.3 * limit and encoder.coarser():
            jpeg = encoder.encode(picture)
        if len(jpeg) < limit // 2:
            encoder.finer()
        yield jpeg


def _publish(work: Path, final: Path) -> Path:
    """Moves the finished reel into place; another process may have been faster."""
    try:
        work.rename(final)
    except OSError:
        if not (final / "reel.json").is_file():
            raise
    return final


def _cached(key: str) -> Path | None:
    folder = cache() / "reels" / key
    return folder if (folder / "reel.json").is_file() else None


def _key(kind: str, content: str, shape: Shape) -> str:
    return hashlib.sha256(f"{FORMAT} {kind} {content} {shape}".encode()).hexdigest()[:24]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
