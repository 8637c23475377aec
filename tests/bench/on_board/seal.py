# SPDX-License-Identifier: Apache-2.0
"""Runs on the simulated Cortex-M3: what one signature over a record costs, with the very files of the recorder.

Prints `name value`, instructions. The record's payload has 300 bytes; encoding it is part of the cost, the nonce's fresh randomness is not.
"""

import gc

from mps2_parts.counter import Counter, cost

from sealcam import ed25519, signer
from sealcam.curve25519 import group
from sealcam.sha512 import sha512
from sealproto import records

PAYLOAD_BYTES = 300
NOISE = bytes(range(32))
LONG = 16384


class Clock:
    def ms(self) -> int:
        return 1_000_000

    def utc(self) -> list:
        return [1_781_000_000_000, 1, 20]


def body(spare: int) -> dict:
    """Of an assignment, whose length can be chosen."""
    return records.body(records.ASSIGN, assignment=bytes(spare))


def payload_bytes(spare: int) -> int:
    clock = Clock()
    return len(records.payload(bytes(32), 1000, bytes(32), 3, clock.ms(), clock.utc(), records.ASSIGN, body(spare)))


def measure() -> None:
    group.table()
    key = ed25519.Key(bytes(range(32)))
    spare = PAYLOAD_BYTES - payload_bytes(100) + 100
    assert payload_bytes(spare) == PAYLOAD_BYTES
    made = signer.Signer(None, None, Clock(), lambda n: NOISE)
    checking = Counter()
    holds = ed25519._holds

    def counted(*arguments) -> bool:
        checking.start()
        result = holds(*arguments)
        checking.stop()
        return result

    ed25519._holds = counted
    gc.collect()
    full = cost(made._record, bytes(32), 1000, bytes(32), records.ASSIGN, body(spare), key)
    ed25519._holds = holds
    print("full", full)
    print("verification", checking.instructions)
    gc.collect()
    print("key", cost(ed25519.Key, bytes(range(32))))
    gc.collect()
    text = bytes(LONG)
    print("sha512", cost(sha512, text))


measure()
