# SPDX-License-Identifier: Apache-2.0
"""The officer's card: one printed page of buttons, lights and phrases, from the recorder's own tables and a profile's script."""

import json
from importlib import resources
from typing import Any

import jinja2

from sealdock.officer import phrases, words
from sealdock.profile.schema import Profile
from sealdock.prompts.script import script

TEMPLATE = "officer_card.html.j2"
PANEL = "panel.json"


def page(profile: Profile) -> str:
    """The card of a profile as one HTML page that loads nothing."""
    templates = resources.files("sealdock") / "templates"
    panel = json.loads((templates / PANEL).read_text(encoding="utf-8"))
    texts = script(profile)
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((templates / TEMPLATE).read_text(encoding="utf-8"))
    return template.render(
        profile=profile,
        hold=f"{panel['hold_ms'] / 1000:g}",
        heads=[(button, gesture) for button in words.BUTTONS.values() for gesture in words.GESTURES.values()],
        buttons=buttons(panel, profile),
        lights=lights(panel, profile),
        patterns=words.PATTERNS,
        announcement=profile.announce.spoken,
        phrases=phrases.spoken(texts),
        menus=phrases.mains(panel["menus"], _states(profile), texts) + phrases.menus(profile, texts),
    )


def buttons(panel: dict[str, Any], profile: Profile) -> list[tuple[str, list[str]]]:
    """[(state, what each gesture of each button does)]."""
    rows = []
    for state, name in _states(profile):
        cells = [
            _cell([row for row in panel["buttons"] if (row["state"], row["button"], row["gesture"]) == (state, button, gesture)], profile)
            for button in words.BUTTONS
            for gesture in words.GESTURES
        ]
        if any(cells):
            rows.append((name, cells))
    return rows


def _cell(rows: list[dict[str, Any]], profile: Profile) -> str:
    """A gesture's meaning, as the profile answers the questions that it can."""
    own = [row for row in rows if row["question"] not in words.ALWAYS and _answer(row["question"], profile)]
    return _doing(own[0] if own else rows[0]) if own or _only_then(rows) else ""


def _only_then(rows: list[dict[str, Any]]) -> bool:
    """Whether the gesture means something only while the officer speaks."""
    return bool(rows) and all(row["question"] == "speaking" for row in rows)


def _answer(question: str, profile: Profile) -> bool:
    choice = profile.announce.choice
    if question == "telling_first":
        return choice.order in ("announce_then_record", "announce_record_repeat")
    return choice.urgent_override is not None if question == "hurrying_allowed" else True


def _doing(row: dict[str, Any]) -> str:
    return "，".join(words.ACTIONS[action] for action in row["actions"])


def _states(profile: Profile) -> list[tuple[str, str]]:
    """[(state, name)] of those that the profile can lead to."""
    never = set() if _answer("telling_first", profile) else {"telling"}
    if profile.fault is None or not profile.fault.stop_at_once:
        never.add("withdrawn")
    names = {state: name.format(interrupted=f"已{profile.terms.interrupt_zh}") for state, name in words.STATES.items()}
    return [(state, name) for state, name in names.items() if state not in never]


def lights(panel: dict[str, Any], profile: Profile) -> list[tuple[str, list[tuple[str, int]]]]:
    """[(meaning, [(colour, pattern) of green, red, yellow])]: red while pictures are recorded, yellow where it is sound only."""
    rows = []
    for state, name in _states(profile):
        for warned, docked, more in ((False, False, ""), (True, False, words.WARNED), (False, True, words.DOCKED)):
            shown = _both(panel, state, warned, docked)
            if more and shown == _both(panel, state, False, False):
                continue
            rows.append((name + more, list(zip(words.COLOURS, shown, strict=True))))
    return rows


def _both(panel: dict[str, Any], state: str, warned: bool, docked: bool) -> list[int]:
    """The pattern with a camera and the one without, in one: red of the first, yellow of the second."""
    found = {
        row["video"]: row["shown"] for row in panel["lights"] if (row["state"], row["warned"], row["docked"]) == (state, warned, docked)
    }
    return [found[True][0], found[True][1], found[False][2]]
