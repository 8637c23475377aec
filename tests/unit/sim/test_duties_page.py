# SPDX-License-Identifier: Apache-2.0
"""No article that a profile gives to the recorder is without a row, no row without a story that judges it, and the page is up to date."""

import pytest

from sealdock.profile import load, names
from sealsim.paths import source_root
from sealsim.scenario.duties import DUTIES, PAGE, about, answers_of, cited, page, told
from sealsim.scenario.story import Story


@pytest.fixture(scope="module")
def every() -> list[Story]:
    return told()


@pytest.mark.parametrize("profile", names())
def test_every_article_has_a_row(profile: str) -> None:
    rows = {article for duty in DUTIES[profile] for article in duty.articles}
    assert cited(load(profile)) - rows == set()


@pytest.mark.parametrize("profile", names())
def test_every_row_has_a_story_that_judges_it(profile: str, every: list[Story]) -> None:
    own = [story for story in every if story.wanted.profile == profile]
    for duty in DUTIES[profile]:
        assert about(duty, own), duty.articles
        assert answers_of(duty, about(duty, own)), duty.articles


def test_every_article_of_a_story_has_a_row(every: list[Story]) -> None:
    for story in every:
        if story.wanted.profile in DUTIES:
            rows = {article for duty in DUTIES[story.wanted.profile] for article in duty.articles}
            assert set(story.articles) <= rows, story.path.name


def test_a_story_is_named_after_its_first_article(every: list[Story]) -> None:
    for story in every:
        if story.wanted.profile in DUTIES:
            assert any(story.path.stem.startswith(_name(article)) for article in story.articles), story.path.name


def _name(article: str) -> str:
    """CC13¶2 and DL14(3) in a file's name: CC13, DL14."""
    return article.split("¶")[0].split("(")[0]


def test_stories_keep_duties_break_them_and_leave_them_open(every: list[Story]) -> None:
    shown = [answer for story in every for judged in story.verdicts for answers in judged.articles.values() for answer in answers]
    for verdict, least in (("met", 20), ("not_met", 4), ("needs_judgement", 20), ("not_applicable", 3)):
        assert sum(answer.verdict == verdict for answer in shown) >= least
    assert all(answer.basis in (None, "text") for answer in shown if answer.verdict == "not_met")


def test_the_page_is_up_to_date(every: list[Story]) -> None:
    assert (source_root() / PAGE).read_text(encoding="utf-8") == page(every)
