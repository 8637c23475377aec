# SPDX-License-Identifier: Apache-2.0
"""The main job, end to end: what it leaves, what is in it, and what was heard."""

import json
import subprocess
import sys
import wave
from pathlib import Path

import av
import pytest

from sealdock.heard import find
from sealdock.profile import load
from sealdock.prompts.build import build
from sealdock.verify import verify
from sealproto import clips, codes

from .conftest import Demo

ANNOUNCEMENT = "为保护您的合法权益，监督我的执法行为，本次执法将全程录音录像。"


def sealdock(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "sealdock", *arguments], capture_output=True, text=True, check=False)


def test_summary_says_what_happened(demo: Demo) -> None:
    summary = demo.summary
    assert summary["total"] == "authentic-with-explained-gaps"
    assert summary["interruptions"] == [
        {"cause": "battery_low", "fact": "voltage_below", "explained": True},
        {"cause": "device_fault", "fact": "power_lost", "explained": True},
    ]
    assert summary["announcements"] >= 3 and summary["segments"] >= 20 and summary["media_seconds"] > 100
    assert summary["bytes"] > 1_000_000 and summary["sync_bytes_per_s"] > 0
    assert demo.lines[-1] == summary


def test_command_line_verifies_the_package(demo: Demo) -> None:
    done = sealdock("--json", "verify", str(demo.out / "package"), "--root", demo.root)
    verdict = json.loads(done.stdout)
    assert done.returncode == 0 and verdict["simulated"] is True
    axes = {name: verdict[name] for name in ("integrity", "completeness", "key", "time")}
    assert axes == {"integrity": "intact", "completeness": "gaps explained", "key": "trusted", "time": "anchored"}
    articles = {(row["article"], row["verdict"]) for row in verdict["articles"]}
    assert {("LP12", "met"), ("LP13", "met"), ("LP14", "met"), ("LP16", "met")} <= articles
    assert not any(row["verdict"] == "not_met" for row in verdict["articles"])


def test_without_a_root_the_origin_stays_unverified(demo: Demo) -> None:
    assert verify(demo.out / "package").total == "unverified-origin"


def test_another_root_is_not_believed(demo: Demo) -> None:
    done = sealdock("--json", "verify", str(demo.out / "package"), "--root", "00" * 32)
    assert done.returncode == 3 and json.loads(done.stdout)["key"] == "untrusted"


def test_every_segment_plays(demo: Demo) -> None:
    files = sorted((demo.out / "package" / "media").glob("*.mkv"))
    assert len(files) == demo.summary["segments"]
    for path in files:
        streams = subprocess.run(
            ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "json", str(path)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert streams.stderr == ""
        assert [s["codec_name"] for s in json.loads(streams.stdout)["streams"]] == ["mjpeg", "pcm_s16le"]
        assert decoded(path)[0] > 0


def decoded(path: Path) -> tuple[int, int]:
    """Frames and samples that an ordinary player gets out of a segment."""
    with av.open(str(path)) as container:
        frames = sum(1 for _ in container.decode(video=0))
    with av.open(str(path)) as container:
        return frames, sum(frame.samples for frame in container.decode(audio=0))


def test_the_package_holds_what_the_records_count(demo: Demo) -> None:
    verdict = verify(demo.out / "package", demo.root)
    for record in verdict.session.session.segments:
        name = f"{record.fields['number']:06}.mkv"
        counted = decoded(demo.out / "package" / "media" / name)
        assert counted == (record.fields["frames"], record.fields["samples"])


@pytest.fixture(scope="module")
def heard(demo: Demo) -> bytes:
    with wave.open(str(demo.out / "heard.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16000)
        return file.readframes(file.getnframes())


def locate(heard: bytes, pcm: bytes, start: int) -> int | None:
    """The byte where a clip begins at or behind `start`; a window at a time, since a sentence may come more than once."""
    second = 32000
    for at in range(start, len(heard) - len(pcm), second):
        found = find(heard[at : at + len(pcm) + 2 * second], pcm, 16000)
        if found.heard:
            return at + int(found.offset_s * 16000) * 2
    return None


def test_the_bystander_heard_the_right_words_in_order(heard: bytes) -> None:
    """Found by matched filter against the clips, each behind the one before."""
    prompts = build(load("luoping"))
    sentences = [
        clips.ENROL_DIGITS,
        clips.PREFLIGHT,
        clips.ANNOUNCEMENT,
        clips.CAUSE_BASE + codes.CAUSE_BATTERY_LOW,
        clips.ANNOUNCEMENT,
        clips.RECORD_AT,
        clips.ANNOUNCEMENT,
        clips.RECORD_BECAUSE,
        clips.FACT_BASE + codes.FACT_POWER_LOST,
        clips.OFFICER_STATE_REASON,
        clips.RECORDING_STOPPED,
    ]
    at = 0
    for number in sentences:
        pcm = prompts[number].pcm()
        found = locate(heard, pcm, at)
        assert found is not None, f"clip {number} was not heard behind second {at / 32000:.1f}"
        at = found + len(pcm)


def test_a_clip_that_was_not_spoken_is_not_heard(heard: bytes) -> None:
    """The positive control of the test above."""
    assert locate(heard, build(load("luoping"))[clips.CAUSE_BASE + codes.CAUSE_BAD_WEATHER].pcm(), 0) is None


def test_the_story_is_told_as_it_happens(demo: Demo) -> None:
    told = [line for line in demo.lines if "who" in line]
    assert any(ANNOUNCEMENT in line["zh"] for line in told)
    times = [line["t"] for line in told if line["who"] in ("bystander hears", "recorder")]
    assert times == sorted(times)
    assert any("not-authentic" in line["en"] and "bytes" in line["en"] for line in told)
