# SPDX-License-Identifier: Apache-2.0
"""Three buttons to ground. An interrupt keeps a press that began and ended between two readings."""

_READS = 2  # the recorder believes what it read twice


class Buttons:
    def __init__(self, pins: tuple, falling: int) -> None:
        """pins: in the order of the bits."""
        self._pins = pins
        self._latched = bytearray(len(pins))  # readings for which each button still counts as down
        for place, pin in enumerate(pins):
            pin.irq(handler=self._latch(place), trigger=falling, hard=True)

    def _latch(self, place: int):
        latched = self._latched

        def pressed(_) -> None:
            latched[place] = _READS

        return pressed

    def read(self) -> int:
        """Bits of the buttons that are down, or went down since they were read last; such a press lasts two readings."""
        down = 0
        for place, pin in enumerate(self._pins):
            if self._latched[place]:
                self._latched[place] -= 1
                down |= 1 << place
            elif not pin.value():
                down |= 1 << place
        return down
