# SPDX-License-Identifier: Apache-2.0
"""The generated scene: a market stall on a street, people who walk by, a clock with frame numbers, a voice.

Everything is drawn from the frame's number, so the same scene always gives the same reel.
"""

from collections.abc import Iterator

import numpy as np

from sealsim.digits import write
from sealsim.jpeg import Picture
from sealsim.shape import RATE, Shape

SECONDS = 40
# Drawn for this size and scaled by whole coordinates.
_WIDTH, _HEIGHT = 640, 480

TALK = (
    "老板，这个西瓜怎么卖？两块五一斤，保甜，不甜不要钱。给我挑一个。好嘞，这个八斤六两，二十一块五。",
    "老板，你的摊子摆到人行道上了，行人走不过去。不好意思，我马上往里面搬。",
    "新鲜的橘子，又大又甜！过来看一看，尝一尝。请问地铁站怎么走？往前走两百米，右手边就是。",
)

SKY, PAVEMENT, WALL, ROAD = (158, 190, 214), (150, 146, 138), (186, 164, 136), (92, 92, 96)
WOOD, DARK = (124, 84, 50), (40, 34, 30)
FRUIT = ((222, 130, 30), (60, 130, 50), (196, 40, 44), (232, 206, 70))


class Canvas:
    """An RGB picture with the coordinates of a 640 x 480 drawing."""

    def __init__(self, shape: Shape) -> None:
        self._x = shape.width / _WIDTH
        self._y = shape.height / _HEIGHT
        self.pixels = np.zeros((shape.height, shape.width, 3), np.uint8)
        self._rows, self._columns = np.ogrid[: shape.height, : shape.width]

    def copy_from(self, other: "Canvas") -> None:
        self.pixels[:] = other.pixels

    def box(self, left: float, top: float, right: float, bottom: float, colour: tuple[int, int, int]) -> None:
        y0, y1 = max(0, round(top * self._y)), max(0, round(bottom * self._y))
        x0, x1 = max(0, round(left * self._x)), max(0, round(right * self._x))
        self.pixels[y0:y1, x0:x1] = colour

    def disc(self, x: float, y: float, radius: float, colour: tuple[int, int, int]) -> None:
        x, y, wide, high = x * self._x, y * self._y, max(1.0, radius * self._x), max(1.0, radius * self._y)
        rows = slice(max(0, int(y - high)), max(0, int(y + high) + 1))
        columns = slice(max(0, int(x - wide)), max(0, int(x + wide) + 1))
        inside = ((self._rows[rows] - y) / high) ** 2 + ((self._columns[:, columns] - x) / wide) ** 2 <= 1
        self.pixels[rows, columns][inside] = colour

    def text(self, x: float, y: float, size: float, words: str, colour: tuple[int, int, int]) -> None:
        write(self.pixels, round(x * self._x), round(y * self._y), max(1, round(size * self._y)), words, colour)


def pictures(shape: Shape) -> Iterator[Picture]:
    """One loop of the scene."""
    street, canvas = Canvas(shape), Canvas(shape)
    _street(street)
    for number in range(min(SECONDS, shape.seconds) * shape.fps):
        canvas.copy_from(street)
        seconds = number / shape.fps
        _people(canvas, seconds)
        _awning(canvas, seconds)
        _clock(canvas, number, shape.fps)
        yield canvas.pixels


def sound() -> np.ndarray:
    """Talk at the stall, with a pause before each sentence, over the murmur of a street."""
    from sealdock.prompts.espeak import synthesize

    whole = _murmur()
    at = 2 * RATE
    for line in TALK:
        voice = np.frombuffer(synthesize(line), "<i2")
        end = min(len(whole), at + len(voice))
        whole[at:end] += 0.45 * voice[: end - at]
        at = end + 3 * RATE // 2
    return np.clip(whole, -32768, 32767).astype(np.int16)


def _street(canvas: Canvas) -> None:
    canvas.box(0, 0, 640, 170, SKY)
    canvas.box(0, 90, 640, 300, WALL)
    for window in range(8):
        canvas.box(20 + 80 * window, 110, 62 + 80 * window, 160, (96, 112, 124))
        canvas.box(24 + 80 * window, 114, 58 + 80 * window, 156, (134, 158, 172))
    canvas.box(0, 300, 640, 410, PAVEMENT)
    canvas.box(0, 410, 640, 480, ROAD)
    for dash in range(5):
        canvas.box(20 + 140 * dash, 444, 90 + 140 * dash, 450, (220, 220, 210))
    canvas.box(170, 300, 470, 380, WOOD)
    canvas.box(176, 200, 184, 300, DARK)
    canvas.box(456, 200, 464, 300, DARK)
    for crate in range(4):
        left = 182 + 72 * crate
        canvas.box(left, 286, left + 64, 320, (160, 116, 70))
        for fruit in range(12):
            canvas.disc(left + 8 + 10 * (fruit % 6), 284 - 9 * (fruit // 6), 6, FRUIT[crate])


def _awning(canvas: Canvas, seconds: float) -> None:
    """Its stripes sway in the wind."""
    for stripe in range(12):
        left = 160 + 27 * stripe
        low = 226 + 4 * np.sin(seconds * 2.1 + stripe * 0.8)
        canvas.box(left, 190, left + 27, low, (196, 52, 48) if stripe % 2 else (236, 230, 220))


def _people(canvas: Canvas, seconds: float) -> None:
    _person(canvas, 320, 272, (60, 60, 90), 1.0, np.sin(seconds * 1.3) * 3, behind=True)
    walkers = ((70, 0, (70, 110, 80)), (-52, 200, (150, 70, 90)), (38, 420, (60, 90, 140)), (-84, 610, (120, 110, 60)))
    for speed, start, coat in walkers:
        x = (start + speed * seconds) % 760 - 60
        _person(canvas, x, 330, coat, 1.25, np.sin(seconds * 6 + start) * 14)


def _person(canvas: Canvas, x: float, y: float, coat: tuple[int, int, int], size: float, step: float, behind: bool = False) -> None:
    canvas.disc(x, y - 34 * size, 13 * size, (218, 176, 146))
    canvas.disc(x, y - 41 * size, 12 * size, DARK)
    canvas.box(x - 15 * size, y - 22 * size, x + 15 * size, y + 30 * size, coat)
    if not behind:
        canvas.box(x - 9 * size - step / 2, y + 30 * size, x - 1 * size - step / 2, y + 74 * size, DARK)
        canvas.box(x + 1 * size + step / 2, y + 30 * size, x + 9 * size + step / 2, y + 74 * size, DARK)


def _clock(canvas: Canvas, number: int, fps: int) -> None:
    """Seconds and hundredths of the loop, and the frame's number, to see gaps by eye."""
    hundredths = number * 100 // fps
    canvas.box(8, 8, 256, 54, (0, 0, 0))
    canvas.text(14, 14, 5, f"{hundredths // 100:02}:{hundredths % 100:02} F{number:04}", (240, 240, 90))


def _murmur() -> np.ndarray:
    """Soft coloured noise that comes and goes, as of traffic far away."""
    random = np.random.default_rng(2026)
    noise = np.convolve(random.normal(0, 1, SECONDS * RATE + 63), np.hanning(64) / 32, "valid")
    swell = 1 + 0.5 * np.sin(2 * np.pi * np.arange(len(noise)) / RATE / 8)
    return noise * swell * 260
