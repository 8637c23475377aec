# SPDX-License-Identifier: Apache-2.0
"""What a stranger on the line can make the recorder allocate: a message in the smallest pieces takes no more memory than a message."""

import gc

from sealproto.channel import Splitter, head
from sealproto.limits import MESSAGE_MAX_BEFORE


def held() -> int:
    gc.collect()
    return gc.mem_alloc()


def test_a_message_byte_by_byte_takes_its_own_length():
    splitter = Splitter()
    body = bytes([n & 255 for n in range(MESSAGE_MAX_BEFORE)])
    line = head(len(body)) + body
    before = held()
    for at in range(len(line) - 1):
        assert splitter.feed(line[at : at + 1]) is None
    assert held() - before < 2 * len(body)
    assert splitter.feed(line[-1:]) == body


def test_lengths_byte_by_byte_leave_nothing():
    splitter = Splitter()
    before = held()
    for _ in range(500):
        for piece in (b"\x02", b"\x00\x00", b"\x00", b"a"):
            assert splitter.feed(piece) is None
        assert splitter.feed(b"b") == b"ab"
    assert held() - before < 500
