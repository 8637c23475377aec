# SPDX-License-Identifier: Apache-2.0
"""Runs on the simulated Cortex-M3: what one signature over a record costs, with the very files of the recorder.

Prints `name instructions`. The record's payload has 300 bytes; encoding it is part of the cost, the nonce's fresh randomness is not.
"""

import gc

from mps2_parts.counter import Counter, cost

from sealcam import ed25519, x25519
from sealcam.chain import signer
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


def collected_cost(function, *arguments) -> int:
    gc.collect()
    return cost(function, *arguments)


def signature(key: ed25519.Key) -> None:
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
    full = collected_cost(made._record, bytes(32), 1000, bytes(32), records.ASSIGN, body(spare), key)
    ed25519._holds = holds
    print("full", full)
    print("verification", checking.instructions)


def others(key: ed25519.Key) -> None:
    message = bytes(364)
    signed = key.sign(message, b"")
    print("key", collected_cost(ed25519.Key, bytes(range(32))))
    print("first", collected_cost(ed25519.verify, key.public, message, signed))
    print("verify", collected_cost(ed25519.verify, key.public, message, signed))
    print("x25519", collected_cost(x25519.x25519, bytes(range(32)), b"\x09" + bytes(31)))
    print("x25519_public", collected_cost(x25519.public, bytes(range(32))))
    text = bytes(LONG)
    print("sha512", collected_cost(sha512, text))


def measure() -> None:
    group.table()
    key = ed25519.Key(bytes(range(32)))
    signature(key)
    others(key)


measure()
