# SPDX-License-Identifier: Apache-2.0
"""An unthrottled cable: `python -m tests.bench.wire A B` moves bytes between two inherited file descriptors until one hangs up.

A process of its own, since a thread would take turns with the station that is measured.
"""

import os
import select
import sys

_MOST = 65536


def carry(a: int, b: int) -> None:
    """Until one end hangs up."""
    waiting = {a: b"", b: b""}  # what is to be written to an end
    other = {a: b, b: a}
    for end in (a, b):
        os.set_blocking(end, False)
    while True:
        sources = [end for end in (a, b) if len(waiting[other[end]]) < _MOST]
        ready, free, _ = select.select(sources, [end for end in (a, b) if waiting[end]], [])
        for end in ready:
            data = _try(os.read, end, _MOST)
            if data == b"":
                return
            waiting[other[end]] += data or b""
        for end in free:
            waiting[end] = waiting[end][_try(os.write, end, waiting[end]) or 0 :]


def _try(act, end: int, what):  # type: ignore[no-untyped-def]
    try:
        return act(end, what)
    except BlockingIOError:
        return None
    except OSError:  # a pseudoterminal that was closed at its other end
        return b"" if act is os.read else None


if __name__ == "__main__":
    carry(int(sys.argv[1]), int(sys.argv[2]))
