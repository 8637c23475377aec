# SPDX-License-Identifier: Apache-2.0
"""What the recorder's buttons do and its lights say, taken from its own tables, for the officer's card.

The station cannot import the recorder's code, so `python -m tests.panel_table` writes it down for it; a test says when that is out of date.
"""

import json
import sys
from pathlib import Path
from typing import Any

from sealdock.profile import compile, load, names
from sealproto import profile_keys

ROOT = Path(__file__).parent.parent
FILE = ROOT / "host" / "sealdock" / "templates" / "panel.json"


def table() -> dict[str, Any]:
    """What the card is made from.

    `hold_ms`; `buttons` [{state, button, gesture, question, next, actions}]; `lights` [{state, video, warned, docked, shown}];
    `menus` {state: clips of all items that the main menu can have there}.
    """
    if str(ROOT / "device") not in sys.path:
        sys.path.insert(0, str(ROOT / "device"))
    from sealcam.officer import buttons, choices, lights, machine

    worked = []
    for state, event, question, after, actions in machine.TABLE:
        button, _, gesture = event.rpartition("-")
        if button in ("record", "mark", "menu"):
            how = {"pressed": "press", "held": "hold"}[gesture]
            row = {"state": state, "button": button, "gesture": how, "question": question, "next": after, "actions": list(actions)}
            worked.append(row)
    shown = [
        {"state": name, "video": video, "warned": warned, "docked": docked, "shown": list(lights.pattern(state, video, warned, docked))}
        for state, name in enumerate(machine.STATES)
        for video in (True, False)
        for warned in (False, True)
        for docked in (False, True)
    ]
    rules = [profile_keys.read(compile(load(name))) for name in names()]
    menus = {
        machine.STATES[state]: _all([choices.main(state, rule, secret, absent, True) for rule in rules for secret, absent in _SITUATIONS])
        for state in (machine.IDLE, machine.RECORDING, machine.INTERRUPTED, machine.WITHDRAWN)
    }
    return {"hold_ms": buttons.HOLD_MS, "buttons": worked, "lights": shown, "menus": menus}


_SITUATIONS = ((False, False), (True, True))


def _all(menus: list[tuple[int, ...]]) -> list[int]:
    """Every item of any of them, in the order in which the longest has them first."""
    return list(dict.fromkeys(item for menu in sorted(menus, key=len, reverse=True) for item in menu))


def text() -> str:
    made = table()
    lists = [f' "{key}": [\n  ' + ",\n  ".join(json.dumps(row) for row in made[key]) + "\n ]" for key in ("buttons", "lights")]
    return f'{{\n "hold_ms": {made["hold_ms"]},\n "menus": {json.dumps(made["menus"])},\n' + ",\n".join(lists) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
