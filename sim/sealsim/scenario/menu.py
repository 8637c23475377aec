# SPDX-License-Identifier: Apache-2.0
"""Working a spoken menu by ear alone: step until the wanted item is the one said last, then take it."""

from sealsim.recorder import MARK, MENU
from sealsim.scenario.stage import Stage, Untrue

NEXT, TAKE = MENU, MARK
PRESS_MS = 200
MOST_ITEMS = 60


def choose(stage: Stage, words: str) -> None:
    """An open menu: the item is taken when it is heard. Untrue when it never comes."""
    for _ in range(MOST_ITEMS):
        stage.until_quiet()
        if stage.ears.said_last(words):
            stage.active.press(TAKE, PRESS_MS)
            stage.wait(2 * PRESS_MS)
            return
        stage.active.press(NEXT, PRESS_MS)
        stage.wait(2 * PRESS_MS)
    raise Untrue(f"the menu never offered {words}")
