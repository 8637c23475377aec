# SPDX-License-Identifier: Apache-2.0
"""The station's clock."""

import time
from collections.abc import Callable

from sealdock.errors import SealdockError
from sealdock.text import say
from sealproto.limits import CLOCK_END_MS, CLOCK_FIRST_MS


def _system_ms() -> int:
    return time.time_ns() // 1_000_000


_source: Callable[[], int] = _system_ms


def now_ms() -> int:
    """UTC in milliseconds since 1970."""
    return _source()


def settable_ms() -> int:
    """The same, for a recorder's clock. SealdockError when no recorder's could show it: then this computer's is wrong."""
    utc = now_ms()
    if not CLOCK_FIRST_MS <= utc < CLOCK_END_MS:
        raise SealdockError(say("clock-range", year=time.gmtime(utc // 1000).tm_year))
    return utc


def use(source: Callable[[], int] | None) -> None:
    """Another clock for this process, None for the system's. The demo uses it: its twenty minutes pass in seconds, for both sides."""
    global _source
    _source = source or _system_ms
