# SPDX-License-Identifier: Apache-2.0
"""The station's clock."""

import time
from collections.abc import Callable


def _system_ms() -> int:
    return time.time_ns() // 1_000_000


_source: Callable[[], int] = _system_ms


def now_ms() -> int:
    """UTC in milliseconds since 1970."""
    return _source()


def use(source: Callable[[], int] | None) -> None:
    """Another clock for this process, None for the system's. The demo uses it: its twenty minutes pass in seconds, for both sides."""
    global _source
    _source = source or _system_ms
