# SPDX-License-Identifier: Apache-2.0
"""A story as read: what it is about, what happens, and what must have been heard, signed and judged in the end."""

import re
from dataclasses import dataclass
from pathlib import Path

from sealdock.profile import ProfileError, load
from sealdock.profile import names as profile_names
from sealdock.profile.check import CITATION
from sealdock.prompts.script import script
from sealsim.hardware import LEAF_BLOCK
from sealsim.scenario.amounts import mebibytes
from sealsim.scenario.ears import GAP
from sealsim.scenario.kit import SLOT_LEAVES, Wanted
from sealsim.scenario.signed import Expected, expected
from sealsim.scenario.steps import Act, step
from sealsim.scenario.tree import Node, read
from sealsim.scenario.verdicts import Answer, Judged, answers, judged

_KEYS = ("title", "articles", "profile", "hardware", "recorders", "happens", "never_heard", "signed", "not_signed", "verdict", "no_record")


@dataclass(frozen=True)
class Step:
    where: str
    name: str
    act: Act


@dataclass(frozen=True)
class Story:
    """`articles`: the duties that it is about, as the profile cites them."""

    path: Path
    title: str
    articles: tuple[str, ...]
    wanted: Wanted
    happens: tuple[Step, ...]
    never_heard: tuple[tuple[str, str], ...]
    signed: tuple[Expected, ...]
    not_signed: tuple[Expected, ...]
    verdicts: tuple[Judged, ...]
    absences: dict[str, list[Answer]]


def load_story(path: Path) -> Story:
    """StoryError, one line with file and line, when the story cannot be understood."""
    whole = read(path)
    fields = whole.fields(*_KEYS)
    for name in ("title", "articles", "profile", "happens"):
        if name not in fields:
            raise whole.wrong(f"{name!r} is missing")
    wanted = _wanted(fields)
    story = Story(
        path,
        fields["title"].text(),
        tuple(_citation(node) for node in fields["articles"].each()),
        wanted,
        tuple(Step(node.where, *step(node)) for node in fields["happens"].each()),
        tuple((node.where, node.text()) for node in _each(fields, "never_heard")),
        tuple(expected(node) for node in _each(fields, "signed")),
        tuple(expected(node) for node in _each(fields, "not_signed")),
        tuple(judged(node) for node in _each(fields, "verdict")),
        answers(fields["no_record"]) if "no_record" in fields else {},
    )
    _check_words(fields, wanted)
    return story


def _each(fields: dict[str, Node], name: str) -> list[Node]:
    return fields[name].each() if name in fields else []


def _citation(node: Node) -> str:
    if not CITATION.fullmatch(node.text()):
        raise node.wrong(f"{node.text()!r} is no citation like CC13¶2 or LP9(2)")
    return node.text()


def _wanted(fields: dict[str, Node]) -> Wanted:
    name = fields["profile"].text()
    if name.endswith(".toml"):
        name = str((Path(fields["profile"].file).parent / name).resolve())
    elif name not in profile_names():
        raise fields["profile"].wrong(f"no profile {name!r}: there are {', '.join(profile_names())}, or a .toml file")
    try:
        load(name)
    except ProfileError as error:
        raise fields["profile"].wrong(str(error)) from None
    hardware = _hardware(fields["hardware"]) if "hardware" in fields else {}
    return Wanted(name, fields["recorders"].number() if "recorders" in fields else 1, hardware)


def _hardware(node: Node) -> dict[str, object]:
    """What differs from a recorder with a camera, a battery-backed clock and a card of 96 MiB."""
    changed: dict[str, object] = {}
    for name, value in node.fields("camera", "clock_backed", "card", "slots").items():
        if name == "camera":
            changed["camera"] = value.truth()
        elif name == "clock_backed":
            changed["rtc_backed"] = value.truth()
        elif name == "card":
            changed["card_bytes"] = mebibytes(value)
        else:
            changed["card_bytes"] = (value.number() + 1) * SLOT_LEAVES * LEAF_BLOCK
    return changed


def _check_words(fields: dict[str, Node], wanted: Wanted) -> None:
    """Every spoken phrase must be one that the profile's clips can say."""
    longest = re.compile("|".join(re.escape(text) for text in sorted(script(load(wanted.profile)).values(), key=len, reverse=True)))
    heard = [_heard(node) for node in _each(fields, "happens")]
    for words in filter(None, [*heard, *_each(fields, "never_heard")]):
        for part in words.text().split(GAP):
            if longest.sub("", part).strip():
                raise words.wrong(f"the recorder has no clips that say {part.strip()!r}")


def _heard(node: Node) -> Node | None:
    """The words that a step is about."""
    name, value = node.single()
    if name in ("hear", "choose"):
        return value
    if name == "silent":
        return value.fields("words", "within")["words"]
    return None
