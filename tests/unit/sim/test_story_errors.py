# SPDX-License-Identifier: Apache-2.0
"""A story that cannot be understood is one line with file and line, before anything is started."""

from pathlib import Path

import pytest

from sealsim.scenario.story import load_story
from sealsim.scenario.tree import StoryError

GOOD = """\
title: A story
articles: [LP12]
profile: luoping
happens:
  - press: record
  - hear: 为保护您的合法权益，监督我的执法行为，本次执法将全程录音录像。
signed:
  - announce: {occasion: first}
verdict:
  total: authentic
  articles:
    LP12: [met, {verdict: needs_judgement, basis: text}]
"""

MISTAKES = {
    "title: A story\n": ("", ":1: 'title' is missing"),
    "[LP12]\n": ("[Luoping]\n", ":2: 'Luoping' is no citation"),
    "profile: luoping": ("profile: nowhere", ":3: no profile 'nowhere'"),
    "press: record": ("press: reset", ":5: no button 'reset'"),
    "- press: record": ("- presse: record", ":5: nothing called 'presse' can happen"),
    "- press: record\n": ("- press:\n", ":5: press needs a value"),
    "hear: 为保护您的": ("hear: 你好，为保护您的", ":6: the recorder has no clips that say '你好"),
    "- press: record\n ": ("- wait: 5 parsecs\n ", ":5: an amount in ms or s or"),
    "- press: record\n  ": ("- see: {green: blink}\n  ", ":5: a light is off, on, slow, fast"),
    "- press: record\n  -": ("- fault: {speaker: sad}\n  -", ":5: no fault of the speaker 'sad'"),
    "- announce: {occasion: first}": ("- announcement", ":8: 'announcement' is no record"),
    "{occasion: first}": ("{occasion: firstly}", ":8: 'firstly' is not one of first, resume"),
    "{occasion: ": ("{occasions: ", ":8: unknown key 'occasions'"),
    "total: authentic": ("total: fine", ":10: 'fine' is not one of authentic"),
    "LP12: [met, ": ("LP12: [mett, ", ":12: 'mett' is not one of met, not_met"),
    "basis: text": ("basis: law", ":12: 'law' is not one of text"),
    "verdict:\n": ("verdicts:\n", ":9: unknown key 'verdicts'"),
    "signed:\n": ("title: Again\nsigned:\n", ":7: no YAML: found duplicate key"),
    "happens:\n": ("happens: [\n", "no YAML"),
}


def test_the_story_without_mistakes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(GOOD, encoding="utf-8")
    story = load_story(path)
    assert (story.title, story.articles, [step.name for step in story.happens]) == ("A story", ("LP12",), ["press", "hear"])


@pytest.mark.parametrize("before", MISTAKES)
def test_each_mistake_is_one_line_with_its_place(before: str, tmp_path: Path) -> None:
    after, told = MISTAKES[before]
    assert GOOD.count(before) == 1
    path = tmp_path / "wrong.yaml"
    path.write_text(GOOD.replace(before, after), encoding="utf-8")
    with pytest.raises(StoryError) as caught:
        load_story(path)
    text = str(caught.value)
    assert text.startswith(f"{path}:") and told in text and "\n" not in text


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"", "a story is a mapping"), (b"\xff\xfe", "not UTF-8"), (b"- a\n", "a story is a mapping"), (b"a: \x01\n", "no YAML")],
)
def test_what_is_no_story_is_one_line(data: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_bytes(data)
    with pytest.raises(StoryError, match=told) as caught:
        load_story(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match="No such file"):
        load_story(tmp_path / "none.yaml")
