# SPDX-License-Identifier: Apache-2.0
"""Working a spoken menu by ear alone: step until the wanted item is the one said last, then take it."""

from collections.abc import Callable

from sealsim.recorder import MARK, MENU, Recorder

NEXT, TAKE = MENU, MARK
PRESS_MS = 200
MOST_ITEMS = 60


def choose(recorder: Recorder, offered: Callable[[], bool], listen: Callable[[], None]) -> bool:
    """An open menu: `listen` waits for silence, `offered` says whether the item was said last. False when it never is."""
    for _ in range(MOST_ITEMS):
        listen()
        taken = offered()
        recorder.press(TAKE if taken else NEXT, PRESS_MS)
        recorder.world.run_for(2 * PRESS_MS)  # for all who stand there
        if taken:
            return True
    return False
