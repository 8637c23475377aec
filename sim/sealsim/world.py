# SPDX-License-Identifier: Apache-2.0
"""The world that recorders share: its time, and batteries that empty.

Times are milliseconds of UTC. The world begins at a fixed moment, so that a story tells itself the same way every day.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sealsim.recorder import Recorder

# Monday 2 March 2026, 09:00 in China.
BEGINNING_MS = 1_772_413_200_000
# What one recorder plays reaches another's microphone so much later: within it their times may differ while they run.
AIR_MS = 60


class World:
    """Keeps several recorders at the same virtual time: each runs to the gate, then all go on."""

    def __init__(self, now_ms: int = BEGINNING_MS) -> None:
        self.now_ms = now_ms
        self.recorders: list[Recorder] = []
        self._near = False

    def near(self, *recorders: "Recorder", gain: int = 64) -> None:
        """These stand together: each microphone hears the others' speakers, at `gain` / 256. They meet every AIR_MS from now on."""
        self._near = True
        for recorder in recorders:
            recorder.set_neighbours([other.home / "sound.log" for other in recorders if other is not recorder], gain, AIR_MS)

    def run_for(self, ms: int, step_ms: int | None = None) -> None:
        self.run_until(self.now_ms + ms, step_ms)

    def run_until(self, until_ms: int, step_ms: int | None = None) -> None:
        """Runs every switched-on recorder; they meet every `step_ms`."""
        if self._near:
            step_ms = min(step_ms or AIR_MS, AIR_MS)
        while self.now_ms < until_ms:
            gate = until_ms if step_ms is None else min(until_ms, self.now_ms + step_ms)
            running = [recorder for recorder in self.recorders if recorder.virtual]
            for recorder in running:
                recorder.begin_run(gate)
            for recorder in running:
                recorder.end_run(gate)
            self.now_ms = gate


def discharge(curve: Sequence[Sequence[int]], start_ms: int, minutes: float, percent: float = 100.0) -> list[list[int]]:
    """Points (world ms, mV) of a battery that holds `percent` now and lasts `minutes` more under an even load.

    `curve` is the board's, (mV, per cent), falling.
    """
    points = [[start_ms, round(voltage(curve, percent))]]
    for millivolts, left in curve:
        if left < percent:
            points.append([start_ms + round((percent - left) / percent * minutes * 60_000), millivolts])
    return points


def voltage(curve: Sequence[Sequence[int]], percent: float) -> float:
    """Millivolts at a charge, along straight lines between the curve's points."""
    for (high_mv, high), (low_mv, low) in pairwise(curve):
        if low <= percent <= high:
            return low_mv + (high_mv - low_mv) * (percent - low) / (high - low)
    return curve[0][0] if percent > curve[0][1] else curve[-1][0]
