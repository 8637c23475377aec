# SPDX-License-Identifier: Apache-2.0
"""A person's recordings become a prompt set: what is taken, and what is refused with its reason."""

import json
import shutil
import wave
from pathlib import Path

import numpy as np
import pytest

from sealdock import profile, setup
from sealdock.cli import run
from sealdock.home import Home
from sealdock.prompts import build, imported, recorded, sound
from sealdock.prompts.promptset import PromptSet
from sealdock.prompts.script import PAUSES
from sealdock.station import Station
from sealproto import clips, cose, objects

OFFICER = clips.OFFICER_STATE_REASON
TEXT = "请执法人员说明原因"


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> tuple[PromptSet, Path]:
    """A whole set, and the folder of its recordings, as somebody might have made them: 44.1 kHz, softer, with rests at the ends."""
    made = build.build(profile.load("luoping"))
    folder = tmp_path_factory.mktemp("录音 recordings")
    for clip in made.clips:
        if clip.number not in PAUSES and clip.number != clips.TONE:
            write(folder / f"{clip.number:04}.wav", voice(clip.pcm()), 44_100)
    return made, folder


def voice(pcm: bytes, rate: int = 44_100) -> np.ndarray:
    heard = np.frombuffer(pcm, "<i2").astype(np.float64) / 32768
    at = np.arange(len(heard) * rate // sound.RATE) * sound.RATE / rate
    noise = np.random.default_rng(len(heard)).normal(0, 0.0002, len(at) + rate // 2)
    noise[rate // 4 : rate // 4 + len(at)] += 0.4 * np.interp(at, np.arange(len(heard)), heard)
    return noise


def write(path: Path, heard: np.ndarray, rate: int = 44_100, channels: int = 1) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.clip(np.round(heard * 32768), -32768, 32767).astype("<i2").tobytes())


@pytest.fixture
def folder(spoken: tuple[PromptSet, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(spoken[1], tmp_path / "录音"))


@pytest.fixture
def heard(spoken: tuple[PromptSet, Path]) -> np.ndarray:
    return voice(spoken[0][OFFICER].pcm())


def found(folder: Path) -> list[tuple[str, str]]:
    findings = imported.read(profile.load("luoping"), folder)
    assert (findings.prompts is None) == bool(findings.problems)
    return [(name, problem.key) for name, problem in findings.problems]


def test_good_recordings_become_a_set_like_a_built_one(spoken: tuple[PromptSet, Path], folder: Path) -> None:
    made = spoken[0]
    prompts = imported.read(profile.load("luoping"), folder).prompts
    assert prompts is not None and prompts.texts == made.texts and prompts.rate == 16_000
    for clip in prompts.clips:
        assert abs(clip.samples - made[clip.number].samples) < 0.08 * 16_000 + 0.1 * clip.samples, clip.text
    level = [np.sqrt(np.mean(sound.trimmed(sound.from_pcm(p[clips.ANNOUNCEMENT].pcm())) ** 2)) for p in (made, prompts)]
    assert 0.7 < level[1] / level[0] < 1.4


def faults(path: Path) -> list[str]:
    return [problem.key for problem in recorded.read(path.read_bytes(), TEXT)[1]]


def test_each_fault_is_named(heard: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "one.wav"
    makers = {
        "recording-silent": lambda: write(path, heard * 0),
        "recording-clipped": lambda: write(path, heard * 30),
        "recording-quiet": lambda: write(path, heard * 0.03),
        "recording-noisy": lambda: write(path, heard + np.random.default_rng(1).normal(0, 0.02, len(heard))),
        "recording-cut": lambda: write(path, heard[15_000:-15_000]),
        "recording-pause": lambda: write(path, np.insert(heard, len(heard) // 2, np.zeros(70_000))),
        "recording-channels": lambda: write(path, np.repeat(heard, 2), channels=2),
        "recording-rate": lambda: write(path, heard, 8_000),
        "recording-no-wav": lambda: path.write_bytes(b"RIFF" + bytes(40)),
    }
    for key, make in makers.items():
        make()
        assert key in faults(path), key
    write(path, heard)
    assert faults(path) == []


def test_another_text_is_seen_by_its_length(spoken: tuple[PromptSet, Path]) -> None:
    assert faults(spoken[1] / f"{clips.ANNOUNCEMENT:04}.wav") == ["recording-length"]


def test_width_is_named() -> None:
    assert [problem.key for problem in recorded._shape(1, 3, 16_000)] == ["recording-width"]


def test_files_that_are_no_clip_are_named(folder: Path) -> None:
    shutil.copyfile(folder / f"{OFFICER:04}.wav", folder / "9999.wav")
    shutil.copyfile(folder / f"{OFFICER:04}.wav", folder / "notes.WAV")
    shutil.copyfile(folder / f"{OFFICER:04}.wav", folder / f"{OFFICER}.wav")
    shutil.copyfile(folder / f"{OFFICER:04}.wav", folder / f"{clips.COMMA:04}.wav")
    wrong = found(folder)
    assert {key for _, key in wrong} == {"recording-unknown", "recording-twice"} and len(wrong) == 4


def test_a_station_signs_what_was_imported_and_refuses_the_rest_whole(
    folder: Path, heard: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    home = Home(tmp_path / "home")
    setup.init(home, "luoping")
    command = ["--home", str(tmp_path / "home"), "prompts", "import", str(folder)]
    write(folder / f"{OFFICER:04}.wav", heard * 0.03)
    assert run(command) == 1
    said = capsys.readouterr()
    assert f"{OFFICER:04}.wav: is too quiet" in said.out and "nothing was changed" in said.err
    with Station.open(home) as station:
        assert station.prompts is None
    (folder / f"{OFFICER:04}.wav").unlink()
    assert run([*command, "--json"]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[0])["problems"][0]["code"] == "recording-missing"
    assert run([*command, "--fill", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    with Station.open(home) as station:
        assert station.prompts is not None
        fields = objects.read(cose.PROMPTS, station.prompts[0])[1]
    assert value["clips"] == len(fields["clips"]) and value["bytes"] == len(station.prompts[1])
