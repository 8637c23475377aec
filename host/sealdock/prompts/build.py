# SPDX-License-Identifier: Apache-2.0
"""Builds the prompt set of a profile, or takes it from the user's cache."""

import contextlib
import hashlib
import json
import os
import tempfile
import wave
from pathlib import Path

from sealdock.text import say
from sealproto import clips

from ..errors import SealdockError
from ..profile.schema import Profile
from . import adpcm, espeak, pinyin, sound, voice
from .promptset import Clip, PromptSet, dump, parse
from .script import PAUSES, PINYIN, script

# Rises when the same script would give other bytes: trimming, loudness or coding changed.
FORMAT = 1
VOICE = "cmn"
# Citizens must follow the announcement at its first hearing, and a number is soon missed.
CLEAR_WPM = 180
# What a board sets aside for prompts in its internal flash.
MAX_BLOB_BYTES = 1_900_000


def build(profile: Profile, out_dir: Path | None = None) -> PromptSet:
    """The profile's clips, spoken by espeak-ng or found in the cache; with `out_dir` also as WAV files to listen to.

    SealdockError when speech cannot be made or the set would not fit into a recorder.
    """
    texts = script(profile)
    cached = _cache_file(profile, texts)
    prompts = _read(cached)
    if prompts is None:
        prompts = _built(profile, texts)
        _write(cached, dump(prompts))
    if out_dir is not None:
        export(prompts, out_dir)
    return prompts


def export(prompts: PromptSet, folder: Path) -> None:
    """Each clip as the recorder will play it, and `script.txt` that says which is which."""
    folder.mkdir(parents=True, exist_ok=True)
    for clip in prompts.clips:
        with wave.open(str(folder / f"{clip.number:04}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(prompts.rate)
            file.writeframes(clip.pcm())
    lines = [f"{clip.number:04}\t{clip.samples / prompts.rate:.2f} s\t{clip.text}\n" for clip in prompts.clips]
    (folder / "script.txt").write_text("".join(lines), encoding="utf-8")


def made_clips(texts: dict[int, str]) -> list[Clip]:
    """The clips that nobody speaks: pauses and the tone."""
    quiet = {number: sound.silence(ms) for number, (_, ms) in PAUSES.items()} | {clips.TONE: sound.rising_tone()}
    return [Clip(number, texts[number], len(pcm) // 2, adpcm.encode(pcm)) for number, pcm in sorted(quiet.items()) if number in texts]


def _built(profile: Profile, texts: dict[int, str]) -> PromptSet:
    made = {clip.number: clip for clip in made_clips(texts)}
    spoken = [number for number in texts if number not in made]
    said = voice.speak([(texts[number], PINYIN.get(number), _wpm(number)) for number in spoken], VOICE)
    for number, raw in zip(spoken, said, strict=True):
        pcm = sound.finished(raw)
        made[number] = Clip(number, texts[number], len(pcm) // 2, adpcm.encode(pcm))
    doubts = tuple((n, pinyin.doubts(texts[n])) for n in spoken if pinyin.doubts(texts[n]))
    prompts = PromptSet(profile.id, sound.RATE, tuple(made[number] for number in sorted(made)), doubts)
    if len(prompts.blob()) > MAX_BLOB_BYTES:
        raise SealdockError(say("prompts-too-large", profile=profile.id, size=len(prompts.blob()), most=MAX_BLOB_BYTES))
    return prompts


def _wpm(number: int) -> int:
    return CLEAR_WPM if number == clips.ANNOUNCEMENT or number < clips.COMMA else espeak.WPM


def cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "sealdock" / "prompts"


def _cache_file(profile: Profile, texts: dict[int, str]) -> Path:
    """Named after all that the bytes depend on."""
    rates = [espeak.WPM, CLEAR_WPM]
    basis = [
        FORMAT,
        espeak.version(),
        VOICE,
        rates,
        profile.id,
        sorted(pinyin.READINGS.items()),
        sorted(PINYIN.items()),
        list(texts.items()),
    ]
    digest = hashlib.sha256(json.dumps(basis, ensure_ascii=False).encode()).hexdigest()
    return cache_folder() / f"{profile.id}-{digest[:32]}.prompts"


def _read(path: Path) -> PromptSet | None:
    """What the cache holds; a damaged file is made again."""
    try:
        return parse(path.read_bytes())
    except (OSError, SealdockError):
        return None


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all. A cache that cannot be written costs time, nothing else."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
        os.replace(file.name, path)
