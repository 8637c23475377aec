# SPDX-License-Identifier: Apache-2.0
"""What the speaker says is in the microphone, at the right place, and in heard.wav."""

import json
import wave
from pathlib import Path

import numpy as np
import pytest
from tests.unit.sim.conftest import Build, traces

from sealsim.recorder import Recorder
from sealsim.sound import played


def evidence(recorder: Recorder) -> np.ndarray:
    """What the application recorded, from the recorder's start on."""
    return np.fromfile(recorder.home / "card.bin", "<i2").astype(float)


def spoken(recorder: Recorder) -> tuple[int, np.ndarray]:
    """Number of the first sample since start, and the samples, from the sound log."""
    blocks = list(played(recorder.home))
    first = blocks[0].first - recorder.reel_epoch_ms * 16
    whole = np.concatenate([block.samples for block in blocks])
    assert blocks[-1].after - blocks[0].first == len(whole)
    return first, whole.astype(float)


def match(heard: np.ndarray, sound: np.ndarray) -> tuple[int, float]:
    """Matched filter: the best place and its normalised correlation."""
    score = np.correlate(heard, sound, "valid")
    place = int(np.argmax(score))
    piece = heard[place : place + len(sound)]
    return place, float(score[place] / (np.linalg.norm(piece) * np.linalg.norm(sound)))


def test_the_speaker_is_in_the_microphone(build: Build) -> None:
    recorder = build("sound")
    recorder.start()
    recorder.run_for(3000)
    first, sound = spoken(recorder)
    assert len(sound) == 8000
    place, similarity = match(evidence(recorder)[:40000], sound)
    assert place - first == 12 * 16
    assert similarity > 0.95
    assert abs(np.abs(evidence(recorder)[place : place + 8000]).max() / np.abs(sound).max() - 0.5) < 0.02


def test_a_dead_speaker_is_not(build: Build) -> None:
    recorder = build("sound")
    recorder.start()
    recorder.op("speaker", fault="dead")
    recorder.run_for(3000)
    assert not evidence(recorder).any() or np.abs(evidence(recorder)).max() < 64


def test_the_queue_is_honest(build: Build) -> None:
    recorder = build("sound")
    recorder.start()
    recorder.run_for(3000)
    taken = traces(recorder, "taken")
    assert sum(count for count, _ in taken) == 16000
    assert max(pending for _, pending in taken) <= 510
    spoke = next(event for event in recorder.events if event.name == "spoke")
    assert spoke["ms"] == 500
    assert spoke["start"] == recorder.reel_epoch_ms + 1010


def test_a_voice_nearby_and_lost_samples(build: Build) -> None:
    recorder = build("sound")
    recorder.start()
    recorder.run_for(200)
    voice = (np.random.default_rng(1).normal(0, 3000, 8000)).astype("<i2")
    assert recorder.say(voice.tobytes(), "the officer") == 500
    recorder.run_for(800)
    place, similarity = match(evidence(recorder)[:12000], voice.astype(float))
    assert place == 200 * 16
    assert similarity > 0.99
    recorder.op("microphone", drop=160)
    recorder.run_for(100)
    assert traces(recorder, "lost")[-1][0] == 160


def test_heard_leaves_out_long_silence(build: Build, tmp_path: Path) -> None:
    recorder = build("sound")
    recorder.start()
    recorder.run_for(60_000)
    recorder.say(np.full(16000, 9000, "<i2").tobytes(), "a word")
    recorder.run_for(3000)
    out = tmp_path / "heard.wav"
    parts = recorder.heard(out)
    assert [(part.wav_ms, part.ms) for part in parts] == [(0, 2500), (2500, 3000)]
    assert parts[1].world_ms == recorder.reel_epoch_ms + 59_000
    assert json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))["parts"][1]["wav_ms"] == 2500
    with wave.open(str(out)) as file:
        samples = np.frombuffer(file.readframes(-1), "<i2").astype(float)
    assert len(samples) == 5500 * 16
    _, sound = spoken(recorder)
    place, similarity = match(samples, sound)
    assert (place, round(similarity, 2)) == (16000, 1.0)


def test_a_log_cut_off_by_a_kill_still_reads(build: Build) -> None:
    recorder = build("sound")
    recorder.start()
    recorder.run_for(1300)
    recorder.power_cut()
    log = recorder.home / "sound.log"
    whole = sum(len(block.samples) for block in played(recorder.home))
    assert whole == pytest.approx(290 * 16, abs=16)
    log.write_bytes(log.read_bytes()[:-101])
    assert sum(len(block.samples) for block in played(recorder.home)) == whole - 51
