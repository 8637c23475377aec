# SPDX-License-Identifier: Apache-2.0
"""Listening to the evidence: is an announcement in the sound where its record has it, and are there words where a reason was marked?

A matched filter finds the announcement (`sealdock.heard`). Words are not understood here: a span counts as spoken when it holds
something louder than its own quiet moments, and the report says where to listen.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from sealdock import heard
from sealdock.prompts import adpcm
from sealproto import records as rec

from .matroska import MediaError, read
from .rules.duties_telling import announcements_of
from .rules.session import Session
from .verdict import Findings

BEFORE_S, AFTER_S = 1.0, 3.0  # around the place that the record names: the speaker's own delay
PIECE_S = 0.05
LOUD = 2.0  # loudest over quietest moments of a spoken span
LEAST = 100.0  # root mean square of 16-bit samples: below it nothing can be heard

Clips = dict[bytes, dict[int, tuple[int, bytes]]]


class Sound:
    """The session's sound by sample number. `load` gives a segment's file, or None when the package does not hold it."""

    def __init__(self, session: Session, load: Callable[[int], bytes | None]) -> None:
        self.session = session
        self.load = load
        self._last: tuple[int, bytes] = (-1, b"")

    def pcm(self, first: int, count: int) -> bytes:
        """Samples [first, first + count) as far as they are there, without what lies between parts."""
        out = []
        for record in self.session.segments:
            fields = record.fields or {}
            start, end = fields["first_sample"], fields["first_sample"] + fields["samples"]
            if end > first and start < first + count:
                data = self._segment(fields["number"])
                out.append(data[2 * max(0, first - start) : 2 * max(0, first + count - start)])
        return b"".join(out)

    def _segment(self, number: int) -> bytes:
        if self._last[0] != number:
            raw = self.load(number)
            try:
                self._last = (number, read(raw).pcm if raw is not None else b"")
            except MediaError:
                self._last = (number, b"")
        return self._last[1]


def listen(findings: Findings, session: Session, sound: Sound, clips: Clips) -> None:
    """Notes for each announcement whether it is heard, and which spoken reasons are silent."""
    for gap in session.gaps:
        for note in gap.notes:
            fields = note.fields or {}
            if fields["samples"] and not holds_words(sound.pcm(fields["first_sample"] or 0, fields["samples"]), _rate(session)):
                gap.silent.add(note.seq)
                findings.add("note-silent", record=note.seq)
    for record in announcements_of(session):
        fields = record.fields or {}
        if fields["first_sample"] is not None and fields["complete"]:
            _announcement(findings, session, sound, clips, record)


def _announcement(findings: Findings, session: Session, sound: Sound, clips: Clips, record: rec.Record) -> None:
    fields = record.fields or {}
    opened = session.parts[min(fields["part"], len(session.parts) - 1)].opened.fields or {}
    known = clips.get(opened["prompts"], {})
    if not _rate(session) or not fields["clips"]:
        return
    if any(clip not in known for clip in fields["clips"]):
        findings.add("not-looked-for", record=record.seq)
        return
    rate = _rate(session)
    prompt = b"".join(_decoded(known[clip][1], known[clip][0]) for clip in fields["clips"])
    first = max(0, fields["first_sample"] - int(BEFORE_S * rate))
    evidence = sound.pcm(first, (fields["samples"] or len(prompt) // 2) + int((BEFORE_S + AFTER_S) * rate))
    try:
        found = heard.find(evidence, prompt, rate)
    except ValueError:
        return  # too short to be told from chance
    at = round(first / rate + found.offset_s, 2)
    en = f"{found.agreeing} of {found.pieces} pieces, from second {at} of the sound"
    zh = f"{found.pieces} 段中有 {found.agreeing} 段相符，自录音第 {at} 秒起"
    findings.add("heard" if found.heard else "not-heard", record=record.seq, why=(en, zh))


@lru_cache(maxsize=32)
def _decoded(data: bytes, samples: int) -> bytes:
    return adpcm.decode(data, min(samples, 2 * len(data)))


def holds_words(pcm: bytes, rate: int) -> bool:
    """Whether a span holds sound that rises above its own background, as speech does."""
    samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(np.float64)
    size = int(PIECE_S * rate)
    if size == 0 or len(samples) < 4 * size:
        return False
    pieces = samples[: len(samples) // size * size].reshape(-1, size)
    loudness = np.sqrt((pieces**2).mean(axis=1))
    loud, quiet = np.percentile(loudness, 90), np.percentile(loudness, 10)
    return bool(loud > LEAST and loud > LOUD * quiet)


def _rate(session: Session) -> int:
    opened = session.parts[0].opened.fields
    sound = opened["media"][1] if opened else None
    return int(sound[0]) if sound else 0
