# SPDX-License-Identifier: Apache-2.0
"""Making clips fit to be strung together: edges trimmed, equally loud, no peak that a small speaker would clip."""

import numpy as np
import numpy.typing as npt

RATE = 16_000
EDGE_MS = 20  # of quiet left at each end, so that words neither click nor run into each other
LOUDNESS_DB = -17.0  # RMS of the spoken parts, relative to full scale
PEAK_DB = -1.5
_QUIET_DB = -45.0  # below the loudest 10 ms: no speech
_FRAME = RATE // 100
_LOOK_AHEAD = RATE // 200

Floats = npt.NDArray[np.float64]


def finished(pcm: bytes) -> bytes:
    """The clip of one spoken text: 16-bit PCM in, 16-bit PCM out."""
    return to_pcm(limited(levelled(trimmed(from_pcm(pcm)))))


def from_pcm(pcm: bytes) -> Floats:
    """Samples between -1 and 1 of 16-bit little-endian PCM."""
    return np.frombuffer(pcm, "<i2").astype(np.float64) / 32768


def to_pcm(sound: Floats) -> bytes:
    return np.clip(np.round(sound * 32768), -32768, 32767).astype("<i2").tobytes()


def _frame_rms(sound: Floats) -> Floats:
    whole = sound[: len(sound) // _FRAME * _FRAME].reshape(-1, _FRAME)
    return np.sqrt(np.mean(whole**2, axis=1))


def trimmed(sound: Floats) -> Floats:
    """Without the quiet at both ends but EDGE_MS, which is faded."""
    rms = _frame_rms(sound)
    spoken = np.flatnonzero(rms > rms.max(initial=0) * 10 ** (_QUIET_DB / 20))
    if not len(spoken):
        return sound
    edge = RATE * EDGE_MS // 1000
    first, last = spoken[0] * _FRAME, (spoken[-1] + 1) * _FRAME
    out = np.concatenate([np.zeros(edge), sound, np.zeros(edge)])[first : last + 2 * edge]
    ramp = np.linspace(0, 1, edge)
    out[:edge] *= ramp
    out[-edge:] *= ramp[::-1]
    return out


def levelled(sound: Floats) -> Floats:
    """Its spoken parts (within 20 dB of the loudest) at LOUDNESS_DB."""
    rms = _frame_rms(sound)
    spoken = rms[rms > rms.max(initial=0) / 10]
    level = float(np.sqrt(np.mean(spoken**2))) if len(spoken) else 0.0
    return sound * (10 ** (LOUDNESS_DB / 20) / level) if level else sound


def limited(sound: Floats) -> Floats:
    """No sample above PEAK_DB: the gain falls before each peak and comes back after it, without a corner."""
    ceiling = 10 ** (PEAK_DB / 20)
    need = ceiling / np.maximum(np.abs(sound), ceiling)
    window = 2 * _LOOK_AHEAD + 1
    lowest = np.lib.stride_tricks.sliding_window_view(np.pad(need, _LOOK_AHEAD * 2, mode="edge"), window).min(axis=1)
    # The mean of minima over the same window never exceeds what the sample in its middle needs.
    gain = np.convolve(lowest, np.ones(window) / window, mode="valid")
    return sound * gain


def silence(ms: int) -> bytes:
    return bytes(RATE * ms // 1000 * 2)


def rising_tone(ms: int = 300) -> bytes:
    """A rising tone from 600 to 2400 Hz by which the recorder hears whether its own speaker works."""
    t = np.arange(RATE * ms // 1000) / RATE
    length = ms / 1000
    sweep = np.sin(2 * np.pi * (600 * t + (2400 - 600) * t**2 / (2 * length)))
    edge = np.minimum(1, np.minimum(t, length - t) / 0.02)
    return to_pcm(0.5 * sweep * edge)
