# SPDX-License-Identifier: Apache-2.0
"""Decodes any file that PyAV reads into pictures and sound of the recorder's kind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np

from sealdock.errors import SealdockError
from sealsim.jpeg import Picture
from sealsim.shape import RATE, Shape


def pictures(media: Path, shape: Shape) -> Iterator[Picture]:
    """One picture for each 1/fps second, the newest that the file has by then, scaled to fit and framed in black."""
    with _open(media) as container:
        if not container.streams.video:
            return
        due = 0
        newest: Picture | None = None
        start: float | None = None
        for frame in _frames(container, container.streams.video[0]):
            now = frame.time or 0.0
            start = now if start is None else start
            while newest is not None and due / shape.fps < now - start:
                yield newest
                due += 1
                if due >= shape.seconds * shape.fps:
                    return
            newest = _fit(frame, shape)
        if newest is not None:
            yield newest


def sound(media: Path, seconds: int) -> np.ndarray:
    """16 kHz mono samples, aligned with the file's beginning; empty when there is no sound."""
    with _open(media) as container:
        if not container.streams.audio:
            return np.zeros(0, np.int16)
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        pieces: list[np.ndarray] = []
        have = 0
        for frame in _frames(container, container.streams.audio[0]):
            if not pieces and frame.time and frame.time > 0:
                pieces.append(np.zeros(min(int(frame.time * RATE), seconds * RATE), np.int16))
            for part in resampler.resample(frame):
                pieces.append(part.to_ndarray().reshape(-1))
                have += len(pieces[-1])
            if have >= seconds * RATE:
                break
        else:
            pieces += [part.to_ndarray().reshape(-1) for part in resampler.resample(None)]
    return np.concatenate(pieces)[: seconds * RATE] if pieces else np.zeros(0, np.int16)


def _open(media: Path) -> "av.container.InputContainer":
    try:
        container = av.open(str(media))
    except (av.FFmpegError, OSError) as error:
        raise SealdockError(f"{media} is no media file that can be read: {error.strerror}") from error
    if not container.streams.video and not container.streams.audio:
        container.close()
        raise SealdockError(f"{media} has neither picture nor sound")
    return container


def _frames(container: "av.container.InputContainer", stream: "av.stream.Stream") -> Iterator[Any]:
    """All frames of a stream that can be decoded. What cannot is passed over, as players do; SealdockError when nothing can."""
    found = False
    for packet in _packets(container, stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        found = found or bool(frames)
        yield from frames
    if not found:
        raise SealdockError(f"{container.name}: its {stream.type} cannot be decoded")


def _packets(container: "av.container.InputContainer", stream: "av.stream.Stream") -> Iterator["av.Packet"]:
    """Up to the first place where the file itself cannot be read further."""
    try:
        yield from container.demux(stream)
    except av.FFmpegError:
        return


def _fit(frame: "av.VideoFrame", shape: Shape) -> Picture:
    scale = min(shape.width / frame.width, shape.height / frame.height)
    width = max(2, round(frame.width * scale) // 2 * 2)
    height = max(2, round(frame.height * scale) // 2 * 2)
    small = np.asarray(frame.reformat(width=width, height=height, format="rgb24").to_ndarray(), np.uint8)
    if (width, height) == (shape.width, shape.height):
        return small
    framed = np.zeros((shape.height, shape.width, 3), np.uint8)
    top, left = (shape.height - height) // 2, (shape.width - width) // 2
    framed[top : top + height, left : left + width] = small
    return framed
