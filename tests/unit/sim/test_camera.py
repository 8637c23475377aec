# SPDX-License-Identifier: Apache-2.0
"""Frames come at the sensor's rate, numbered, and show the scene."""

import io
from errno import EIO
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from tests.unit.sim.conftest import Build, traces

from sealdock.errors import SealdockError
from sealsim import reel
from sealsim.recorder import Recorder
from sealsim.shape import Shape


def picture(recorder: Recorder) -> np.ndarray:
    with av.open(io.BytesIO((recorder.home / "card.bin").read_bytes()[: 64 * 1024]), format="mjpeg") as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24")


def test_numbers_and_times(build: Build) -> None:
    recorder = build("camera", ticks_start=1000)
    recorder.start()
    recorder.run_for(300)
    frames = traces(recorder, "frame")
    assert [number for number, *_ in frames] == [0, 1, 2, 3]
    assert [exposed - 1000 for _, exposed, *_ in frames] == [66, 133, 200, 266]
    recorder.run_for(5300)
    numbers = [number for number, *_ in traces(recorder, "frame")]
    assert all(later > earlier for earlier, later in pairwise(numbers))
    assert any(later - earlier > 5 for earlier, later in pairwise(numbers))
    newest = (recorder.now_ms() - recorder.reel_epoch_ms) * 15 // 1000 - 1
    assert newest - 3 < numbers[-1] <= newest


def test_faults(build: Build) -> None:
    recorder = build("camera")
    recorder.start()
    recorder.run_for(6000)
    recorder.op("camera", fault="lost")
    recorder.run_for(100)
    assert traces(recorder, "camera")[-1] == [EIO]
    recorder.op("camera", fault=None)
    recorder.run_for(100)
    assert 90 < picture(recorder).mean() < 102
    recorder.op("camera", covered=True)
    recorder.run_for(100)
    assert picture(recorder).mean() < 12
    before = len(traces(recorder, "frame"))
    recorder.op("camera", fault="stalled")
    recorder.run_for(1000)
    assert len(traces(recorder, "frame")) == before


def test_no_camera(build: Build) -> None:
    recorder = build("panel", camera=False)
    recorder.start()
    assert recorder.on


def test_the_generated_scene_moves(build: Build) -> None:
    shape = Shape(width=320, height=240, fps=10, seconds=2)
    recorder = build("camera", reel=reel.default(shape))
    recorder.start()
    recorder.run_for(6000)
    first = picture(recorder)
    recorder.run_for(350)
    assert first.shape == (240, 320, 3)
    assert np.abs(first.astype(int) - picture(recorder)).max() > 60


def test_media_files(tmp_path: Path) -> None:
    film = tmp_path / "电影 1.mkv"
    with av.open(str(film), "w") as out:
        video = out.add_stream("mjpeg", rate=25, width=100, height=50, pix_fmt="yuvj420p")
        audio = out.add_stream("pcm_s16le", rate=44100, layout="mono")
        for number in range(50):
            frame = av.VideoFrame.from_ndarray(np.full((50, 100, 3), number * 5, np.uint8), format="rgb24")
            out.mux(video.encode(frame))
        tone = (np.sin(np.arange(3 * 44100) * 2 * np.pi * 1000 / 44100) * 9000).astype(np.int16)
        sound = av.AudioFrame.from_ndarray(tone.reshape(1, -1), format="s16", layout="mono")
        sound.sample_rate = 44100
        out.mux(audio.encode(sound))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
    made = reel.from_file(film, Shape(width=64, height=64, fps=10))
    assert made == reel.from_file(film, Shape(width=64, height=64, fps=10))
    samples = np.fromfile(made / "sound.pcm", "<i2")
    assert len(samples) == 3 * 16000
    assert np.argmax(np.abs(np.fft.rfft(samples[:16000]))) == 1000
    offsets = np.fromfile(made / "frames.idx", "<u8")
    assert len(offsets) == 31
    jpegs = (made / "frames.jpgs").read_bytes()
    with av.open(io.BytesIO(jpegs[offsets[10] : offsets[11]]), format="mjpeg") as container:
        shown = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert shown.shape == (64, 64, 3)
    assert shown[2].max() < 10  # framed above and below
    assert abs(int(shown[32, 32, 0]) - 125) < 12  # one second on: frame 25


def test_sound_that_begins_late_and_files_that_lack_a_part(tmp_path: Path) -> None:
    late = tmp_path / "late.mkv"
    with av.open(str(late), "w") as out:
        audio = out.add_stream("pcm_s16le", rate=16000, layout="mono")
        for second in (1, 2):
            sound = av.AudioFrame.from_ndarray(np.full((1, 16000), 1000 * second, np.int16), format="s16", layout="mono")
            sound.sample_rate = 16000
            sound.pts = 16000 * second
            out.mux(audio.encode(sound))
        out.mux(audio.encode(None))
    made = reel.from_file(late, Shape(width=64, height=64, fps=10))
    samples = np.fromfile(made / "sound.pcm", "<i2")
    assert [samples[8000], samples[24000], samples[40000]] == [0, 1000, 2000]
    nothing = tmp_path / "nothing.mkv"
    nothing.write_bytes(b"no media at all")
    with pytest.raises(SealdockError, match="no media file"):
        reel.from_file(nothing)
    with pytest.raises(SealdockError, match="cannot read"):
        reel.from_file(tmp_path / "absent.mkv")
