# SPDX-License-Identifier: Apache-2.0
"""Writes docs/recorder-states.md from the recorder's own table: `python -m tests.recorder_states`. A test says when it is out of date."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs" / "recorder-states.md"
BUTTONS = ("record", "mark", "menu")
HEAD = """# The recorder's states

Made by `python -m tests.recorder_states` from the table in `device/sealcam/officer/machine.py`, where the states are explained.
Of the rows of a pair the first counts whose question is answered with yes; a pair that is not here does nothing.
A hard fault leads from every state to `fault`.

"""


def machine():
    """The recorder's own module: it imports nothing, so it runs here too."""
    if str(ROOT / "device") not in sys.path:
        sys.path.insert(0, str(ROOT / "device"))
    from sealcam.officer import machine as found

    return found


def text() -> str:
    return HEAD + diagram() + buttons() + others()


def diagram() -> str:
    """Changes of state as a mermaid diagram, one arrow for each pair of states."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for state, event, question, after, _ in machine().TABLE:
        if state != after:
            arrows.setdefault((state, after), []).append(f"{event} [{question}]" if question else event)
    lines = [f"    {before} --> {after}: {', '.join(dict.fromkeys(events))}" for (before, after), events in arrows.items()]
    return "```mermaid\nstateDiagram-v2\n    [*] --> unenrolled\n" + "\n".join(lines) + "\n```\n\n"


def buttons() -> str:
    """What each button does in each state."""
    rows = []
    for state, event, question, after, actions in machine().TABLE:
        button, _, gesture = event.rpartition("-")
        if button in BUTTONS:
            rows.append([state, button, {"pressed": "press", "held": "hold"}[gesture], question, after, ", ".join(actions)])
    return "## Buttons\n" + table(["state", "button", "gesture", "if", "then", "does"], rows)


def others() -> str:
    rows = [
        [state, event, question, after, ", ".join(actions)]
        for state, event, question, after, actions in machine().TABLE
        if event.rpartition("-")[0] not in BUTTONS
    ]
    return "## Everything else that happens\n" + table(["state", "event", "if", "then", "does"], rows)


def table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n\n"


if __name__ == "__main__":
    FILE.write_text(text().rstrip("\n") + "\n", encoding="utf-8")
