# SPDX-License-Identifier: Apache-2.0
"""Runs on the simulated Cortex-M3: what a boot spends on a chain that fills most of the flash, with and without the snapshot.

Prints `name number`: instructions of both, records and bytes of the chain. Signatures are zeros: a boot checks none.
"""

import os
from hashlib import sha256

import board
import vfs
from mps2_parts.counter import cost

from sealcam.chain.chain import Chain
from sealcam.chain.history import History
from sealcam.chain.snapshot import Snapshots, read
from sealproto import cose, records

COUNT = 6000  # a shift of eight hours, in segments of five seconds and what else is signed
SESSION = bytes(16)
CHAIN = bytes(32)
FOLDER = "/flash"


def segment(seq: int, prev: bytes) -> bytes:
    body = records.body(
        records.SEGMENT, session=SESSION, part=0, number=seq, slot=seq, generation=1, plain_bytes=160_400, stored_bytes=160_416,
        root=CHAIN, first_frame=0, frames=0, first_sample=80_000 * seq, samples=80_000, start_ms=5000 * seq, end_ms=5000 * seq + 5000,
        lost_frames=0, lost_samples=0,
    )  # fmt: skip
    payload = records.payload(CHAIN, seq, prev, 3, 5000 * seq, [1_781_000_000_000, 1, 20], records.SEGMENT, body)
    return cose.sign1(cose.RECORD, bytes(8), payload, lambda message: bytes(64))


def fill() -> int:
    """Bytes of a chain of COUNT records; the history sees only those that a snapshot is made of."""
    history = History()
    chain = Chain(FOLDER + "/chain", history)
    snapshots = Snapshots(FOLDER, chain, history)
    size = 0
    for seq in range(COUNT):
        raw = segment(seq, chain.head)
        chain.append(raw, seq, sha256(raw).digest())
        size += len(raw) + 2
        if seq == chain.newest():
            snapshots.see(records.Record(raw))
    chain.close()
    return size


def load(known) -> Chain:
    return Chain(FOLDER + "/chain", History(), known)


def receipt(chain) -> int:
    """Of finding, when a receipt covers all of it, that nothing is left uncovered."""
    history = History()
    history.chain = chain
    history.oldest = (0, 0)
    history.covered = [[n * 200, n * 200 + 195] for n in range(COUNT // 200)]
    return cost(history._find_oldest)


vfs.VfsLfs2.mkfs(board.flash)
vfs.mount(vfs.VfsLfs2(board.flash), FOLDER)
print("bytes", fill())
print("records", COUNT)
print("known", cost(lambda: load(read(FOLDER))))
print("whole", cost(load, None))
print("free", cost(os.statvfs, FOLDER))
print("receipt", receipt(load(read(FOLDER))))
