# SPDX-License-Identifier: Apache-2.0
"""A prompt set of a person's recordings: one WAV file for each clip, named after its id as `prompts build --wav` names them."""

import re
from dataclasses import dataclass
from pathlib import Path

from sealdock.text import say

from ..errors import SealdockError
from ..profile.schema import Profile
from . import adpcm, recorded, sound
from .build import MAX_BLOB_BYTES, made_clips
from .promptset import Clip, PromptSet
from .recorded import Problem
from .script import script

_NAME = re.compile(r"0*(\d{1,5})\.wav", re.IGNORECASE)
_MAX_FILE_BYTES = 10_000_000


@dataclass(frozen=True)
class Findings:
    """(file or clip, problem) for each thing that is wrong, and the set when nothing is."""

    problems: tuple[tuple[str, Problem], ...]
    prompts: PromptSet | None


def read(profile: Profile, folder: Path, fill: PromptSet | None = None) -> Findings:
    """Checks all recordings of a folder. `fill`: a built set that speaks the clips that nobody recorded. SealdockError, OSError."""
    texts = script(profile)
    made = {clip.number: clip for clip in made_clips(texts)}
    problems: list[tuple[str, Problem]] = []
    said: dict[int, bytes] = {}
    for path in sorted(path for path in folder.iterdir() if path.suffix.lower() == ".wav"):
        number = _number(path.name)
        if number not in texts or number in made:
            problems.append((path.name, Problem("recording-unknown", {})))
        elif number in said:
            problems.append((path.name, Problem("recording-twice", {"number": number})))
        else:
            said[number], found = _pcm(path, texts[number])
            problems += [(path.name, problem) for problem in found]
    missing = [number for number in texts if number not in said and number not in made]
    if fill is None:
        problems += [(f"{number:04}.wav", Problem("recording-missing", {"text": texts[number]})) for number in missing]
    else:
        made.update({number: fill[number] for number in missing})
    return Findings(tuple(problems), None if problems else _set(profile, texts, made, said))


def _set(profile: Profile, texts: dict[int, str], made: dict[int, Clip], said: dict[int, bytes]) -> PromptSet:
    clips = dict(made)
    for number, raw in said.items():
        pcm = sound.finished(raw)
        clips[number] = Clip(number, texts[number], len(pcm) // 2, adpcm.encode(pcm))
    prompts = PromptSet(profile.id, sound.RATE, tuple(clips[number] for number in sorted(clips)))
    if len(prompts.blob()) > MAX_BLOB_BYTES:
        raise SealdockError(say("recordings-too-large", size=len(prompts.blob()), most=MAX_BLOB_BYTES))
    return prompts


def _number(name: str) -> int | None:
    match = _NAME.fullmatch(name)
    return int(match[1]) if match else None


def _pcm(path: Path, text: str) -> tuple[bytes, list[Problem]]:
    if path.stat().st_size > _MAX_FILE_BYTES:
        return b"", [Problem("recording-large", {"most": _MAX_FILE_BYTES})]
    return recorded.read(path.read_bytes(), text)
