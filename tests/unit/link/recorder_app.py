# SPDX-License-Identifier: Apache-2.0
"""A recorder with nothing but its dock line, as a MicroPython process: `recorder_app.py PORT LEAVES`.

Its line is a TCP connection to PORT of this machine. Holds so many leaves in "segment" 12, the same bytes each time, and 40 "records".
"""

import asyncio
import errno
import os
import socket
import sys
import time
from asyncio import core
from hashlib import sha256

import peers

from sealcam.dock.link import Link, Refuse
from sealcam.dock.link_crypto import LinkCrypto
from sealproto import messages

LEAF = 16384


class Serial:
    """The line: a connection, made anew when it breaks."""

    RATE = 921600

    def __init__(self, port: int) -> None:
        self._address = socket.getaddrinfo("127.0.0.1", port)[0][-1]
        self._line = None

    def connected(self) -> bool:
        return self._line is not None

    # a plain generator can be awaited
    def read(self):
        if self._line is None:
            self._connect()
        while True:
            data = self._line.read(4096)
            if data:
                return data
            if data is not None:
                self._line.close()
                self._line = None
                raise OSError(errno.ENODEV)
            yield core._io_queue.queue_read(self._line)

    def _connect(self) -> None:
        line = socket.socket()
        line.connect(self._address)
        line.setsockopt(6, 1, 1)  # TCP_NODELAY
        line.setblocking(False)
        self._line = line

    def write(self, data) -> int:
        if self._line is None:
            raise OSError(errno.ENODEV)
        try:
            return self._line.write(data) or 0
        except OSError:
            raise OSError(errno.ENODEV)  # noqa: B904


class Board:
    def __init__(self, serial) -> None:
        self.serial = serial

    def ticks_ms(self) -> int:
        return (time.ticks_ms() + (1 << 30) - 2000) & 0x3FFFFFFF  # wraps two seconds after the start


def leaf(index: int) -> bytes:
    return sha256(index.to_bytes(4, "little")).digest() * (LEAF // 32)


async def give(call, data: bytes) -> None:
    at = 0
    while at < len(data):
        room = await call.room(1)
        call.piece(data[at : at + room])
        at += room


async def status(call, fields) -> dict:
    values = dict([(name, None) for name, kind in messages.ANSWERS[messages.STATUS] if "~" in kind])
    values.update({"boot": 1, "ms": 5, "enrolled": True, "session_open": False, "board": "test", "firmware": "test"})
    return values


async def records(call, fields) -> dict:
    found = []
    size = 0
    at = fields["from"]
    while at < 40 and size + 300 <= fields["bytes"]:
        found.append(bytes([at]) * 300)
        size += 300
        at += 1
    return {"records": found, "next": at}


async def leaves(call, fields) -> dict:
    if fields["segment"] != 12:
        raise Refuse(messages.NOT_HELD)
    for index in range(fields["first"], fields["first"] + fields["count"]):
        if index >= int(sys.argv[2]):
            raise Refuse(messages.NOT_HELD)
        data = leaf(index)
        await call.media(12, index, len(data))
        await give(call, data)
    return {"sent": fields["count"]}


async def tail(call, fields) -> dict:
    data = leaf(0)
    await call.tail(fields["slot"], 0, bytes(512), len(data))
    await give(call, data)
    return {"sent": 1}


async def put(call, fields) -> dict:
    if not fields["data"]:
        raise OSError(errno.EIO)
    return {"have": fields["offset"] + len(fields["data"])}


HANDLERS = {messages.STATUS: status, messages.RECORDS: records, messages.LEAVES: leaves, messages.TAIL: tail, messages.PUT: put}


async def main() -> None:
    serial = Serial(int(sys.argv[1]))
    crypto = LinkCrypto(os.urandom)
    await Link(Board(serial), crypto, peers.Rules(crypto), HANDLERS).run()


asyncio.run(main())
