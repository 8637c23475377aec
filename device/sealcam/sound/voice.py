# SPDX-License-Identifier: Apache-2.0
"""Speaks: takes lists of clips, plays the most urgent first, and tells exactly what was played when.

An urgent sentence cuts chatter and answers short; nothing cuts the announcement or the reason of an interruption.
"""

import asyncio

from sealcam.sound.adpcm import Decoder

CHATTER = 0  # what nobody asked for: hints, reminders
ANSWER = 1  # menus, forecasts, confirmations: what the officer pressed a button for
WARNING = 2
DUTY = 3  # announcement, reason of an interruption: never cut short
_BLOCK = 128  # bytes of ADPCM: 256 samples, 16 ms
_TURN_MS = 20


class Utterance:
    """What was or will be said. Once `over`: start_ms, end_ms and, while recording, first_sample and samples."""

    def __init__(self, sentence: list, priority: int, then=None, sound=None) -> None:
        self.clips = sentence
        self.sound = sound  # instead of clips: `readinto(buf)` gives bytes of PCM, 0 at the end
        self.priority = priority
        self.then = then
        self.over = False
        self.complete = False
        self.start_ms = 0
        self.end_ms = 0
        self.first_sample: int | None = None
        self.samples: int | None = None


class Voice:
    """`prompts()` gives the prompt set or None; `own` has the firmware's clips, for what the set lacks; `position()` gives the samples
    recorded so far, or None when nothing is.

    `heard(error)` is called after each utterance: None, or the OSError of a speaker or of flash.
    """

    def __init__(self, board, clock, prompts, position, heard, own=None) -> None:
        self._speaker = board.speaker
        self._trace = board.trace
        self._clock = clock
        self._prompts = prompts
        self._own = own
        self._position = position
        self._heard = heard
        self._queue: list[Utterance] = []
        self._news = asyncio.Event()
        self._now: Utterance | None = None
        self._decoder = Decoder()
        self._adpcm = memoryview(bytearray(_BLOCK))
        self._pcm = memoryview(bytearray(_BLOCK * 4))

    def has(self, clip: int) -> bool:
        """Whether the prompts hold that clip."""
        prompts = self._prompts()
        return prompts is not None and prompts.clip(clip) is not None

    def say(self, sentence: list, priority: int = CHATTER, then=None) -> Utterance:
        """Queues a sentence. A more urgent one stands before it and cuts it short unless it is a duty.

        `then(utterance)` is called exactly once, when it was said, cut short or dropped.
        """
        return self._queued(Utterance(sentence, priority, then))

    def play(self, sound, priority: int, then=None) -> Utterance:
        """Queues sound that is no clip: an object whose `readinto(buf)` gives bytes of PCM at the speaker's rate, 0 at the end."""
        return self._queued(Utterance([], priority, then, sound))

    def _queued(self, utterance: Utterance) -> Utterance:
        priority = utterance.priority
        if priority <= ANSWER:  # the officer pressed on: what he has not heard yet is stale
            self._drop(priority)
        place = len(self._queue)  # behind its equals: what was asked for first is said first
        while place and self._queue[place - 1].priority < priority:
            place -= 1
        self._queue.insert(place, utterance)
        self._news.set()
        return utterance

    def hush(self) -> None:
        """Stops everything, duties too: the recording that they belong to has ended. All of it is over when this returns."""
        now, self._now = self._now, None
        self._speaker.clear()
        if now:
            self._finish(now)
        self._drop(DUTY)

    @property
    def busy(self) -> bool:
        return self._now is not None or bool(self._queue)

    async def run(self) -> None:
        """The task that speaks, forever."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._queue:
                self._now = self._queue.pop(0)
                await self._speak(self._now)
                self._now = None

    def _drop(self, priority: int) -> None:
        dropped = [item for item in self._queue if item.priority <= priority]
        self._queue = [item for item in self._queue if item.priority > priority]
        for item in dropped:
            item.start_ms = self._clock.ms()
            self._finish(item)

    async def _speak(self, utterance: Utterance) -> None:
        self._trace("say", " ".join([str(clip) for clip in utterance.clips]))
        utterance.start_ms = self._clock.ms()
        utterance.first_sample = self._position()
        whole = True
        try:
            for clip in utterance.clips:
                whole = await self._play(utterance, clip) and whole
            if utterance.sound:
                whole = await self._stream(utterance)
            while self._speaker.pending_ms() > 0 and not self._cut(utterance):
                await asyncio.sleep_ms(_TURN_MS)
            utterance.complete = whole and not self._cut(utterance)
            if self._cut(utterance):
                self._speaker.clear()
            if utterance.complete:
                self._heard(None)
        except OSError as error:  # a broken speaker stops nothing: what was not said is signed as incomplete
            self._heard(error)
        finally:
            self._finish(utterance)

    def _finish(self, utterance: Utterance) -> None:
        if utterance.over:
            return
        utterance.over = True
        utterance.end_ms = self._clock.ms()
        now = self._position()
        if utterance.first_sample is not None and now is not None:
            utterance.samples = now - utterance.first_sample
        if utterance.then:
            utterance.then(utterance)

    def _cut(self, utterance: Utterance) -> bool:
        if self._now is not utterance:
            return True
        if utterance.priority == DUTY or not self._queue:
            return False
        return self._queue[0].priority > utterance.priority or utterance.priority == self._queue[0].priority == ANSWER

    async def _play(self, utterance: Utterance, clip: int) -> bool:
        """One clip. False when the set does not have it or it was cut short."""
        prompts = self._prompts()
        found = prompts.clip(clip) if prompts else None
        if found is None and self._own is not None:
            prompts = self._own
            found = prompts.clip(clip)
        if found is None:
            self._trace("no-clip", clip)
            return False
        offset, samples, size = found
        self._decoder.restart()
        while size > 0:
            block = self._adpcm[: min(_BLOCK, size)]
            prompts.readinto(offset, block)
            count = min(self._decoder.decode(block, self._pcm), samples)
            if not await self._push(utterance, self._pcm[: count * 2]):
                return False
            offset += len(block)
            size -= len(block)
            samples -= count
        return True

    async def _stream(self, utterance: Utterance) -> bool:
        while True:
            size = utterance.sound.readinto(self._pcm)
            if not size:
                return True
            if not await self._push(utterance, self._pcm[:size]):
                return False

    async def _push(self, utterance: Utterance, pcm: memoryview) -> bool:
        while len(pcm):
            if self._cut(utterance):
                return False
            taken = self._speaker.write(pcm)
            pcm = pcm[taken:]
            if len(pcm):
                await asyncio.sleep_ms(_TURN_MS)
        return True
