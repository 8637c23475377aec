# SPDX-License-Identifier: Apache-2.0
"""Size and rate of what a simulated recorder's sensors give."""

from dataclasses import dataclass

RATE = 16000  # samples of sound a second


@dataclass(frozen=True)
class Shape:
    """What the recorder's sensors give. `seconds` is the most that is taken from a file."""

    width: int = 640
    height: int = 480
    fps: int = 15
    seconds: int = 180
    frame_bytes: int = 18_000  # mean size of a picture; quality is chosen to keep below it
