# SPDX-License-Identifier: Apache-2.0
"""Of the rp2 port, for boards only."""

from collections.abc import Callable as _Callable
from typing import Any as _Any

from machine import Pin as _Pin

class PIO:
    OUT_LOW: int
    SHIFT_LEFT: int
    JOIN_TX: int
    JOIN_RX: int

def asm_pio(**settings: _Any) -> _Callable[[_Callable[[], None]], list[_Any]]: ...

class StateMachine:
    def __init__(
        self,
        id: int,
        program: list[_Any],
        freq: int = ...,
        *,
        in_base: _Pin = ...,
        out_base: _Pin = ...,
        set_base: _Pin = ...,
        sideset_base: _Pin = ...,
    ) -> None: ...
    def active(self, value: int = ...) -> int: ...
    def restart(self) -> None: ...
    def rx_fifo(self) -> int: ...
    def get(self) -> int: ...

class DMA:
    read: int
    write: int
    def pack_ctrl(self, **fields: int) -> int: ...
    def config(self, *, read: _Any = ..., write: _Any = ..., count: int = ..., ctrl: int = ..., trigger: bool = ...) -> None: ...
    def active(self, value: int = ...) -> bool: ...

class Flash:
    def __init__(self, *, start: int = ..., len: int = ...) -> None: ...
    def readblocks(self, block: int, buf: bytearray, offset: int = ...) -> None: ...
    def writeblocks(self, block: int, buf: bytes, offset: int = ...) -> None: ...
    def ioctl(self, op: int, arg: int) -> int: ...
