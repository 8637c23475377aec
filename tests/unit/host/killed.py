# SPDX-License-Identifier: Apache-2.0
"""Runs the command line and kills it with SIGKILL at its Nth durable step: `python killed.py N ARGUMENT...`.

A step is a call that changes what a power cut would leave: fsync, rename, pwrite, or a commit of the database. With N = 0 nothing is
killed and the number of steps is printed as the last line of standard error.
"""

import os
import signal
import sys
from contextlib import AbstractContextManager

from sealdock.archive import store
from sealdock.cli import run

LIMIT = int(sys.argv[1])
steps = 0


def step() -> None:
    global steps
    steps += 1
    if steps == LIMIT:
        os.kill(os.getpid(), signal.SIGKILL)


def counted(name: str) -> None:
    real = getattr(os, name)

    def call(*arguments: object, **more: object) -> object:
        step()
        return real(*arguments, **more)

    setattr(os, name, call)


for name in ("fsync", "rename", "pwrite"):
    counted(name)
_transaction = store.Archive.transaction


class Counted(AbstractContextManager):
    """A transaction that may be killed before its first statement and before its commit."""

    def __init__(self, archive: store.Archive) -> None:
        self._inner = _transaction(archive)

    def __enter__(self) -> object:
        step()
        return self._inner.__enter__()

    def __exit__(self, *about: object) -> bool | None:
        step()
        done = self._inner.__exit__(*about)
        step()
        return done


store.Archive.transaction = lambda archive: Counted(archive)  # type: ignore[method-assign, assignment, return-value]

code = run(sys.argv[2:])
if LIMIT == 0:
    print(steps, file=sys.stderr)
sys.exit(code)
