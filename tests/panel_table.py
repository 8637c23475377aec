# SPDX-License-Identifier: Apache-2.0
"""What the recorder's buttons do and its lights say, taken from its own tables, for the officer's card.

The station cannot import the recorder's code, so `python -m tests.panel_table` writes it down for it; a test says when that is out of date.
"""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FILE = ROOT / "host" / "sealdock" / "templates" / "panel.json"


def table() -> dict[str, Any]:
    """{"hold_ms", "buttons": [{state, button, gesture, question, next, actions}], "lights": [{state, video, warned, docked, shown}]}"""
    if str(ROOT / "device") not in sys.path:
        sys.path.insert(0, str(ROOT / "device"))
    from sealcam import buttons, lights, machine

    def row(state: int, event: int, question: str | None, button: str, gesture: str) -> list[dict[str, Any]]:
        if (state, event) not in machine.TABLE:
            return []
        after, actions = machine.TABLE[state, event]
        names = {"state": machine.STATES[state], "button": button, "gesture": gesture, "question": question}
        return [{**names, "next": machine.STATES[after], "actions": list(actions)}]

    worked = []
    for state in range(len(machine.STATES)):
        for event, (button, gesture) in _gestures(machine).items():
            worked += row(state, event, None, button, gesture)
            question, other = machine.VARIANTS.get((state, event), (None, None))
            worked += row(state, other, question, button, gesture) if question else []
    shown = [
        {"state": name, "video": video, "warned": warned, "docked": docked, "shown": list(lights.pattern(state, video, warned, docked))}
        for state, name in enumerate(machine.STATES)
        for video in (True, False)
        for warned in (False, True)
        for docked in (False, True)
    ]
    return {"hold_ms": buttons._HOLD_MS, "buttons": worked, "lights": shown}


def _gestures(machine: Any) -> dict[int, tuple[str, str]]:
    """Events of the three buttons, by their names: `record-pressed` is the record button, pressed."""
    found = {}
    for number, name in enumerate(machine.EVENTS):
        button, _, gesture = name.rpartition("-")
        if button in ("record", "mark", "menu"):
            found[number] = (button, {"pressed": "press", "held": "hold"}[gesture])
    return found


def text() -> str:
    made = table()
    lists = [f' "{key}": [\n  ' + ",\n  ".join(json.dumps(row) for row in made[key]) + "\n ]" for key in ("buttons", "lights")]
    return f'{{\n "hold_ms": {made["hold_ms"]},\n' + ",\n".join(lists) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
