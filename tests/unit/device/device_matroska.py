# SPDX-License-Identifier: Apache-2.0
"""Blocks of a Matroska file (RFC 9559 section 10.2, sizes by RFC 8794 section 6) byte for byte, and without taking memory."""

import gc

from sealcam.media.matroska import AUDIO, VIDEO, Writer

# bytes of a block, track, ms, what stands before its bytes
HEADS = (
    (0, AUDIO, 0, "a38482000080"),
    (122, AUDIO, 20, "a3fe82001480"),
    (123, AUDIO, 0x123, "a3407f82012380"),
    (640, VIDEO, 999, "a342848103e780"),
    (16378, AUDIO, 1, "a37ffe82000180"),
    (16379, AUDIO, 1, "a310003fff82000180"),
    (60000, VIDEO, 300, "a31000ea6481012c80"),
    (7, AUDIO, -30, "a38b82ffe280"),
)


def test_heads_of_blocks_of_every_length():
    told = []
    writer = Writer(lambda data: told.append(bytes(data)), (64, 48, 10), 16000)
    writer.block(VIDEO, 0, memoryview(b""))
    for size, track, ms, head in HEADS:
        data = memoryview(bytes([size & 255]) * size)
        told.clear()
        writer.block(track, ms, data)
        assert b"".join(told) == bytes.fromhex(head) + bytes(data), (size, track, ms)


def test_a_second_later_a_cluster_begins():
    told = []
    writer = Writer(lambda data: told.append(bytes(data)), None, 16000)
    writer.block(AUDIO, 5, memoryview(b"ab"))
    told.clear()
    writer.block(AUDIO, 1005, memoryview(b"ab"))
    assert b"".join(told) == bytes.fromhex("1f43b67501ffffffffffffffe78203eda38682000080") + b"ab"


def ignore(data) -> None:
    pass


def test_a_block_allocates_nothing():
    writer = Writer(ignore, None, 16000)
    data = memoryview(bytes(640))
    writer.block(AUDIO, 0, data)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for ms in range(100):
        writer.block(AUDIO, ms, data)
    after = gc.mem_alloc()
    gc.enable()
    assert after - before < 100, after - before
