# SPDX-License-Identifier: Apache-2.0
"""The announcement is found in bad evidence, and nothing else is taken for it."""

import functools

import numpy as np
import pytest

from sealdock import heard, profile
from sealdock.prompts import espeak

RATE = espeak.RATE
OFFSET_S = 3.21


@functools.cache
def spoken(text: str) -> np.ndarray:
    return np.frombuffer(espeak.synthesize(text, rate_wpm=180), "<i2").astype(float)


def announcement(name: str = "luoping") -> np.ndarray:
    return spoken(profile.load(name).announce.spoken)


def other_speech() -> np.ndarray:
    return spoken("请出示您的营业执照和进货凭证，我们现在对仓库里的货物逐一清点，请您在清单上签字确认，谢谢您的配合。")


def pcm(sound: np.ndarray) -> bytes:
    return np.clip(np.round(sound), -32768, 32767).astype("<i2").tobytes()


def power(sound: np.ndarray) -> float:
    return float(np.mean(sound**2))


def evidence(prompt: np.ndarray, snr_db: float | None, seconds: float = 20.0, seed: int = 1) -> np.ndarray:
    """The prompt at OFFSET_S in noise: pink-ish, as a street has it."""
    out = np.zeros(int(seconds * RATE))
    start = int(OFFSET_S * RATE)
    out[start : start + len(prompt)] += prompt
    if snr_db is None:
        return out
    white = np.random.default_rng(seed).standard_normal(len(out))
    noise = np.fft.irfft(np.fft.rfft(white) / np.sqrt(1 + np.arange(len(out) // 2 + 1) / 2000), len(out))
    return out * 0.2 + noise * np.sqrt(0.04 * power(prompt) / power(noise) / 10 ** (snr_db / 10))


@pytest.mark.parametrize("snr_db", [None, 10, 0, -6, -12])
def test_heard_in_noise(snr_db: float | None) -> None:
    found = heard.find(pcm(evidence(announcement(), snr_db)), pcm(announcement()), RATE)
    assert found.heard and found.agreeing >= found.pieces - 1
    assert abs(found.offset_s - OFFSET_S) < 0.005


@pytest.mark.parametrize("ppm", [-100, 100])
def test_heard_with_drift(ppm: int) -> None:
    prompt = announcement()
    drifted = np.interp(np.arange(len(prompt)) * (1 + ppm * 1e-6), np.arange(len(prompt)), prompt)
    found = heard.find(pcm(evidence(drifted, -6)), pcm(prompt), RATE)
    assert found.heard and abs(found.offset_s - OFFSET_S) < 0.005


def test_heard_through_a_poor_speaker_and_an_echo() -> None:
    prompt = announcement()
    spectrum = np.fft.rfft(prompt)
    hertz = np.fft.rfftfreq(len(prompt), 1 / RATE)
    poor = np.fft.irfft(np.where((hertz > 400) & (hertz < 3400), spectrum, 0), len(prompt))
    echo = np.concatenate([poor, np.zeros(800)]) + 0.4 * np.concatenate([np.zeros(800), poor])
    assert heard.find(pcm(evidence(echo, 0)), pcm(prompt), RATE).heard


def test_heard_late_in_a_long_recording() -> None:
    prompt = announcement()
    sound = evidence(prompt, 0, 30)
    long = np.concatenate([np.random.default_rng(2).standard_normal(100 * RATE) * 300, sound])
    found = heard.find(pcm(long), pcm(prompt), RATE)
    assert found.heard and abs(found.offset_s - 100 - OFFSET_S) < 0.005


@pytest.mark.parametrize("start_s", [55.0, 59.0, 59.9, 60.0])
def test_heard_across_the_border_of_two_blocks(start_s: float) -> None:
    prompt = announcement()
    sound = np.concatenate([np.zeros(int(start_s * RATE)), prompt, np.zeros(5 * RATE)])
    found = heard.find(pcm(sound), pcm(prompt), RATE)
    assert found.agreeing == found.pieces and abs(found.offset_s - start_s) < 0.001


def test_silence_is_not_an_announcement() -> None:
    for sound in (np.zeros(20 * RATE), np.zeros(0), np.zeros(100)):
        found = heard.find(pcm(sound), pcm(announcement()), RATE)
        assert not found.heard and found.agreeing == 0 and found.score == 0


def test_noise_is_not_an_announcement() -> None:
    noise = np.random.default_rng(3).standard_normal(60 * RATE) * 2000
    assert heard.find(pcm(noise), pcm(announcement()), RATE).agreeing <= 1


def test_other_speech_of_the_same_voice_is_not_an_announcement() -> None:
    found = heard.find(pcm(evidence(other_speech(), 20)), pcm(announcement()), RATE)
    assert not found.heard and found.agreeing <= 1


def test_an_announcement_with_the_same_first_words_is_not_this_one() -> None:
    assert not heard.find(pcm(evidence(announcement("caofeidian"), 20)), pcm(announcement()), RATE).heard


def test_half_an_announcement_is_not_heard() -> None:
    prompt = announcement()
    found = heard.find(pcm(evidence(prompt[: len(prompt) // 2], 20)), pcm(prompt), RATE)
    assert not found.heard and found.agreeing >= 2


def test_a_short_clip_is_found() -> None:
    clip = spoken("现恢复记录")
    found = heard.find(pcm(evidence(clip, 10)), pcm(clip), RATE)
    assert found.heard and abs(found.offset_s - OFFSET_S) < 0.005


def test_too_short_a_prompt_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        heard.find(bytes(RATE), pcm(spoken("一")[:1000]), RATE)


@pytest.mark.parametrize("name", profile.names())
def test_neither_missed_at_the_limits_nor_taken_for_another(name: str) -> None:
    """-12 dB and 100 ppm together, three noises; and no other bureau's announcement in the clear is this one."""
    prompt = announcement(name)
    for seed, ppm in ((1, 100), (2, -100), (3, 100)):
        drifted = np.interp(np.arange(len(prompt)) * (1 + ppm * 1e-6), np.arange(len(prompt)), prompt)
        found = heard.find(pcm(evidence(drifted, -12, seed=seed)), pcm(prompt), RATE)
        assert found.heard and abs(found.offset_s - OFFSET_S) < 0.005
        assert not heard.find(pcm(evidence(other_speech(), -12, seed=seed)), pcm(prompt), RATE).heard
    for other in set(profile.names()) - {name}:
        assert not heard.find(pcm(evidence(announcement(other), 20)), pcm(prompt), RATE).heard


def test_a_pause_inside_a_prompt_is_no_piece_that_must_be_found() -> None:
    paused = np.concatenate([spoken("现恢复记录"), np.zeros(3 * RATE), spoken("请执法人员说明原因")])
    found = heard.find(pcm(evidence(paused, 10)), pcm(paused), RATE)
    assert found.heard and abs(found.offset_s - OFFSET_S) < 0.005
