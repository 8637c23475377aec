# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""Hears the bursts of sealcam.sound.tones in whatever the microphone records, sample by sample, with bounded state.

Hunting, it notes the strongest of the 32 lines every 4 ms and counts how many of the last 16 symbols agree with the preamble;
where most agree, it locks. Locked, it looks once a symbol, keeps for each bit how much stronger its best line is than the best of
the other kind, and decodes at the end. A checksum that is wrong sends it hunting again.
"""

import micropython

from sealcam.sound.convolution import Decoder
from sealcam.sound.hops import HOP, Hops, eighths
from sealcam.sound.tones import BITS, CODED, FIRST_LINE, MESSAGE_BYTES, PREAMBLE, SYMBOL, SYMBOLS, TONES, parsed, place

_PER_SYMBOL = SYMBOL // HOP
_HISTORY = len(PREAMBLE) * _PER_SYMBOL
_ENOUGH = 9  # of 16 symbols: in noise alone once in years
_LINE_CAP = 48  # no line counts for more than 18 dB, whatever sounds there


@micropython.viper
def _agreement(lines: ptr8, margins: ptr8, at: int, preamble: ptr8, symbols: int, apart: int) -> int:
    """How many of the last symbols are the preamble's, and above 8 bits how far they stand out; `at`: where the last one is."""
    size = symbols * apart
    hits = 0
    score = 0
    symbol = 0
    while symbol < symbols:
        at += apart
        if at >= size:
            at -= size
        if int(lines[at]) == int(preamble[symbol]):
            hits += 1
            score += int(margins[at])
        symbol += 1
    return hits | score << 8


@micropython.viper
def _bits(energies: ptr32, count: int, cap: int, soft: ptr8, at: int, bits: int):
    """For each bit 128 + how much stronger the best line with a one is than the best with a zero."""
    bit = 0
    while bit < bits:
        ones = 0
        zeros = 0
        i = 0
        while i < count:
            energy = int(energies[i])
            if (i >> bit) & 1:
                if energy > ones:
                    ones = energy
            elif energy > zeros:
                zeros = energy
            i += 1
        more = int(eighths(ones)) - int(eighths(zeros))
        if more > cap:
            more = cap
        if more < 0 - cap:
            more = 0 - cap
        soft[at + bit] = 128 + more
        bit += 1


class Listener(Hops):
    """`feed` it all sound from the microphone; `take` gives what was heard. About 8 KiB."""

    def __init__(self) -> None:
        super().__init__(FIRST_LINE, TONES)
        self._lines = bytearray(_HISTORY)
        self._margins = bytearray(_HISTORY)
        self._air = bytearray(CODED)
        self._soft = bytearray(CODED)
        self._decoder = Decoder(MESSAGE_BYTES)
        self._heard: tuple | None = None
        self.locks = 0
        self._hunt()

    def _hunt(self) -> None:
        for at in range(_HISTORY):
            self._lines[at] = TONES  # no line: what was heard before belongs to another burst
        self._best = 0
        self._best_frame = 0
        self._due = -1  # frame of the next symbol when locked
        self._symbol = 0

    def take(self) -> tuple | None:
        """(kind, token, chain) of a burst, once."""
        heard, self._heard = self._heard, None
        return heard

    def wants(self, frame: int) -> bool:
        return self._due <= frame + 1

    def see(self, frame: int) -> None:
        if self._due < 0:
            self._compare(frame)
        elif self._due == frame:
            self._keep()

    def _compare(self, frame: int) -> None:
        found = self.strongest()
        at = frame % _HISTORY
        self._lines[at] = found & 255
        self._margins[at] = max(0, found >> 8)
        agreed = _agreement(self._lines, self._margins, at, PREAMBLE, len(PREAMBLE), _PER_SYMBOL)
        if agreed & 255 >= _ENOUGH and agreed >> 8 > self._best:
            self._best = agreed >> 8
            self._best_frame = frame
        if self._best and frame == self._best_frame + _PER_SYMBOL - 1:
            self.locks += 1
            self._due = self._best_frame + _PER_SYMBOL

    def _keep(self) -> None:
        _bits(self.energies, TONES, _LINE_CAP, self._air, self._symbol * BITS, BITS)
        self._symbol += 1
        self._due += _PER_SYMBOL
        if self._symbol == SYMBOLS:
            self._finish()

    def _finish(self) -> None:
        for coded in range(CODED):
            self._soft[coded] = self._air[place(coded)]
        self._heard = parsed(self._decoder.decode(self._soft)) or self._heard
        self._hunt()
