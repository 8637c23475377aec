# SPDX-License-Identifier: Apache-2.0
"""Announcements and spoken reasons: what is signed is looked for in the sound itself."""

from hashlib import shake_128

import numpy as np
from tests.packages import RATE, Made, media, words

from sealdock.prompts import adpcm
from sealdock.verify import Verdict, verify_files
from sealdock.verify.listen import holds_words
from sealdock.verify.matroska import MediaError, read
from sealproto import codes

CLIP = adpcm.encode(shake_128(b"announcement").digest(RATE * 2 * 2))  # two seconds
PROMPT = adpcm.decode(CLIP, 2 * RATE)


def mixed(prompt: bytes, at_s: float, seconds: float) -> bytes:
    """Noise with a prompt in it at half its loudness."""
    rng = np.random.default_rng(1)
    sound = rng.normal(0, 800, int(seconds * RATE))
    played = np.frombuffer(prompt, "<i2") / 2
    start = int(at_s * RATE)
    sound[start : start + len(played)] += played
    return sound.clip(-32768, 32767).astype("<i2").tobytes()


def told(sound: bytes) -> Verdict:
    made = Made(clip=CLIP)
    made.begin()
    made.open()
    made.announce()
    made.segment(200_000, 5000, sound)
    made.builder.close()
    made.builder.receipt()
    return verify_files(made.files(), made.root)


def codes_of(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings]


def articles(verdict: Verdict, article: str) -> list[str]:
    return [a.verdict for a in verdict.articles if a.article == article]


def test_announcement_in_the_sound_is_heard() -> None:
    verdict = told(mixed(PROMPT, 0.2, 5))
    assert "heard" in codes_of(verdict) and "not-heard" not in codes_of(verdict)
    assert articles(verdict, "LP12")[0] == "met"


def test_announcement_that_is_not_in_the_sound() -> None:
    """Signed as played, but the speaker was covered: a person must judge, and the recording is authentic all the same."""
    verdict = told(mixed(b"", 0, 5))
    assert "not-heard" in codes_of(verdict)
    assert articles(verdict, "LP12")[0] == "needs_judgement"
    assert verdict.total == "authentic"


def spoken(pcm: bytes) -> Verdict:
    """Power lost; the officer's reason is a span of sound, no cause is chosen."""
    made = Made()
    made.begin()
    made.open()
    made.segment()
    made.builder.reboot()
    made.builder.interrupt(codes.FACT_POWER_LOST, codes.CAUSE_NOT_STATED, {}, late=True)
    made.resume()
    made.builder.reason_note(codes.CAUSE_NOT_STATED)
    made.segment(100_000, 2500, pcm)
    made.builder.close()
    made.builder.receipt()
    return verify_files(made.files(), made.root)


def test_spoken_reason_explains_a_gap() -> None:
    verdict = spoken(words(2500))
    assert verdict.total == "authentic-with-explained-gaps", verdict.findings
    assert articles(verdict, "LP13") == ["needs_judgement"]


def test_silence_explains_nothing() -> None:
    verdict = spoken(bytes(RATE * 5))
    assert verdict.completeness == "gaps unexplained"
    assert "note-silent" in codes_of(verdict)


def test_even_noise_is_no_speech() -> None:
    assert not holds_words(mixed(b"", 0, 3), RATE)
    assert holds_words(words(3000), RATE)
    assert not holds_words(b"", RATE)


def test_reader_counts_what_the_recorder_writes() -> None:
    found = read(media(1, 50_000, 1500))
    assert (found.frames, found.samples) == (15, 24_000)


def test_reader_refuses_what_does_not_play() -> None:
    whole = media(1, 5_000, 100)
    for broken in (b"", whole[:-1], whole[1:], b"\0" * 100, whole + b"\0"):
        try:
            read(broken)
        except MediaError:
            continue
        raise AssertionError(broken[:8])


def test_record_that_counts_other_pictures_than_the_file_holds() -> None:
    made = Made()
    made.begin()
    made.open()
    made.segment(frames=6)
    made.builder.frames += 1
    made.builder.close()
    made.builder.receipt()
    verdict = verify_files(made.files(), made.root)
    assert "count-wrong" in codes_of(verdict) and verdict.total == "incomplete"
