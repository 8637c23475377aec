# SPDX-License-Identifier: Apache-2.0
"""What checking costs the station, beside the least that it could cost: plain SHA-256 of the same leaves, bare Ed25519 verifications.

Both of a pair run in turn, several times, and the best of each counts: other work on the machine disturbs, it never speeds up. Files are
read from the page cache by both; starting the processes is left out of both. Records are checked by one process, so the time of its
processor is what counts there.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from nacl import bindings

from sealdock import chain
from sealdock.archive.check import File, faults
from sealdock.sealing import stored_root
from sealproto import records as rec
from sealproto.merkle import LEAF_BYTES
from tests.bench.results import Figures
from tests.chainbuilder import ChainBuilder

SEGMENT_BYTES = 1 << 19
SEGMENTS = 512
RECORDS = 500
ROUNDS = 15
_BATCH = 16


def measure() -> Figures:
    return _archive() | _records()


def _archive() -> Figures:
    workers = os.cpu_count() or 1
    with tempfile.TemporaryDirectory(prefix="sealdock-bench-") as folder, _pool(workers) as pool:
        files = list(_files(Path(folder)))
        batches = [files[at : at + _BATCH] for at in range(0, len(files), _BATCH)]

        def ours() -> None:
            assert not any(why for answer in pool.map(faults, batches) for why in answer)

        check, plain = _best(ours, lambda: list(pool.map(_plain, batches)), time.perf_counter)
    megabytes = SEGMENTS * SEGMENT_BYTES / 1e6
    return {"host.verify.ratio": plain / check, "host.verify.mb_per_s": megabytes / check, "host.verify.processes": workers}


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def _files(folder: Path) -> Iterator[File]:
    for number in range(SEGMENTS):
        path, stored = folder / str(number), os.urandom(SEGMENT_BYTES)
        path.write_bytes(stored)
        yield str(path), SEGMENT_BYTES, stored_root(stored)


def _plain(files: list[File]) -> list[bytes]:
    """The least that must be done: every leaf read and hashed."""
    out = []
    for path, _, _ in files:
        stored = memoryview(Path(path).read_bytes())
        out += [sha256(stored[at : at + LEAF_BYTES]).digest() for at in range(0, len(stored), LEAF_BYTES)]
    return out[:1]


def _records() -> Figures:
    builder = ChainBuilder()
    builder.boot()
    builder.open_session()
    while len(builder.records) < RECORDS:
        builder.segment(b"x" * 100)
        if len(builder.records) % 120 < 2:
            builder.rotate()
    signed = list(_signed(builder.records))

    def ours() -> None:
        at = chain.begin(builder.records[0])[1]
        for raw in builder.records[1:]:
            at = chain.follow(at, raw)[1]

    def bare() -> None:
        for message, public in signed:
            bindings.crypto_sign_open(message, public)

    check, least = _best(ours, bare, time.process_time)
    return {"host.records.ratio": least / check, "host.records.per_s": len(builder.records) / check}


def _signed(records: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Of each record: signature and signed bytes in the form that libsodium opens, and the key."""
    record, at = chain.begin(records[0])
    yield record.sign1.signature + record.sign1.signed, at.identity
    for raw in records[1:]:
        record = rec.Record(raw)
        yield record.sign1.signature + record.sign1.signed, at.key
        at = chain.follow(at, raw)[1]


def _best(first: Callable[[], object], second: Callable[[], object], clock: Callable[[], float]) -> tuple[float, float]:
    """Seconds that each takes at best."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for call, found in zip((first, second), times, strict=True):
            begun = clock()
            call()
            found.append(clock() - begun)
    return min(times[0]), min(times[1])


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:40} {round(value, 3) if isinstance(value, float) else value}")
