# SPDX-License-Identifier: Apache-2.0
"""Is a person's recording of one clip fit to be spoken by a recorder? Everything that is wrong with it, in words.

Edges, level and sample rate are put right afterwards; what cannot be put right is refused: what was never in the microphone, what is
cut off, distorted or drowned, and what does not say the text in any plausible time.
"""

import io
import wave
from dataclasses import dataclass

import av
import numpy as np

from . import sound
from .sound import Floats

RATES = (16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_FULL = 0.999
_RUN = 3  # so many samples in a row at full scale are a cut-off peak
QUIETEST_DB = -40.0  # speech below it was recorded too far away
NOISE_DB = -25.0  # the quiet parts, relative to the speech
LONGEST_PAUSE_S = 1.0
_SYLLABLE_S = (0.09, 0.55)  # from the fastest reader to the slowest
_ALLOWANCE_S = 0.4


@dataclass(frozen=True)
class Problem:
    """What is wrong: a key of `sealdock.text` and its values."""

    key: str
    values: dict[str, object]


def read(data: bytes, text: str) -> tuple[bytes, list[Problem]]:
    """(16-bit PCM at the recorder's rate, problems) of a WAV file that should say `text`; the PCM is empty when it could not be read."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            shape = file.getnchannels(), file.getsampwidth(), file.getframerate()
            raw = file.readframes(file.getnframes())
    except (wave.Error, EOFError):
        return b"", [_problem("recording-no-wav")]
    problems = _shape(*shape)
    if problems:
        return b"", problems
    heard = sound.from_pcm(raw[: len(raw) // 2 * 2])
    problems = _silent(heard) or [*_peaks(heard), *_level(heard, shape[2]), *_time(heard, shape[2], text)]
    return _resampled(raw, shape[2]), problems


def _problem(key: str, **values: object) -> Problem:
    return Problem(key, values)


def _shape(channels: int, width: int, rate: int) -> list[Problem]:
    found = []
    if channels != 1:
        found.append(_problem("recording-channels", channels=channels))
    if width != 2:
        found.append(_problem("recording-width", bits=width * 8))
    if rate not in RATES:
        found.append(_problem("recording-rate", rate=rate, known=", ".join(map(str, RATES))))
    return found


def _silent(heard: Floats) -> list[Problem]:
    return [_problem("recording-silent")] if not len(heard) or np.abs(heard).max() < 0.002 else []


def _peaks(heard: Floats) -> list[Problem]:
    cut = np.abs(heard) >= _FULL
    runs = np.convolve(cut, np.ones(_RUN), mode="valid") >= _RUN
    return [_problem("recording-clipped", count=int(cut.sum()))] if runs.any() else []


def _frames(heard: Floats, rate: int) -> Floats:
    """Level of each 10 ms in decibels of full scale."""
    size = rate // 100
    whole = heard[: len(heard) // size * size].reshape(-1, size)
    return 20 * np.log10(np.maximum(np.sqrt(np.mean(whole**2, axis=1)), 1e-6))


def _level(heard: Floats, rate: int) -> list[Problem]:
    levels = _frames(heard, rate)
    if len(levels) < 5:
        return []
    speech = float(np.percentile(levels, 90))
    noise = float(np.percentile(levels, 5))
    if speech < QUIETEST_DB:
        return [_problem("recording-quiet", level=round(speech), least=round(QUIETEST_DB))]
    if noise - speech > NOISE_DB and _has_rest(levels, speech):
        return [_problem("recording-noisy", distance=round(speech - noise), least=round(-NOISE_DB))]
    return []


def _has_rest(levels: Floats, speech: float) -> bool:
    """Whether anything stands out at all: a word recorded without a rest at its ends shows no noise."""
    return bool((levels < speech - 10).any()) or len(levels) > 100


def _time(heard: Floats, rate: int, text: str) -> list[Problem]:
    levels = _frames(heard, rate)
    spoken = np.flatnonzero(levels > levels.max(initial=-120) - 30)
    if not len(spoken):
        return []
    found = []
    if spoken[0] == 0 or spoken[-1] >= len(levels) - 1:
        found.append(_problem("recording-cut"))
    pause = np.diff(spoken).max(initial=0) / 100
    if pause > LONGEST_PAUSE_S:
        found.append(_problem("recording-pause", seconds=f"{pause:.1f}", most=LONGEST_PAUSE_S))
    length = (spoken[-1] - spoken[0] + 1) / 100
    syllables = sum(char.isalnum() for char in text)
    shortest, longest = _SYLLABLE_S[0] * syllables, _SYLLABLE_S[1] * syllables + _ALLOWANCE_S
    if not shortest <= length <= longest:
        found.append(_problem("recording-length", seconds=f"{length:.2f}", shortest=f"{shortest:.2f}", longest=f"{longest:.2f}"))
    return found


def _resampled(raw: bytes, rate: int) -> bytes:
    if rate == sound.RATE:
        return raw
    frame = av.AudioFrame.from_ndarray(np.frombuffer(raw, np.int16).reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = rate
    resampler = av.AudioResampler(format="s16", layout="mono", rate=sound.RATE)
    parts = [*resampler.resample(frame), *resampler.resample(None)]
    return b"".join(part.to_ndarray().astype("<i2").tobytes() for part in parts)
