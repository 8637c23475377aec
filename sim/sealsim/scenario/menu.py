# SPDX-License-Identifier: Apache-2.0
"""Working a spoken menu by ear alone: step until the wanted item is said, then confirm."""

from sealsim.recorder import MARK, MENU
from sealsim.scenario.stage import Stage, Untrue

NEXT, TAKE = MENU, MARK
MOST_ITEMS = 60
ITEM_MS = 2500  # the longest that one item takes to be said


def choose(stage: Stage, words: str) -> None:
    """An open menu: the item is taken when it is heard. Untrue when it never comes."""
    for _ in range(MOST_ITEMS):
        if _says(stage, words):
            stage.active.press(TAKE, 200)
            stage.wait(500)
            return
        stage.active.press(NEXT, 200)
        stage.wait(ITEM_MS)
    raise Untrue(f"the menu never offered {words}")


def _says(stage: Stage, words: str) -> bool:
    return stage.ears.hear(words)
