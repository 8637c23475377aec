# SPDX-License-Identifier: Apache-2.0
"""Seeded noisy transfers end byte for byte right: handshake, requests and media of a whole link, over the bit error rates of the bench.

Two transports on a line in virtual time, real cryptography, media both ways of asking; every tenth transfer also loses, doubles and inserts
bytes. What is received is compared with what was sent; a transfer that ends with other bytes, or does not end, is Broken.
"""

import random
from collections.abc import Iterator

import peers
from line_model import Line, write

from sealproto import messages
from sealproto.channel import MEDIA, SEALED, Channel, Splitter, head, media_head, read_media
from sealproto.limits import MESSAGE_MAX
from sealproto.merkle import LEAF_BYTES
from sealproto.transport import LOST, OPEN, Transport

from . import Broken, demand, progress

SIZE, SAMPLE = 1_000, 12
RATES = (0, 100_000, 10_000, 1_000, 333)  # one wrong bit in so many
LIMIT_MS = 600_000
PUT_BYTES = 1500


class Side:
    """One end: messages in and out of a Transport."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.splitter = Splitter()
        self._out = bytearray()

    def send(self, body: bytes) -> None:
        self._out += head(len(body)) + body

    def bodies(self) -> Iterator[bytes]:
        """What came since; moves on what waits to be sent."""
        while self._out and (count := self.transport.send(memoryview(self._out))):
            del self._out[:count]
        while self.transport.ready():
            body = self.splitter.feed(self.transport.receive(self.splitter.missing()))
            if body is not None:
                yield body


class Transfer:
    """Handshake; a status; a put; so many leaves; then bye. `step` runs both applications once, True at the end."""

    def __init__(self, seed: int, size: int, spoil: bool) -> None:
        self.station_side = Side(Transport(True, seed | 1, 0, 4096, 32768))
        self.recorder_side = Side(Transport(False, 0, 0, 16384, 2048, ring=512 if seed % 3 == 0 else 0))
        self.station, self.recorder = peers.pair(seed)
        self.media = random.Random(seed).randbytes(size)
        self.object = random.Random(seed + 1).randbytes(PUT_BYTES)
        self.got = bytearray()
        self.put = b""
        self.ended = False
        self._spoil = spoil
        self._channels: tuple[Channel, Channel] | None = None
        self._first: bytes | None = self.station.hello()

    def step(self) -> bool:
        for side in (self.station_side, self.recorder_side):
            demand(side.transport.state != LOST, f"the link was lost: {side.transport.reason}")
        if self._first is not None and self.station_side.transport.state == OPEN:
            self.station_side.send(self._first)
            self._first = None
        for body in self.recorder_side.bodies():
            self._at_recorder(body)
        for body in self.station_side.bodies():
            self._at_station(body)
        return self.ended and self.station_side.transport.idle()

    def _at_recorder(self, body: bytes) -> None:
        if self.recorder.session is None:
            self.recorder_side.send(self.recorder.take(body))
            if self.recorder.session is not None:
                self._recorder_channel = Channel(self.recorder.session)
                self.recorder_side.splitter.limit = MESSAGE_MAX
            return
        kind, number, fields = messages.read(messages.REQUESTS, self._recorder_channel.open(body))
        answer: dict[str, object] = {}
        if kind == messages.PUT:
            self.put += fields["data"]
            answer = {"have": len(self.put)}
        elif kind == messages.LEAVES:
            for index in range(-(-len(self.media) // LEAF_BYTES)):
                leaf = bytearray(self.media[index * LEAF_BYTES : (index + 1) * LEAF_BYTES])
                if self._spoil and index == 0:
                    leaf[7] ^= 1
                self.recorder_side.send(media_head(MEDIA, fields["segment"], index) + leaf)
            answer = {"sent": fields["count"]}
        self.recorder_side.send(self._recorder_channel.seal(messages.write(messages.ANSWERS, kind, number, **answer)))

    def _at_station(self, body: bytes) -> None:
        if self.station.session is None:
            reply = self.station.take(body)
            if reply is not None:
                self.station_side.send(reply)
            if self.station.session is not None:
                self._station_channel = Channel(self.station.session)
                self.station_side.splitter.limit = MESSAGE_MAX
                self._ask()
            return
        if body[0] != SEALED:
            self.got += read_media(body)[3]
            return
        kind, _, _ = messages.read(messages.ANSWERS, self._station_channel.open(body))
        self.ended = kind == messages.BYE

    def _ask(self) -> None:
        leaves = -(-len(self.media) // LEAF_BYTES)
        put = {"kind": messages.PUT_PROFILE, "hash": bytes(32), "total": PUT_BYTES, "offset": 0, "data": self.object}
        asked: tuple[tuple[int, dict[str, object]], ...] = (
            (messages.PUT, put),
            (messages.LEAVES, {"segment": 3, "first": 0, "count": leaves}),
            (messages.BYE, {}),
        )
        for number, (kind, fields) in enumerate(asked, 1):
            self.station_side.send(self._station_channel.seal(messages.write(messages.REQUESTS, kind, number, **fields)))


def carry(seed: int, spoil: bool = False) -> tuple[int, int]:
    """One transfer: (bytes of media, ms on the line)."""
    rng = random.Random(f"noise {seed}")
    rate = RATES[seed % len(RATES)]
    size = rng.randint(1, 2_000 if rate == RATES[-1] else 40_000)
    faults = {"drop": 900, "double": 900, "insert": 900} if seed % 10 == 9 else {}
    line = Line(seed, rate, **faults)
    line.there.chunk_ms = line.back.chunk_ms = rng.choice((1, 1, 7, 16))
    transfer = Transfer(seed, size, spoil)
    station, recorder = transfer.station_side.transport, transfer.recorder_side.transport
    now = 0
    while not transfer.step():
        demand(now < LIMIT_MS, f"transfer {seed} did not end")
        for transport, wire in ((station, line.there), (recorder, line.back)):
            transport.tick(now)
            write(transport, wire, now)
        for transport, wire in ((recorder, line.there), (station, line.back)):
            data = wire.step()
            if data:
                transport.feed(data, now)
        now += 1
    if bytes(transfer.got) != transfer.media or transfer.put != transfer.object:
        raise Broken(f"transfer {seed} brought other bytes")
    return size, now


def run(size: int, spoil: bool = False) -> dict[str, int | float]:
    total = longest = 0
    for seed in range(size):
        count, spent = carry(seed, spoil)
        total += count
        progress("noise", seed + 1, size, 100)
        longest = max(longest, spent)
    return {"noise.transfers": size, "noise.bytes": total, "noise.wrong": 0, "noise.longest_s": round(longest / 1000, 1)}


CONTROLS = (lambda: run(1, spoil=True),)
