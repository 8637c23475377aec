# SPDX-License-Identifier: Apache-2.0
"""The catalogue: both languages say the same things, and whatever is said exists."""

import re
from pathlib import Path
from string import Formatter

import pytest

from sealdock import text
from sealdock.link.client import RecorderError
from sealdock.text_why import WHY
from sealproto import messages

HOST = Path(text.__file__).parent
_SAID = re.compile(r"""\b(?:say|note|_problem|_broken|env\.say)\(\s*"([a-z-]+)\"""")


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("key", text.keys())
def test_both_languages_name_the_same_values(key: str) -> None:
    chinese, english = text.both(key)
    assert fields(chinese) == fields(english)
    assert re.search(r"[\u4e00-\u9fff]", chinese + "中" * bool(fields(chinese)))
    assert not re.search(r"[\u4e00-\u9fff]", english)


def test_no_key_means_two_things() -> None:
    source = Path(text.__file__).read_text(encoding="utf-8")
    assert not [key for key in WHY if f'\n    "{key}": ' in source]


def test_every_text_that_is_said_exists() -> None:
    said = {key for path in HOST.rglob("*.py") for key in _SAID.findall(path.read_text(encoding="utf-8"))}
    assert len(said) > 30
    assert said <= set(text.keys())


def test_what_a_recorder_refuses_is_said_in_chinese() -> None:
    text.use("zh")
    try:
        for code in messages.ERROR_NAMES:
            assert not re.search("[a-z]{3}", str(RecorderError(messages.STATUS, code)).replace("status", "")), code
    finally:
        text.use("en")


def test_errors_that_end_a_command_are_in_the_catalogue() -> None:
    """Errors of these kinds reach people as they are, or within a finding: what is raised with words has the words of the catalogue."""
    kinds = "SealdockError|ChainError|TrustError|SignatureError|NotAPackage|MediaError|LayoutError"
    literal = re.compile(rf"""raise (?:\w+\.)?(?:{kinds})\(f?["']([^"']*)["']""")
    said = [(path.name, words) for path in HOST.rglob("*.py") for words in literal.findall(path.read_text(encoding="utf-8"))]
    assert ("matroska.py", "matroska-header") in said
    known = set(text.keys())
    assert [one for one in said if one[1] not in known] == []


def test_the_environment_chooses_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    text.use(None)
    assert text.chinese()
    monkeypatch.setenv("LC_ALL", "C")
    text.use(None)
    assert not text.chinese()
