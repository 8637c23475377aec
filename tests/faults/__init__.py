# SPDX-License-Identifier: Apache-2.0
"""Campaigns of faults: `make torture` runs each at full size and writes build/torture.json, `make test` a small sample of each.

A campaign is a module `campaign_NAME.py` here:

    SIZE, SAMPLE = 1_000_000, 2_000      # of a full run and of a sample
    def run(size: int) -> dict: ...      # flat figures, names beginning with NAME; Broken when something happened that must not
    CONTROLS = (call, ...)               # the same with a fault put in on purpose: each must raise Broken

It may say `INTERPRETER = True` when it needs MicroPython.
"""

import sys
from pathlib import Path

# The links' peers and line model stand beside the tests of the link, where they run on MicroPython too; doubles beside those of the host.
for _ring in ("link", "host"):
    sys.path.insert(0, str(Path(__file__).parent.parent / "unit" / _ring))


class Broken(AssertionError):
    """What a campaign looks for."""


def progress(name: str, done: int, size: int, every: int) -> None:
    """A line now and then, so that who waits sees that it goes on."""
    if done % every == 0:
        print(f"{name}: {done} of {size}", flush=True)


def demand(holds: bool, what: str) -> None:
    """Broken unless it holds."""
    if not holds:
        raise Broken(what)
