# SPDX-License-Identifier: Apache-2.0
"""CRC-32 as in RFC 1952: the interpreter's own, but for MicroPython on a computer, whose own takes half a byte at a time.

Four tables of 1 KiB are nothing there. On a recorder they would be much, and slower as well (docs/decisions/0011).
"""

import sys
from binascii import crc32 as _own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _choose() -> "Callable[[memoryview], int]":
    if sys.implementation.name == "micropython" and sys.maxsize > 0x7FFFFFFF:
        try:
            from . import crc_viper

            return crc_viper.crc32
        except SyntaxError:  # the emitter is not in this build
            pass
    return _own


crc32 = _choose()
