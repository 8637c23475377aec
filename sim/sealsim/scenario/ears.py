# SPDX-License-Identifier: Apache-2.0
"""A bystander's ears: looks for spoken words in what a recorder's speaker really played, by matched filter against the clips.

Words are written as they are spoken; `…` stands for anything in between, such as a time that the story does not fix.
"""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from sealdock import heard
from sealdock.prompts.promptset import PromptSet
from sealsim.sound import Sound, block_bytes, played

RATE = 16000
PAUSE_S = 1.0  # silence that ends an utterance
LEAST_SCORE = 0.9  # the speaker's own sound is clean: what is only alike does not count
MOST_READINGS = 8  # of characters that several clips say, such as 一
GAP = "…"
LAST_S = 5  # of sound in which the last words are looked for
STOP_S = 0.6  # a full stop behind them


class Words:
    """The clips of a prompt set by what they say."""

    def __init__(self, prompts: PromptSet) -> None:
        self._clips = {clip.number: clip for clip in prompts.clips}
        self._by_text: dict[str, list[int]] = {}
        for clip in prompts.clips:
            self._by_text.setdefault(clip.text, []).append(clip.number)
        self._longest = max(len(text) for text in self._by_text)
        self._sound: dict[int, bytes] = {}

    def fragments(self, words: str) -> list[list[bytes]]:
        """Between gaps: the sound of each fragment, in every reading of the fewest clips. ValueError: no clips say this."""
        found = [[self._pcm(ids) for ids in self._readings(part)] for part in words.split(GAP)]
        return [readings for readings in found if any(readings[0])]  # a full stop alone is silence

    def _pcm(self, ids: tuple[int, ...]) -> bytes:
        for number in ids:
            if number not in self._sound:
                self._sound[number] = self._clips[number].pcm()
        return b"".join(self._sound[number] for number in ids)

    def _readings(self, text: str) -> list[tuple[int, ...]]:
        text = text.strip()
        best: list[list[tuple[int, ...]]] = [[()]]
        for end in range(1, len(text) + 1):
            found = [
                (*reading, number)
                for start in range(max(0, end - self._longest), end)
                for number in self._by_text.get(text[start:end], ())
                for reading in best[start]
            ]
            fewest = min((len(reading) for reading in found), default=0)
            best.append(list(islice((r for r in found if len(r) == fewest), MOST_READINGS)))
        if not best[-1]:
            raise ValueError(f"the recorder has no clips that say {text!r}")
        return best[-1]


class Ears:
    """Listens to one recorder from a moment on. `at` is the sample since 1970 up to which words were heard."""

    def __init__(self, home: Path, words: Words, from_ms: int) -> None:
        self.home = home
        self.words = words
        self.begun = self.at = from_ms * RATE // 1000
        self._sounds: list[Sound] = []
        self._read = 0  # bytes of the sound log that are in `_sounds`

    def hear(self, words: str) -> bool:
        """Whether the words were spoken behind those heard last; if so, they are heard now."""
        found = self._find(words, self.at)
        if found is not None:
            self.at = found
        return found is not None

    def ever_heard(self, words: str) -> bool:
        """Whether the words were spoken at all."""
        return self._find(words, self.begun) is not None

    def said_last(self, words: str) -> bool:
        """Whether these are the last words until now; a pause may follow. If so, they are heard now."""
        *_, last = [Sound(self.at, np.zeros(0, "<i2")), *self._utterances(self.at)]
        tail = Sound(max(last.first, last.after - LAST_S * RATE), last.samples[-LAST_S * RATE :])
        for pcm in self.words.fragments(words)[0]:
            found = heard.find(tail.samples.tobytes(), pcm, RATE)
            end = round(found.offset_s * RATE) + len(pcm) // 2
            if found.heard and found.score >= LEAST_SCORE and end >= len(tail.samples) - STOP_S * RATE:
                self.at = tail.first + end
                return True
        return False

    def _find(self, words: str, at: int) -> int | None:
        """The sample behind the words, or None."""
        place: int | None = at
        for readings in self.words.fragments(words):
            assert place is not None
            ends = [end for pcm in readings if (end := self._fragment(pcm, place)) is not None]
            place = min(ends, default=None)
            if place is None:
                return None
        return place

    def _fragment(self, pcm: bytes, at: int) -> int | None:
        for utterance in self._utterances(at):
            place, sound = None, utterance.samples
            while (start := _first_of(sound, pcm)) is not None:  # the best place may be a repetition: look before it, too
                place, sound = start, sound[: max(0, start + len(pcm) // 4)]
            if place is not None:
                return utterance.first + place + len(pcm) // 2
        return None

    def _listen(self) -> None:
        """Takes what was played since it last listened. A block that is cut off is the last of its boot and does not grow."""
        for sound in played(self.home, self._read):
            self._sounds.append(sound)
            self._read += block_bytes(sound)

    def _utterances(self, at: int) -> Iterator[Sound]:
        """What was played from a sample on, cut where it was silent for long."""
        group: list[Sound] = []
        self._listen()
        for sound in self._sounds[bisect_right(self._sounds, at, key=lambda sound: sound.after) :]:
            if sound.first < at:
                sound = Sound(at, sound.samples[at - sound.first :])
            if group and sound.first > group[-1].after + PAUSE_S * RATE:
                yield _joined(group)
                group = []
            group.append(sound)
        if group:
            yield _joined(group)


def _first_of(sound: np.ndarray, pcm: bytes) -> int | None:
    """The sample of `sound` at which the clip begins, where it is best."""
    found = heard.find(sound.tobytes(), pcm, RATE)
    return round(found.offset_s * RATE) if found.heard and found.score >= LEAST_SCORE else None


def _joined(group: list[Sound]) -> Sound:
    whole = np.zeros(group[-1].after - group[0].first, "<i2")
    for sound in group:
        whole[sound.first - group[0].first : sound.after - group[0].first] = sound.samples
    return Sound(group[0].first, whole)
