# SPDX-License-Identifier: Apache-2.0
"""A built set of clips: what is signed, what is sent to the recorder, and how it is kept on disk."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sealdock.text import say
from sealproto import VERSION, objects
from sealproto.shape import pack

from ..errors import SealdockError
from . import adpcm


@dataclass(frozen=True)
class Clip:
    """One clip: its id, what it says, and its ADPCM."""

    number: int
    text: str
    samples: int
    data: bytes

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.data).digest()

    def pcm(self) -> bytes:
        """What the recorder plays: 16-bit little-endian mono PCM."""
        return adpcm.decode(self.data, self.samples)


@dataclass(frozen=True)
class PromptSet:
    """The clips of one profile in rising order of their ids. `doubts` names clips whose reading nobody pinned."""

    profile: str
    rate: int
    clips: tuple[Clip, ...]
    doubts: tuple[tuple[int, str], ...] = ()

    def __getitem__(self, number: int) -> Clip:
        return self._by_number[number]

    def __contains__(self, number: object) -> bool:
        return number in self._by_number

    @property
    def _by_number(self) -> dict[int, Clip]:
        return {clip.number: clip for clip in self.clips}

    @property
    def texts(self) -> dict[int, str]:
        return {clip.number: clip.text for clip in self.clips}

    def blob(self) -> bytes:
        """All ADPCM in the order of `clips`, without gaps: what the recorder stores beside the signed list."""
        return b"".join(clip.data for clip in self.clips)

    def fields(self) -> dict[str, Any]:
        """The values of `objects.PROMPTS` by name, without the version, for `objects.make`."""
        clips = [[clip.number, clip.samples, len(clip.data), clip.sha256[:16]] for clip in self.clips]
        return {
            "profile": self.profile,
            "rate": self.rate,
            "clips": clips,
            "blob": hashlib.sha256(self.blob()).digest(),
        }

    def payload(self) -> dict[int, Any]:
        """The map that is signed: version, profile, rate, clips, SHA-256 of the blob."""
        return pack(objects.PROMPTS, version=VERSION, **self.fields())


def dump(prompts: PromptSet) -> bytes:
    """One file: a line of JSON, then the blob."""
    index = {
        "profile": prompts.profile,
        "rate": prompts.rate,
        "clips": [[c.number, c.text, c.samples, len(c.data)] for c in prompts.clips],
        "doubts": prompts.doubts,
        "blob": hashlib.sha256(prompts.blob()).hexdigest(),
    }
    return json.dumps(index, ensure_ascii=False).encode() + b"\n" + prompts.blob()


def parse(data: bytes) -> PromptSet:
    """The set that `dump` wrote. SealdockError when a byte of it changed."""
    head, _, blob = data.partition(b"\n")
    try:
        index = json.loads(head)
        good = hashlib.sha256(blob).hexdigest() == index["blob"]
        clips, place = [], 0
        for number, text, samples, size in index["clips"]:
            clips.append(Clip(number, text, samples, blob[place : place + size]))
            place += size
        doubts = tuple((number, chars) for number, chars in index["doubts"])
        prompts = PromptSet(index["profile"], index["rate"], tuple(clips), doubts)
    except (ValueError, KeyError, TypeError) as error:
        raise SealdockError(say("prompts-damaged")) from error
    if not good or place != len(blob):
        raise SealdockError(say("prompts-damaged"))
    return prompts
