# SPDX-License-Identifier: Apache-2.0
"""Whether a prompt can be heard in the evidence: a piecewise matched filter.

The prompt is cut into pieces of one second. Each is looked for by itself by normalised cross-correlation, and the prompt
was heard when most pieces were found where one common offset puts them. Clock drift moves pieces by less than the
tolerance, noise and other speech scatter them. Correlating the whole prompt at once separates badly.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PIECE_S = 1.0
SHORTEST_PIECE_S = 0.1
FEWEST_PIECES = 3  # a short prompt is cut finer, so that pieces can disagree
TOLERANCE_S = 0.020
MOST = 2 / 3
BLOCK_S = 60.0  # of evidence looked at in one transform

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """`offset_s`: where the prompt begins in the evidence. `score`: mean correlation of the pieces that agree, 0 to 1."""

    offset_s: float
    agreeing: int
    pieces: int
    score: float

    @property
    def heard(self) -> bool:
        """Most pieces agree; half a prompt, or another one with the same first words, does not count."""
        return self.pieces > 0 and self.agreeing > MOST * self.pieces


def find(evidence_pcm: bytes, prompt_pcm: bytes, rate: int) -> Heard:
    """Looks for the prompt in the evidence, both 16-bit little-endian mono PCM of the same rate.

    ValueError when the prompt is too short to be told from chance or `rate` is not positive.
    """
    evidence, prompt = _samples(evidence_pcm), _samples(prompt_pcm)
    size = min(int(PIECE_S * rate), len(prompt) // FEWEST_PIECES)
    if rate <= 0 or size < SHORTEST_PIECE_S * rate:
        raise ValueError("the prompt is too short to be found")
    pieces = [(start, prompt[start : start + size]) for start in range(0, len(prompt) - size + 1, size)]
    pieces = [(start, piece) for start, piece in pieces if np.any(piece)]  # a pause is nowhere to be found
    step = max(int(BLOCK_S * rate), len(prompt))
    best = Heard(0.0, 0, len(pieces), 0.0)
    for start in range(0, max(len(evidence) - size, 0) + 1, step):
        # Blocks overlap by a prompt, so that one on the border is whole in one of them.
        found = _find_in(evidence[start : start + step + len(prompt)], pieces, rate, start)
        best = max(best, found, key=lambda one: (one.agreeing, one.score))
    return best


def _samples(pcm: bytes) -> Floats:
    return np.frombuffer(pcm, "<i2").astype(np.float64)


def _find_in(block: Floats, pieces: list[tuple[int, Floats]], rate: int, start: int) -> Heard:
    size = len(pieces[0][1]) if pieces else 0
    if len(block) < size or not pieces:
        return Heard(0.0, 0, len(pieces), 0.0)
    length = 1 << (len(block) + size - 1).bit_length()
    spectrum = np.fft.rfft(block, length)
    energy = _window_energy(block, size)
    lags, scores = np.empty(len(pieces)), np.empty(len(pieces))
    for number, (begins, piece) in enumerate(pieces):
        correlation = np.fft.irfft(spectrum * np.conj(np.fft.rfft(piece, length)), length)[: len(energy)]
        normal = np.divide(correlation, energy * np.linalg.norm(piece), out=np.zeros_like(energy), where=energy > 0)
        place = int(normal.argmax())
        lags[number] = place - begins
        scores[number] = normal[place]
    return _vote(lags, scores, rate, start)


def _window_energy(block: Floats, size: int) -> Floats:
    """Norm of each window of `size` samples; 0 where there is nothing louder than the coarsest rounding."""
    total = np.concatenate([[0.0], np.cumsum(block**2)])
    squares = total[size:] - total[:-size]
    return np.where(squares > size, np.sqrt(np.maximum(squares, 0)), 0.0)


def _vote(lags: Floats, scores: Floats, rate: int, start: int) -> Heard:
    """The offset on which most pieces agree."""
    best = Heard(0.0, 0, len(lags), 0.0)
    for lag in lags[scores > 0]:
        near = (np.abs(lags - lag) <= TOLERANCE_S * rate / 2) & (scores > 0)
        offset = (start + float(np.median(lags[near]))) / rate
        vote = Heard(offset, int(near.sum()), len(lags), float(scores[near].mean()))
        best = max(best, vote, key=lambda one: (one.agreeing, one.score))
    return best
