# SPDX-License-Identifier: Apache-2.0
"""JPEG pictures as a camera's sensor gives them, encoded by PyAV."""

from fractions import Fraction
from typing import Any

import av
import numpy as np

# Height x width x 3 (RGB), 8 bits.
Picture = np.ndarray[Any, np.dtype[np.uint8]]

_FINEST, _COARSEST = 3, 24


class Encoder:
    """One size of picture. Quality is the codec's scale, 2 the finest and 31 the coarsest."""

    def __init__(self, width: int, height: int, quality: int = 6) -> None:
        self.width = width
        self.height = height
        self.quality = quality
        self._codec = self._open()

    def encode(self, picture: Picture) -> bytes:
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        frame = frame.reformat(format="yuvj420p")
        frame.pts = None
        return b"".join(bytes(packet) for packet in self._codec.encode(frame))

    def coarser(self) -> bool:
        """False when it cannot get coarser."""
        return self._change(min(_COARSEST, self.quality + 2))

    def finer(self) -> bool:
        return self._change(max(_FINEST, self.quality - 1))

    def _change(self, quality: int) -> bool:
        if quality == self.quality:
            return False
        self.quality = quality
        self._codec = self._open()
        return True

    def _open(self) -> "av.VideoCodecContext":
        codec = av.CodecContext.create("mjpeg", "w")
        assert isinstance(codec, av.VideoCodecContext)
        codec.width = self.width
        codec.height = self.height
        codec.pix_fmt = "yuvj420p"
        codec.time_base = Fraction(1, 15)
        codec.thread_count = 1
        codec.qmin = codec.qmax = self.quality
        codec.flags |= av.codec.context.Flags.bitexact
        return codec
