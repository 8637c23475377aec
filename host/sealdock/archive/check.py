# SPDX-License-Identifier: Apache-2.0
"""Reading the archive again: every record against its chain, every held segment's bytes against the root that the recorder signed.

Nothing is decrypted and no key is needed. Media is read by all processors, a file at a time, so memory stays flat.
"""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

from sealdock import chain as following
from sealdock.chain import ChainError
from sealdock.sealing import stored_root

from . import media
from .media import Segment
from .store import Archive

_BATCH = 64  # segments that one process is given at once
_AHEAD = 3  # batches for each process that wait or are under way

File = tuple[str, int, bytes]  # path, bytes and Merkle root of a segment as its record states them


@dataclass(frozen=True)
class Problem:
    """What is not as it was signed. `record`: its sequence number in the chain; `why`: English."""

    chain: bytes
    record: int
    why: str


def check(archive: Archive, workers: int | None = None) -> Iterator[Problem]:
    """All that is wrong; nothing when all is as it was signed. workers: processes, by default one for each processor."""
    for recorder in archive.recorders():
        yield from check_records(archive, recorder.chain)
    yield from check_media(archive, workers)


def check_records(archive: Archive, of: bytes) -> Iterator[Problem]:
    """Follows a chain from genesis, as when its records came, up to where the archive remembers it. Stops at the first fault."""
    known = archive.position(of)
    if known is None:
        return
    at = None
    try:
        for raw in archive.records(of, 0, known.seq - 1):
            at = following.begin(raw)[1] if at is None else following.follow(at, raw)[1]
    except ChainError as error:
        yield Problem(of, at.seq if at else 0, str(error))
        return
    if at != known:
        yield Problem(of, at.seq if at else 0, "the records do not lead to the place that the archive remembers")


def check_media(archive: Archive, workers: int | None = None) -> Iterator[Problem]:
    """Compares every sealed segment that is held with its record."""
    held = media.held(archive)
    first = list(islice(held, _BATCH))
    if len(first) < _BATCH:  # to start processes would take longer
        yield from _problems(first, faults(_files(archive, first)))
        return
    workers = workers or os.cpu_count() or 1
    under_way: deque[tuple[list[Segment], Future[list[str | None]]]] = deque()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for batch in chain([first], iter(lambda: list(islice(held, _BATCH)), [])):
            under_way.append((batch, pool.submit(faults, _files(archive, batch))))
            if len(under_way) > _AHEAD * workers:
                done, answer = under_way.popleft()
                yield from _problems(done, answer.result())
        for done, answer in under_way:
            yield from _problems(done, answer.result())


def _files(archive: Archive, batch: list[Segment]) -> list[File]:
    return [(str(media.stored_path(archive, item)), item.stored_bytes or 0, item.root) for item in batch]


def _problems(batch: list[Segment], found: list[str | None]) -> Iterator[Problem]:
    for segment, why in zip(batch, found, strict=True):
        if why:
            yield Problem(segment.chain, segment.seq, f"segment {segment.number}: {why}")


def faults(files: list[File]) -> list[str | None]:
    """What is wrong with each file; None for one that holds what was signed."""
    return [_fault(*file) for file in files]


def _fault(path: str, size: int, root: bytes) -> str | None:
    try:
        stored = Path(path).read_bytes()
    except OSError as error:
        return error.strerror or type(error).__name__
    if len(stored) != size:
        return f"{len(stored)} bytes where {size} were sealed"
    return None if stored_root(stored) == root else "its bytes are not those that were sealed"
