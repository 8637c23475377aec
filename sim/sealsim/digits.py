# SPDX-License-Identifier: Apache-2.0
"""Digits of 3 x 5 squares, enough for a clock in a picture."""

from typing import Any

import numpy as np

# Rows from the top, three bits each.
SHAPES = {
    "0": (7, 5, 5, 5, 7),
    "1": (2, 6, 2, 2, 7),
    "2": (7, 1, 7, 4, 7),
    "3": (7, 1, 7, 1, 7),
    "4": (5, 5, 7, 1, 1),
    "5": (7, 4, 7, 1, 7),
    "6": (7, 4, 7, 5, 7),
    "7": (7, 1, 1, 2, 2),
    "8": (7, 5, 7, 5, 7),
    "9": (7, 5, 7, 1, 7),
    ":": (0, 2, 0, 2, 0),
    "F": (7, 4, 6, 4, 4),
    " ": (0, 0, 0, 0, 0),
}


def write(pixels: np.ndarray[Any, np.dtype[np.uint8]], x: int, y: int, size: int, words: str, colour: tuple[int, int, int]) -> None:
    """Draws at (x, y), each square `size` pixels wide."""
    for place, sign in enumerate(words):
        for row, bits in enumerate(SHAPES[sign]):
            for column in range(3):
                if bits & (4 >> column):
                    left, top = x + (place * 4 + column) * size, y + row * size
                    pixels[top : top + size, left : left + size] = colour
