# SPDX-License-Identifier: Apache-2.0
"""What is spoken when much is to be said: duties whole, warnings before chatter, and exactly when it was."""

import asyncio
import errno

from sealcam.sound import voice

RATE = 16
STEP_MS = 10  # of the test's time in each millisecond of the real one
voice._TURN_MS = 2


class Clock:
    """Time of the test."""

    now = 0

    def ms(self) -> int:
        return Clock.now


class Speaker:
    """Plays 16 samples a millisecond; holds 100 ms."""

    def __init__(self) -> None:
        self.end = 0
        self.broken = False
        self.played = []  # first byte of each block

    def write(self, pcm) -> int:
        if self.broken:
            raise OSError(errno.EIO)
        self.end = max(self.end, Clock.now * RATE)
        count = min(len(pcm) // 2, (Clock.now + 100) * RATE - self.end)
        if count <= 0:
            return 0
        self.end += count
        return 2 * count

    def pending_ms(self) -> int:
        return max(0, self.end // RATE - Clock.now)

    def clear(self) -> None:
        self.end = Clock.now * RATE


class Board:
    def __init__(self) -> None:
        self.speaker = Speaker()
        self.traced = []

    def trace(self, event, *details) -> None:
        self.traced.append((event, details))


class Prompts:
    """Every clip below 900 lasts half a second."""

    def clip(self, number: int):
        return (0, 8000, 4000) if number < 900 else None

    def readinto(self, offset: int, buf) -> None:
        for place in range(len(buf)):
            buf[place] = 0x11


class Stage:
    def __init__(self, recording: bool = True) -> None:
        Clock.now = 0
        self.board = Board()
        self.heard = []
        self.voice = voice.Voice(self.board, Clock(), Prompts, lambda: Clock.now * RATE if recording else None, self.heard.append)

    def play(self, ms: int, *later) -> None:
        """Lets time pass; `later`: (at ms, function)."""
        asyncio.new_event_loop()
        asyncio.run(self._play(ms, list(later)))

    async def _play(self, ms: int, later: list) -> None:
        task = asyncio.create_task(self.voice.run())
        end = Clock.now + ms
        while Clock.now < end:
            while later and later[0][0] <= Clock.now:
                later.pop(0)[1]()
            await asyncio.sleep_ms(1)
            Clock.now += STEP_MS
        task.cancel()


def spoken(stage: Stage) -> list:
    return [int(details[0].split()[0]) for event, details in stage.board.traced if event == "say"]


def test_start_end_and_samples_are_those_of_the_recording():
    stage = Stage()
    said = stage.voice.say([1, 2], voice.DUTY)
    stage.play(1300)
    assert said.complete and said.over
    assert said.start_ms <= 30 and 1000 <= said.end_ms < 1150
    assert said.first_sample == said.start_ms * RATE
    assert said.samples == (said.end_ms - said.start_ms) * RATE
    assert stage.heard == [None]


def test_without_a_recording_no_samples_are_claimed():
    stage = Stage(recording=False)
    said = stage.voice.say([1], voice.DUTY)
    stage.play(700)
    assert said.complete and said.first_sample is None and said.samples is None


def test_a_duty_is_never_cut_and_a_warning_cuts_chatter():
    stage = Stage()
    said = []
    stage.play(
        2800,
        (0, lambda: said.append(stage.voice.say([1, 1], voice.DUTY))),
        (100, lambda: said.append(stage.voice.say([2], voice.WARNING))),
        (1700, lambda: said.append(stage.voice.say([3, 3, 3], voice.ANSWER))),
        (1900, lambda: said.append(stage.voice.say([4], voice.WARNING))),
    )
    assert spoken(stage) == [1, 2, 3, 4]
    assert [item.complete for item in said] == [True, True, False, True]


def test_what_the_officer_did_not_wait_for_is_not_said():
    stage = Stage()
    stage.play(
        1600,
        (0, lambda: stage.voice.say([1], voice.DUTY)),
        (50, lambda: stage.voice.say([2], voice.CHATTER)),
        (60, lambda: stage.voice.say([3], voice.CHATTER)),
    )
    assert spoken(stage) == [1, 3]


def test_a_missing_clip_makes_it_incomplete():
    stage = Stage()
    said = stage.voice.say([1, 999, 2], voice.DUTY)
    stage.play(1400)
    assert said.over and not said.complete


class Own:
    """The firmware's clips: 999 alone."""

    def clip(self, number: int):
        return (0, 8000, 4000) if number == 999 else None

    def readinto(self, offset: int, buf) -> None:
        for place in range(len(buf)):
            buf[place] = 0x11


def test_the_firmware_says_what_the_set_lacks():
    stage = Stage()
    stage.voice._own = Own()
    said = stage.voice.say([999], voice.DUTY)
    lacking = stage.voice.say([998], voice.DUTY)
    stage.play(1000)
    assert said.complete and not lacking.complete


def test_a_broken_speaker_is_told_and_ends_nothing():
    stage = Stage()
    stage.board.speaker.broken = True
    said = stage.voice.say([1], voice.DUTY)
    stage.play(100)
    assert said.over and not said.complete and isinstance(stage.heard[0], OSError)
    stage.board.speaker.broken = False
    again = stage.voice.say([1], voice.DUTY)
    stage.play(800)
    assert again.complete and stage.heard[1:] == [None]


def test_hush_ends_even_a_duty_and_says_so():
    stage = Stage()
    said = stage.voice.say([1, 1], voice.DUTY)
    stage.play(600, (200, stage.voice.hush))
    assert said.over and not said.complete and said.end_ms <= 280


def test_what_is_over_is_told_once_however_it_ended():
    stage = Stage()
    told = []
    stage.play(
        900,
        (0, lambda: stage.voice.say([1], voice.DUTY, told.append)),
        (20, lambda: stage.voice.say([2], voice.DUTY, told.append)),
        (30, lambda: stage.voice.say([3], voice.ANSWER, told.append)),
        (40, lambda: stage.voice.say([4], voice.ANSWER, told.append)),
        (700, stage.voice.hush),
    )
    assert [item.clips for item in told] == [[3], [1], [2], [4]]
    assert [item.complete for item in told] == [False, True, False, False]


def test_the_next_item_of_a_menu_cuts_the_one_before():
    stage = Stage()
    said = []
    stage.play(
        1200,
        (0, lambda: said.append(stage.voice.say([1, 1, 1], voice.ANSWER))),
        (200, lambda: said.append(stage.voice.say([2], voice.ANSWER))),
    )
    assert [item.complete for item in said] == [False, True]
    assert said[1].start_ms < 300
