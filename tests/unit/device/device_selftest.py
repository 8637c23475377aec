# SPDX-License-Identifier: Apache-2.0
"""A self-test for which there is no memory is over: the next one runs."""

import asyncio

from sealcam import visitors
from sealcam.sound.selftest import SelfTest


class Parts:
    """What a self-test asks of the recorder before it begins."""

    sensing = False

    def has(self, clip: int) -> bool:
        return True


async def tried_twice() -> list:
    """What came of two tests: the error of each, and whether it still counted as running."""
    parts = Parts()
    test = SelfTest(parts, parts, parts, None, None)
    found = []
    for _ in range(2):
        test.begin()
        error = None
        try:
            await test._task
        except MemoryError as failed:
            error = failed
        found.append((type(error), test.running))
    return found


def test_one_that_found_no_memory_does_not_run_for_ever():
    bring = visitors.bring

    def full(name: str):
        raise MemoryError()

    visitors.bring = full
    try:
        assert asyncio.run(tried_twice()) == [(MemoryError, False)] * 2
    finally:
        visitors.bring = bring
