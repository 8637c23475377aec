# SPDX-License-Identifier: Apache-2.0
"""The watchdog, which nothing stops once it runs. The first feeding starts it."""

_LIMIT_MS = 8300  # the chip's longest is 8,388


class Watchdog:
    def __init__(self, make) -> None:
        """make: machine.WDT."""
        self._make = make
        self._dog = None

    def feed(self) -> None:
        dog = self._dog or self._make(timeout=_LIMIT_MS)
        self._dog = dog
        dog.feed()
