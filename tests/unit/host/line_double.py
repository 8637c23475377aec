# SPDX-License-Identifier: Apache-2.0
"""A recorder at the other end of a real link: transport, handshake and messages are the protocol's own, its chain is a ChainBuilder's.

    >>> with LineDouble(builder) as recorder:
    ...     run(["sync", "--port", recorder.url])

It runs in a thread behind a TCP socket and survives that the station breaks off. `heard` holds the six digits once it has spoken them.
"""

import secrets
import select
import socket
import threading
import time
from hashlib import sha256

from tests.chainbuilder import ChainBuilder

from sealdock.keys import kid
from sealdock.link.crypto import LinkCrypto
from sealdock.sealing import leaves as cut
from sealproto import channel, messages, objects
from sealproto import records as rec
from sealproto.channel import Channel, Splitter, head, media_head
from sealproto.handshake_recorder import RecorderHandshake
from sealproto.limits import MESSAGE_MAX
from sealproto.transport import LOST, OPEN, Transport

_ANSWER_BYTES = 4000  # of records in one answer: small, so that there are many


class Refuse(Exception):
    """An error answer with a code of sealproto.messages."""


class Recorder:
    """What the recorder knows and how it answers; `handle` is called with a request's type and fields."""

    def __init__(self, builder: ChainBuilder, enrolled: bool) -> None:
        self.builder = builder
        self.enrolled = enrolled
        self.held: dict[int, bytes] = {}  # objects by their kind
        self.parts: dict[bytes, bytearray] = {}
        self.heard: str | None = None
        self.offset = 0

    # For the handshake

    def station(self, mode: int, certificates: list[bytes], revocations: bytes | None) -> bytes:
        """Trusts the builder's bureau; in enrol mode anybody."""
        for raw in certificates:
            fields = objects.read("application/vnd.sealdock.certificate+cbor", raw)[1]
            if fields["key"] == self.builder.bureau.station.public:
                return fields["key"]
        raise ValueError("not a station of this bureau")

    def identity(self, mode: int, salt: bytes) -> "Identity":
        return Identity(self.builder, self.enrolled)

    # For requests

    def handle(self, kind: int, fields: dict, send: "Media") -> dict:
        handlers = {
            messages.STATUS: self._status, messages.RECORDS: self._records, messages.LEAVES: self._leaves, messages.TAIL: self._tail,
            messages.TIME: self._time, messages.SET_CLOCK: self._set_clock, messages.PUT: self._put,
            messages.ENROL_BEGIN: self._enrol_begin, messages.ENROL_FINISH: self._enrol_finish, messages.BYE: lambda f, s: {},
        }  # fmt: skip
        return handlers[kind](fields, send)

    claims: bytes | None = None  # a chain that is not its own

    def _status(self, fields: dict, send: "Media") -> dict:
        b = self.builder

        def held(kind: int) -> bytes | None:
            return sha256(self.held[kind]).digest() if kind in self.held else None

        return {
            "chain": self.claims or b.chain, "head_seq": len(b.records) - 1, "head_hash": b.head, "first_seq": 0,
            "boot": b.boot_number, "ms": b.ms, "utc": b.utc,
            "slots_used": 0, "slots_total": 100, "enrolled": self.enrolled, "session_open": False, "board": "unix",
            "firmware": "0.1.0", "battery_mv": 3900, "receipt": None, "revocations": 1,
            "profile": held(messages.PUT_PROFILE), "prompts": held(messages.PUT_PROMPTS), "assignment": held(messages.PUT_ASSIGNMENT),
        }  # fmt: skip

    def _records(self, fields: dict, send: "Media") -> dict:
        out: list[bytes] = []
        for raw in self.builder.records[fields["from"] :]:
            if out and sum(map(len, out)) + len(raw) > _ANSWER_BYTES:
                break
            out.append(raw)
        if not out:
            raise Refuse(messages.NOT_HELD)
        return {"records": out, "next": fields["from"] + len(out)}

    def _leaves(self, fields: dict, send: "Media") -> dict:
        stored = self.builder.stored.get(fields["segment"])
        if stored is None:
            raise Refuse(messages.NOT_HELD)
        found = cut(stored)[fields["first"] : fields["first"] + fields["count"]]
        for index, leaf in enumerate(found, fields["first"]):
            send(media_head(channel.MEDIA, fields["segment"], index) + leaf)
        return {"sent": len(found)}

    def _tail(self, fields: dict, send: "Media") -> dict:
        found = self.builder.tail_leaves[fields["first"] : fields["first"] + fields["count"]]
        for index, (sector, leaf) in enumerate(found, fields["first"]):
            send(media_head(channel.TAIL, fields["slot"], index) + sector + leaf)
        return {"sent": len(found)}

    def _time(self, fields: dict, send: "Media") -> dict:
        return {"boot": self.builder.boot_number, "ms": self.builder.ms, "utc": time.time_ns() // 1_000_000 + self.offset}

    def _set_clock(self, fields: dict, send: "Media") -> dict:
        self.offset = 0
        self.builder.record(
            rec.CLOCK_SET, before=None, after=fields["utc"], uncertainty_ms=fields["uncertainty_ms"], drift_ppb=fields["drift_ppb"],
            station=self.builder.bureau.station.kid,
        )  # fmt: skip
        return {"seq": len(self.builder.records) - 1}

    def _put(self, fields: dict, send: "Media") -> dict:
        here = self.parts.setdefault(fields["hash"], bytearray())
        if fields["data"] and fields["offset"] == len(here):
            here += fields["data"]
            if len(here) == fields["total"]:
                self._taken(fields["kind"], bytes(here))
        return {"have": len(here)}

    def _taken(self, kind: int, raw: bytes) -> None:
        assert sha256(raw).digest() in self.parts
        self.held[kind] = raw
        if kind == messages.PUT_RECEIPT and raw not in self.builder.receipts:
            self.builder.receipts.append(raw)
            self.builder.record(rec.RECEIPT, receipt=raw)
        if kind == messages.PUT_ASSIGNMENT:
            self.builder.assignment = raw
            self.builder.record(rec.ASSIGN, assignment=raw)

    def _enrol_begin(self, fields: dict, send: "Media") -> dict:
        self.heard = send.digits
        return {"genesis": self.builder.records[0]}

    def _enrol_finish(self, fields: dict, send: "Media") -> dict:
        self.builder.certificate = fields["certificate"]
        self.root = fields["root"]
        self.enrolled = True
        return {}


class Identity:
    def __init__(self, builder: ChainBuilder, enrolled: bool) -> None:
        self.public = builder.identity.public
        self.kid = kid(self.public)
        self.certificates = [builder.certificate] if enrolled else []
        self.sign = builder.identity.sign


class Media:
    """Sends leaves before the answer; knows the session's digits."""

    def __init__(self, send: object, digits: str) -> None:
        self._send = send
        self.digits = digits

    def __call__(self, body: bytes) -> None:
        self._send(head(len(body)) + body)  # type: ignore[operator]


class Broken(Exception):
    """The station is gone."""


class LineDouble(threading.Thread):
    """The recorder's port. `breaks_after` pulls the cable once when so many bytes were sent."""

    def __init__(self, builder: ChainBuilder, enrolled: bool = True, breaks_after: int | None = None) -> None:
        super().__init__(daemon=True)
        self.recorder = Recorder(builder, enrolled)
        self.breaks_after = breaks_after
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.1)
        self._ended = False
        self._sent = 0

    @property
    def url(self) -> str:
        return f"socket://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> "LineDouble":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        self.join()
        self._listener.close()

    def run(self) -> None:
        while not self._ended:
            try:
                self._port, _ = self._listener.accept()
            except TimeoutError:
                continue
            with self._port:
                self._transport = Transport(False, secrets.randbits(16), self._now(), 32768, 4096)
                try:
                    self._serve()
                except (Broken, OSError, ValueError):
                    continue

    def _now(self) -> int:
        return time.monotonic_ns() // 1_000_000

    def _turn(self) -> None:
        """Some bytes in, some bytes out."""
        readable, _, _ = select.select([self._port], [], [], 0.002)
        if readable:
            data = self._port.recv(65536)
            if not data:
                raise Broken
            self._transport.feed(data, self._now())
        self._transport.tick(self._now())
        while out := self._transport.output(self._now()):
            self._port.sendall(out)
            self._sent += len(out)
            self._transport.sent(len(out))
            if self.breaks_after is not None and self._sent >= self.breaks_after:
                self.breaks_after = None
                raise Broken
        if self._transport.state == LOST or self._ended:
            raise Broken

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._transport.send(view) :]
            self._turn()

    def _receive(self, splitter: Splitter) -> bytes:
        while True:
            if self._transport.state == OPEN and self._transport.ready():
                body = splitter.feed(self._transport.receive(splitter.missing()))
                if body is not None:
                    return body
            else:
                self._turn()

    def _serve(self) -> None:
        splitter = Splitter()
        shake = RecorderHandshake(LinkCrypto(), self.recorder)
        while shake.session is None:
            answer = shake.take(self._receive(splitter))
            self._send(head(len(answer)) + answer)
            if shake.failed:
                self._flush()
                return
        splitter.limit = MESSAGE_MAX
        sealed = Channel(shake.session)
        kind = None
        while kind != messages.BYE:
            kind, number, fields = messages.read(messages.REQUESTS, sealed.open(self._receive(splitter)))
            try:
                answer = messages.write(
                    messages.ANSWERS, kind, number, **self.recorder.handle(kind, fields, Media(self._send, shake.session.digits))
                )
            except Refuse as refusal:
                answer = messages.write(messages.ANSWERS, messages.ERROR, number, code=refusal.args[0])
            body = self.seal(sealed, answer)
            self._send(head(len(body)) + body)
        self._flush()

    def seal(self, sealed: Channel, answer: bytes) -> bytes:
        """The body of an answer."""
        return sealed.seal(answer)

    def _flush(self) -> None:
        until = time.monotonic() + 2
        while not self._transport.idle() and time.monotonic() < until:
            self._turn()
