# SPDX-License-Identifier: Apache-2.0
"""build/bench.json: one flat object of figures, to which every benchmark adds its own. docs/design.md names them.

A figure that could not be measured is null, never a guess.
"""

import json
import os
from pathlib import Path

PATH = Path("build/bench.json")
Figures = dict[str, float | int | str | None]


def load(path: Path = PATH) -> Figures:
    """What was measured before; nothing when there is no file or it is not an object."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def merge(figures: Figures, path: Path = PATH) -> None:
    """Adds or replaces figures; the others stay."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(load(path) | figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(draft, path)
