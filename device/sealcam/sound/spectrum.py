# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""A spectrum of sound in whole numbers: 256 samples at 16 kHz, lines 62.5 Hz apart, two stretches at the price of one.

Two real signals fill the real and the imaginary half of one complex transform and are told apart afterwards. Numbers in
arrays are kept positive by adding 2 ** 17, since native code on 64-bit machines reads 32-bit words without their sign.
Allocates nothing after the constructor.
"""

from array import array
from math import pi, sin

import micropython

POINTS = 256


def sine() -> array:
    """One turn in 256 steps: 32768 + 16384 sin(2 pi n / 256), 16 bits each."""
    return array("H", [32768 + round(16384 * sin(2 * pi * n / POINTS)) for n in range(POINTS)])


@micropython.viper
def _loudest(ring: ptr16, at: int, mask: int, samples: int) -> int:
    """The largest step from a sample to the next."""
    last = int(ring[(at - 1) & mask]) ^ 32768
    most = 0
    i = 0
    while i < samples:
        value = int(ring[(at + i) & mask]) ^ 32768
        step = value - last
        if step < 0:
            step = 0 - step
        if step > most:
            most = step
        last = value
        i += 1
    return most


@micropython.viper
def _load(ring: ptr16, at: int, mask: int, order: ptr8, out: ptr32, left: int):
    """Fills `out` with the steps between samples, which silences rumble; `left`: bits to shift, negative to the right."""
    last = int(ring[(at - 1) & mask]) ^ 32768
    i = 0
    while i < 256:
        value = int(ring[(at + i) & mask]) ^ 32768
        step = value - last
        if left < 0:
            step >>= 0 - left
        else:
            step <<= left
        out[int(order[i])] = step + (1 << 17)
        last = value
        i += 1


@micropython.viper
def _transform(re: ptr32, im: ptr32, turn: ptr16):
    """In place, input in bit-reversed order; the result is divided by 256."""
    half = 1
    while half < 256:
        k = 0
        while k < half:
            angle = k * 128 // half
            c = int(turn[(angle + 64) & 255]) - 32768
            s = int(turn[angle]) - 32768
            i = k
            while i < 256:
                j = i + half
                xr = int(re[j]) - (1 << 17)
                xi = int(im[j]) - (1 << 17)
                tr = (xr * c + xi * s) >> 15
                ti = (xi * c - xr * s) >> 15
                ar = (int(re[i]) + (1 << 17)) >> 1
                ai = (int(im[i]) + (1 << 17)) >> 1
                re[j] = ar - tr
                im[j] = ai - ti
                re[i] = ar + tr
                im[i] = ai + ti
                i = j + half
            k += 1
        half <<= 1


@micropython.viper
def _energies(re: ptr32, im: ptr32, first: int, count: int, second: int, out: ptr32):
    """Energies of `count` lines from `first` on; of the second signal when `second`."""
    i = 0
    while i < count:
        k = first + i
        n = 256 - k
        if second:
            real = (int(im[k]) + int(im[n]) - (1 << 18)) >> 1
            imag = (int(re[n]) - int(re[k])) >> 1
        else:
            real = (int(re[k]) + int(re[n]) - (1 << 18)) >> 1
            imag = (int(im[k]) - int(im[n])) >> 1
        out[i] = real * real + imag * imag
        i += 1


class Spectrum:
    """Looks at a ring of samples (array "H" or "h", a power of two long)."""

    def __init__(self, turn: array, first: int, count: int) -> None:
        """turn: sine(); first, count: the lines whose energies are wanted."""
        self._turn = turn
        self._first = first
        self._count = count
        self._re = array("I", [0] * POINTS)
        self._im = array("I", [0] * POINTS)
        self.left = 0  # by how many bits the last look was made louder
        self._order = bytes([_reversed(n) for n in range(POINTS)])

    def look(self, ring: array, at: int, apart: int) -> None:
        """Transforms the 256 samples from index `at` on and the 256 from `at + apart` on; both shifted to the most that fits."""
        mask = len(ring) - 1
        most = _loudest(ring, at, mask, POINTS + apart)
        left = 6
        while most << 6 >> 6 - left >= 16384:
            left -= 1
        self.left = left
        _load(ring, at, mask, self._order, self._re, left)
        _load(ring, at + apart, mask, self._order, self._im, left)
        _transform(self._re, self._im, self._turn)

    def energies(self, second: int, out: array) -> None:
        """Energies of the wanted lines of the first (0) or the second (1) stretch, comparable with one another only."""
        _energies(self._re, self._im, self._first, self._count, second, out)


def _reversed(n: int) -> int:
    out = 0
    for bit in range(8):
        out |= (n >> bit & 1) << (7 - bit)
    return out
