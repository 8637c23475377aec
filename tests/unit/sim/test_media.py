# SPDX-License-Identifier: Apache-2.0
"""Files that a person may give the simulated recorder to see and hear: whole, cut off, damaged, and no media at all."""

import json
import subprocess
from pathlib import Path

import pytest

from sealdock.errors import SealdockError
from sealsim import reel
from sealsim.shape import Shape

SHAPE = Shape(width=64, height=48, fps=5, seconds=10)
PICTURE = ("-f", "lavfi", "-i", "testsrc=size=80x60:rate=10:duration=4")
SOUND = ("-f", "lavfi", "-i", "sine=440:sample_rate=8000:duration=4")
KINDS = {
    "both.mp4": (*PICTURE, *SOUND, "-c:v", "mpeg4"),
    "both.mkv": (*PICTURE, *SOUND, "-c:v", "mpeg4"),
    "picture.mp4": (*PICTURE, "-c:v", "mpeg4"),
    "sound.wav": SOUND,
    "still.png": (*PICTURE, "-frames:v", "1"),
}


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media 媒体")
    for name, options in KINDS.items():
        subprocess.run(["ffmpeg", "-v", "error", *options, folder / name], check=True, stdin=subprocess.DEVNULL)
    return folder


def made(file: Path) -> tuple[int, bool, bool]:
    """Frames of a file's reel, whether its pictures differ, and whether it sounds."""
    folder = reel.from_file(file, SHAPE)
    facts = json.loads((folder / "reel.json").read_text())
    places = (folder / "frames.idx").read_bytes()
    sizes = {
        int.from_bytes(places[i + 8 : i + 16], "little") - int.from_bytes(places[i : i + 8], "little") for i in range(0, len(places) - 8, 8)
    }
    return facts["frames"], len(sizes) > 1, any((folder / "sound.pcm").read_bytes())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("both.mp4", (20, True, True)),
        ("both.mkv", (20, True, True)),
        ("picture.mp4", (20, True, False)),
        ("sound.wav", (20, False, True)),
        ("still.png", (1, False, False)),
    ],
)
def test_what_a_file_holds_is_seen_and_heard(media: Path, name: str, expected: tuple[int, bool, bool]) -> None:
    frames, moves, sounds = made(media / name)
    assert abs(frames - expected[0]) <= 1 and (moves, sounds) == expected[1:]


def test_a_file_that_was_cut_off_gives_what_is_left(media: Path) -> None:
    whole = (media / "both.mkv").read_bytes()
    (media / "cut.mkv").write_bytes(whole[: len(whole) // 2])
    frames, moves, sounds = made(media / "cut.mkv")
    assert 5 < frames < 15 and moves and sounds


def test_damaged_places_are_passed_over(media: Path) -> None:
    damaged = bytearray((media / "both.mkv").read_bytes())
    for at in range(len(damaged) // 3, 2 * len(damaged) // 3, 50):
        damaged[at] ^= 0xFF
    (media / "damaged.mkv").write_bytes(damaged)
    frames, _, sounds = made(media / "damaged.mkv")
    assert frames > 5 and sounds


@pytest.mark.parametrize("content", [b"", b"hello\n", bytes(100_000)], ids=["empty", "text", "zeros"])
def test_what_is_no_media_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no media.mp4"
    path.write_bytes(content)
    with pytest.raises(SealdockError, match="no media file that can be read") as caught:
        reel.from_file(path, SHAPE)
    assert "\n" not in str(caught.value)


def test_a_stream_of_which_nothing_decodes_is_refused(media: Path) -> None:
    head, *packets = (media / "sound.wav").read_bytes().partition(b"data")
    assert packets
    path = media / "hollow.wav"
    path.write_bytes(head + b"data" + bytes(4))
    with pytest.raises(SealdockError, match="cannot be decoded"):
        reel.from_file(path, SHAPE)
