# SPDX-License-Identifier: Apache-2.0
"""Runs on the simulated Cortex-M3: what the recorder's side of the line costs, from a leaf's bytes to line bytes, acknowledgements too.

Prints `name instructions`, of sending a leaf over an open link; and of its two inner loops over one frame's payload.
"""

import os
from binascii import crc32

from mps2_parts.counter import Counter, cost

from sealproto import cobs
from sealproto.merkle import LEAF_BYTES
from sealproto.transport import OPEN, Transport

PIECE = 4096
PAYLOAD = 4096


def opened() -> tuple:
    """(recorder's end, station's end) of a link."""
    recorder, station = Transport(False, 1, 0, 8192, 2048), Transport(True, 2, 0, 1024, 32768)
    now = 0
    while recorder.state != OPEN or station.state != OPEN:
        now += 1
        station.tick(now)
        carry(station, recorder, now)
        carry(recorder, station, now)
    return recorder, station


def carry(source: Transport, target: Transport, now: int) -> None:
    out = bytes(source.output(now))
    source.sent(len(out))
    target.feed(out, now)


def leaf(recorder: Transport, station: Transport, data: bytes) -> int:
    """Instructions of the recorder's end alone."""
    counter = Counter()
    now, at, came = 1000, 0, 0
    while came < len(data):
        now += 5
        counter.start()
        at += recorder.send(memoryview(data)[at : at + PIECE])
        out = recorder.output(now)
        counter.stop()
        line = bytes(out)
        counter.start()
        recorder.sent(len(line))
        counter.stop()
        station.feed(line, now)
        came += len(station.receive())
        answer = bytes(station.output(now))
        station.sent(len(answer))
        counter.start()
        if answer:
            recorder.feed(answer, now)
        recorder.tick(now)
        counter.stop()
    return counter.instructions


data = os.urandom(LEAF_BYTES)
payload = bytearray(data[:PAYLOAD])
target = bytearray(cobs.bound(PAYLOAD))
ends = opened()
leaf(*ends, data)  # what a first run makes once is no cost of a byte
print("leaf", leaf(*ends, data))
print("crc", cost(crc32, payload))
print("cobs", cost(cobs.encode, payload, PAYLOAD, target, 0))
