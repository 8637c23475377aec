# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""Looks at running sound every 4 ms: a ring of samples, a spectrum of 16 ms, the strongest line of a band. 4 KiB, then no more."""

from array import array
from math import sqrt

import micropython

from sealcam.sound.spectrum import Spectrum, sine

HOP = 64  # samples between two looks
_RING = 512


@micropython.viper
def _take(ring: ptr8, at: int, mask: int, pcm: ptr8, samples: int):
    i = 0
    while i < 2 * samples:
        ring[((at << 1) + i) & mask] = pcm[i]
        i += 1


@micropython.viper
def eighths(value: int) -> int:
    """8 log2(value), the fraction along straight lines; 0 for 0."""
    if value < 1:
        return 0
    whole = 3
    while value >= 16:
        value >>= 1
        whole += 1
    if value < 8:
        while value < 8:
            value <<= 1
            whole -= 1
    return whole * 8 + (value - 8)


@micropython.viper
def _strongest(energies: ptr32, count: int) -> int:
    """Strongest line, and above 8 bits how far it stands out of the mean in eighths of an octave."""
    best = 0
    most = 0
    total = 0
    i = 0
    while i < count:
        energy = int(energies[i])
        total += energy >> 5
        if energy > most:
            most = energy
            best = i
        i += 1
    return best | (int(eighths(most)) - int(eighths(total))) << 8


class Hops:
    """Base of what hears something. `see(frame)` is called for each look that `wants(frame)` and may read `energies`."""

    def __init__(self, first_line: int, lines: int) -> None:
        self._ring = array("H", [0] * _RING)
        self._spectrum = Spectrum(sine(), first_line, lines)
        self._count = lines
        self.energies = array("I", [0] * lines)
        self._samples = 0
        self._frame = 0  # number of the next look, which ends at sample 256 + 64 * number

    def wants(self, frame: int) -> bool:
        """Whether the look, or the one after it, is of use."""
        return True

    def see(self, frame: int) -> None:
        raise NotImplementedError

    def feed(self, pcm: memoryview) -> None:
        """16-bit samples at 16 kHz, as many as there are; nothing may be left out."""
        at = 0
        while at < len(pcm):
            count = min(len(pcm) - at, 4 * HOP) // 2
            _take(self._ring, self._samples, 2 * _RING - 1, pcm[at : at + 2 * count], count)
            self._samples += count
            at += 2 * count
            while self._samples >= (self._frame + 1) * HOP + 256:
                self._pair()

    def _pair(self) -> None:
        """Two looks, 64 samples apart."""
        frame = self._frame
        self._frame += 2
        if not self.wants(frame):
            return
        self._spectrum.look(self._ring, frame * HOP, HOP)
        for second in (0, 1):
            self._spectrum.energies(second, self.energies)
            self.see(frame + second)

    def strongest(self) -> int:
        """Of the look that is seen: the strongest line, and above 8 bits how far it stands out of the mean in eighths of an octave."""
        return _strongest(self.energies, self._count)

    def amplitude(self, line: int) -> int:
        """Of a tone on that line in the look that is seen, as the largest step between neighbouring samples that it makes."""
        steps = 2 * sqrt(self.energies[line])
        return int(steps * 2**-self._spectrum.left)
