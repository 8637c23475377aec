# SPDX-License-Identifier: Apache-2.0
"""Three buttons, debounced, into events. Record acts the moment it goes down; mark and menu tell a press from a hold."""

from sealcam.officer import machine

TURN_MS = 20
HOLD_MS = 1500
_RECORD, _MARK, _MENU = 1, 2, 4
_PRESSED = {_MARK: machine.MARK_PRESSED, _MENU: machine.MENU_PRESSED}
_HELD = {_RECORD: machine.RECORD_HELD, _MARK: machine.MARK_HELD, _MENU: machine.MENU_HELD}


class Buttons:
    """Feed it what the board reads, with the time; it returns events."""

    def __init__(self) -> None:
        self._last = 0
        self._stable = 0
        self._since = {_RECORD: 0, _MARK: 0, _MENU: 0}
        self._told = 0  # buttons whose hold was told already

    def feed(self, down: int, now_ms: int) -> list:
        """`down`: the board's bits. A level counts when it was read twice in a row."""
        events: list[int] = []
        if down == self._last and down != self._stable:
            changed = down ^ self._stable
            self._stable = down
            for bit in (_RECORD, _MARK, _MENU):
                if changed & bit:
                    self._edge(bit, down & bit, now_ms, events)
        self._last = down
        for bit in (_RECORD, _MARK, _MENU):
            if self._stable & bit and not self._told & bit and now_ms - self._since[bit] >= HOLD_MS:
                self._told |= bit
                events.append(_HELD[bit])
        return events

    def _edge(self, bit: int, down: int, now_ms: int, events: list) -> None:
        if down:
            self._since[bit] = now_ms
            self._told &= ~bit
            if bit == _RECORD:
                events.append(machine.RECORD_PRESSED)
        elif bit != _RECORD and not self._told & bit:
            events.append(_PRESSED[bit])
