# SPDX-License-Identifier: Apache-2.0
"""A small station written from docs/protocol.md, docs/protocol-link.md and the CDDL alone: it uses nothing of this project.

    with IndependentStation(port, seed, certificate, root_public) as station:
        records = station.records()
        media = station.media(record_number, leaves)
        station.give_receipt(records, [12, 13])

It shows that the documents are enough to write another one, and that recorder and documents agree. Simple where a station may be simple:
frames that come out of order are left to be sent again, one request at a time, one small frame under way.
"""

import hmac
import io
import os
import socket
import time
from binascii import crc32
from hashlib import sha256
from types import TracebackType
from typing import Any, Self

import cbor2
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from nacl.bindings import crypto_scalarmult, crypto_scalarmult_base
from nacl.signing import SigningKey, VerifyKey

SYN, SYN_ACK, DATA, ACK, PING, RESET = range(1, 7)
SEALED, MEDIA = 0, 1
WINDOW = 32768
LEAF = 16384
ERROR, STATUS, RECORDS, LEAVES, TIME, PUT, BYE = 0, 1, 2, 3, 5, 7, 11
RECEIPT_KIND = 7


def encode(value: object) -> bytes:
    return cbor2.dumps(value, canonical=True)


def decode(raw: bytes) -> Any:
    value = cbor2.loads(raw)
    assert encode(value) == raw, "not deterministic"
    return value


# Frames (protocol-link.md section 1)


def stuff(data: bytes) -> bytes:
    out, block = bytearray(), bytearray()
    for at, byte in enumerate(data):
        if byte:
            block.append(byte)
        if not byte or (len(block) == 254 and at + 1 < len(data)):
            out += bytes([len(block) + 1]) + block
            block.clear()
            if not byte and at + 1 == len(data):
                return bytes(out) + b"\x01"
    return bytes(out + bytes([len(block) + 1]) + block) if block or not out else bytes(out)


def unstuff(data: bytes) -> bytes:
    out, source = bytearray(), io.BytesIO(data)
    while head := source.read(1):
        out += source.read(head[0] - 1)
        if head[0] < 255 and source.tell() < len(data):
            out.append(0)
    return bytes(out)


def frame(kind: int, connection: int, body: bytes) -> bytes:
    raw = bytes([kind + 16 * connection]) + body
    return stuff(raw + crc32(raw).to_bytes(4, "little")) + b"\0"


def unframe(piece: bytes) -> bytes:
    """Header and payload; nothing when it is no frame."""
    raw = unstuff(piece)
    return raw[:-4] if len(raw) > 5 and crc32(raw[:-4]) == int.from_bytes(raw[-4:], "little") else b""


# Stream (section 2)


class Stream:
    """A connection to the recorder; send() and receive() of bytes in order."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._piece = b""
        self._connection = -1
        self._newest = 0xFFFF
        self._next_in = self._next_out = self._number = 0
        self._confirmed = 0
        self._inbox = bytearray()
        self._open()

    def _open(self) -> None:
        token = os.urandom(4)
        opening = token + b"\x01" + (4096).to_bytes(2, "little") + WINDOW.to_bytes(2, "little") + bytes(2)
        for _ in range(20):
            self._socket.sendall(b"\0" + frame(SYN, 0, opening))
            self._turn(0.15, token)
            if self._connection >= 0:
                return
        raise ConnectionError("nobody answers")

    def _turn(self, wait_s: float, token: bytes = b"") -> None:
        self._socket.settimeout(wait_s)
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return
        if not data:
            raise ConnectionError("the line is gone")
        *pieces, self._piece = (self._piece + data).split(b"\0")
        for piece in filter(None, pieces):
            self._take(unframe(piece), token)

    def _take(self, raw: bytes, token: bytes) -> None:
        if not raw:
            return
        kind, connection = raw[0] & 15, raw[0] >> 4
        if kind == SYN_ACK and raw[1:5] == token:
            self._connection = connection
            self._largest = min(512, int.from_bytes(raw[6:8], "little"))
        elif connection != self._connection:
            return
        elif kind == RESET:
            raise ConnectionError(f"reset {raw[1]}")
        elif kind == ACK:
            self._confirmed += (int.from_bytes(raw[3:6], "little") - self._confirmed) % (1 << 24)
        elif kind in (DATA, PING):
            self._take_numbered(kind, raw)

    def _take_numbered(self, kind: int, raw: bytes) -> None:
        offset, payload = int.from_bytes(raw[3:6], "little"), raw[6:]
        if kind == DATA and offset != self._next_in % (1 << 24):
            behind = (self._next_in - offset) % (1 << 24)
            if behind >= 1 << 23:  # beyond a gap: as if it had not come
                return
            payload = payload[behind:]
        if kind == DATA:
            self._next_in += len(payload)
            self._inbox += payload
        number = int.from_bytes(raw[1:3], "little")
        missing = (number - self._newest - 1) % (1 << 16)
        self._newest = number
        self._acknowledge(missing)

    def _acknowledge(self, missing: int) -> None:
        """Whatever was between two frames that were taken was not taken: no bitmap is needed where nothing was lost."""
        room = max(0, WINDOW - len(self._inbox))
        body = self._newest.to_bytes(2, "little") + (self._next_in % (1 << 24)).to_bytes(3, "little") + room.to_bytes(2, "little")
        reported = bytes(missing // 8 + 1) if missing else b"\xff"
        self._socket.sendall(frame(ACK, self._connection, body + reported))

    def send(self, data: bytes) -> None:
        for at in range(0, len(data), self._largest):
            piece = data[at : at + self._largest]
            offset = self._next_out
            self._next_out += len(piece)
            for _ in range(20):
                body = self._number.to_bytes(2, "little") + (offset % (1 << 24)).to_bytes(3, "little") + piece
                self._socket.sendall(frame(DATA, self._connection, body))
                self._number = (self._number + 1) % (1 << 16)
                until = time.monotonic() + 1
                while self._confirmed < self._next_out and time.monotonic() < until:
                    self._turn(0.05)
                if self._confirmed >= self._next_out:
                    break
            else:
                raise ConnectionError("not acknowledged")

    def receive(self, count: int) -> bytes:
        until = time.monotonic() + 20
        while len(self._inbox) < count:
            if time.monotonic() > until:
                raise ConnectionError("nothing comes")
            self._turn(1)
        data = bytes(self._inbox[:count])
        del self._inbox[:count]
        if len(data) > WINDOW // 4:
            self._acknowledge(0)
        return data

    def close(self) -> None:
        self._socket.close()


# Signed objects (protocol.md section 2)


def kid(public: bytes) -> bytes:
    return sha256(public).digest()[:8]


def sign(kind: str, key: SigningKey, payload: bytes) -> bytes:
    protected = encode({1: -8, 3: f"application/vnd.sealdock.{kind}+cbor", 4: kid(bytes(key.verify_key))})
    signature = key.sign(encode(["Signature1", protected, b"", payload])).signature
    return encode(cbor2.CBORTag(18, [protected, {}, payload, signature]))


def check(kind: str, public: bytes, raw: bytes) -> Any:
    """The payload of an object that this key signed."""
    tagged = cbor2.loads(raw)
    protected, unprotected, payload, signature = tagged.value
    assert (tagged.tag, unprotected) == (18, {})
    assert decode(protected) == {1: -8, 3: f"application/vnd.sealdock.{kind}+cbor", 4: kid(public)}
    VerifyKey(public).verify(encode(["Signature1", protected, b"", payload]), signature)
    return decode(payload)


def payload_of(raw: bytes) -> Any:
    return decode(cbor2.loads(raw).value[2])


def tree_head(leaves: list[bytes]) -> bytes:
    """RFC 9162 section 2.1."""
    if len(leaves) < 2:
        return sha256(b"\0" + leaves[0]).digest() if leaves else sha256().digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + tree_head(leaves[:half]) + tree_head(leaves[half:])).digest()


# Handshake (protocol-link.md section 4) and sealed messages (section 5)


def expand(prk: bytes, info: bytes, size: int) -> bytes:
    out = block = b""
    while len(out) < size:
        block = hmac.digest(prk, block + info + bytes([len(out) // 32 + 1]), "sha256")
        out += block
    return out[:size]


class Seal:
    def __init__(self, suite: int, keys: bytes) -> None:
        self._suite, self._key, self._mac, self._iv = suite, keys[:32], keys[32:64], keys[64:]
        self._counter = 0

    def _next(self) -> bytes:
        self._counter += 1
        return (self._counter - 1).to_bytes(8, "little")

    def _cipher(self, counter: bytes) -> Any:
        return Cipher(AES256(self._key), CBC(hmac.digest(self._iv, counter, "sha256")[:16]))

    def _stream(self, counter: bytes, data: bytes) -> bytes:
        blocks = (hmac.digest(self._key, counter + n.to_bytes(4, "little"), "sha256") for n in range(len(data) // 32 + 1))
        return bytes(a ^ b for a, b in zip(data, b"".join(blocks), strict=False))

    def close(self, plain: bytes) -> bytes:
        counter = self._next()
        if self._suite == 1:
            gap = 16 - len(plain) % 16
            context = self._cipher(counter).encryptor()
            hidden = context.update(plain + bytes([gap]) * gap) + context.finalize()
        else:
            hidden = self._stream(counter, plain)
        return hidden + hmac.digest(self._mac, counter + hidden, "sha256")[:16]

    def open(self, body: bytes) -> bytes:
        counter, hidden = self._next(), body[:-16]
        assert hmac.digest(self._mac, counter + hidden, "sha256")[:16] == body[-16:], "it does not authenticate"
        if self._suite != 1:
            return self._stream(counter, hidden)
        context = self._cipher(counter).decryptor()
        plain: bytes = context.update(hidden) + context.finalize()
        assert plain[-plain[-1] :] == bytes([plain[-1]]) * plain[-1]
        return plain[: -plain[-1]]


class Refused(Exception):
    """The recorder's refusal in the handshake, or the error code of an answer."""


class IndependentStation:
    """An authenticated dock. `chain`, `identity`: of the recorder's certificate."""

    def __init__(self, port: int, seed: bytes, certificate: bytes, root: bytes) -> None:
        self._key, self._certificate, self._root = SigningKey(seed), certificate, root
        self._stream = Stream("127.0.0.1", port)
        self._requests = 0
        self._log: list[bytes] = []
        self._shake()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stream.close()

    def _say(self, body: bytes) -> None:
        self._stream.send(len(body).to_bytes(4, "little") + body)

    def _hear(self) -> bytes:
        return self._stream.receive(int.from_bytes(self._stream.receive(4), "little"))

    # Handshake

    def _shake(self) -> None:
        scalar, nonce = os.urandom(32), os.urandom(32)
        share = crypto_scalarmult_base(scalar)
        m0 = encode({0: 1, 1: [1], 2: [1, 2], 3: sha256(share + nonce).digest(), 4: 0})
        self._say(m0)
        m1 = self._hear()
        offer = decode(m1)
        if offer[0] == 5:
            raise Refused
        assert (offer[0], offer[1]) == (2, 1)
        suite = offer[2]
        th = sha256(m0 + m1 + encode({0: 3, 1: share, 2: nonce})).digest()
        prk = hmac.digest(th, crypto_scalarmult(scalar, offer[3]), "sha256")

        def k(label: bytes, size: int) -> bytes:
            return expand(prk, b"sealdock link 1 " + label, size)

        own = kid(bytes(self._key.verify_key))
        mac = hmac.digest(k(b"station mac", 32), own, "sha256")
        signature = sign("handshake", self._key, encode({0: 1, 1: th, 2: mac}))
        proof = encode({0: [self._certificate], 1: signature, 2: None, 3: os.urandom(32)})
        m2 = encode({0: 3, 1: share, 2: nonce, 3: Seal(suite, k(b"station handshake", 96)).close(proof)})
        self._say(m2)
        m3 = self._hear()
        answer = decode(m3)
        if answer[0] == 5:
            raise Refused
        plain = Seal(suite, k(b"recorder handshake", 96)).open(answer[1])
        size = int.from_bytes(plain[:2], "little")
        assert not any(plain[2 + size :])
        self._check_recorder(decode(plain[2 : 2 + size]), th, k(b"recorder mac", 32))
        traffic = hmac.digest(sha256(m0 + m1 + m2 + m3).digest(), prk, "sha256")
        self._out, self._in = (
            Seal(suite, expand(traffic, b"sealdock link 1 " + role + b" traffic", 96)) for role in (b"station", b"recorder")
        )

    def _check_recorder(self, proof: dict[int, Any], th: bytes, mac_key: bytes) -> None:
        self.identity = proof[2]
        signed = check("handshake", self.identity, proof[1])
        assert signed == {0: 2, 1: th, 2: hmac.digest(mac_key, kid(self.identity), "sha256")}
        own, issuer = proof[0][:2]
        station = check("certificate", self._root, issuer)
        assert station[1] == 1
        recorder = check("certificate", station[2], own)
        assert (recorder[1], recorder[2]) == (5, self.identity)
        self.chain = recorder[7]

    # Requests (section 6)

    def ask(self, kind: int, body: dict[int, object]) -> tuple[dict[int, Any], list[tuple[int, int, bytes]]]:
        """The answer's body, and the leaves that came before it."""
        self._requests += 1
        self._say(bytes([SEALED]) + self._out.close(encode({0: kind, 1: self._requests, 2: body})))
        leaves = []
        while (came := self._hear())[0] == MEDIA:
            leaves.append((int.from_bytes(came[1:5], "little"), int.from_bytes(came[5:7], "little"), came[7:]))
        assert came[0] == SEALED
        answer = decode(self._in.open(came[1:]))
        assert answer[1] == self._requests
        if answer[0] == ERROR:
            raise Refused(answer[2][0])
        assert answer[0] == kind
        return answer[2], leaves

    def status(self) -> dict[int, Any]:
        return self.ask(STATUS, {})[0]

    def records(self) -> list[bytes]:
        """The whole chain, each record checked against the one before and the key of its epoch."""
        found: list[bytes] = []
        last = self.status()[1]
        while len(found) <= last:
            answer, _ = self.ask(RECORDS, {0: len(found), 1: 16384})
            found += answer[0]
            assert answer[1] == len(found)
        key, before = self.identity, bytes(32)
        for number, raw in enumerate(found):
            fields = check("record", key, raw)
            assert (fields[1], fields[2], fields[3]) == (self.chain, number, before)
            before = sha256(raw).digest()
            if fields[7] == 0:
                assert sha256(encode(fields[8])).digest() == self.chain
                key = fields[8][1]
            elif fields[7] == 13:
                key = fields[8][1]
        return found

    def media(self, record: bytes) -> bytes:
        """What a segment's record signs, as it is stored."""
        fields = payload_of(record)
        stored, root = fields[8][6], fields[8][7]
        count = -(-stored // LEAF)
        _, leaves = self.ask(LEAVES, {0: fields[2], 1: 0, 2: count})
        assert [(place, index) for place, index, _ in leaves] == [(fields[2], index) for index in range(count)]
        data = [leaf for _, _, leaf in leaves]
        assert sum(map(len, data)) == stored and tree_head(data) == root
        return b"".join(data)

    # Receipt (protocol.md section 2.3)

    def receipt(self, records: list[bytes], segments: list[int], counter: int) -> bytes:
        """Signed: these segments are held durably. The log is a new one, and this its second entry."""
        ranges: list[list[int]] = []
        for seq in segments:
            if ranges and ranges[-1][1] + 1 == seq:
                ranges[-1][1] = seq
            else:
                ranges.append([seq, seq])
        head, utc = len(records) - 1, time.time_ns() // 1_000_000
        covered = tree_head([records[seq] for seq in segments])
        stated = [self.chain, counter, head, sha256(records[head]).digest(), ranges, covered]
        log = [b"the first entry of a log", encode([1, *stated, utc])]
        first = sha256(b"\0" + log[0]).digest()
        body = [1, *stated, first, 2, tree_head(log), 1, [first], utc]
        return sign("receipt", self._key, encode(dict(enumerate(body))))

    def put(self, kind: int, raw: bytes) -> None:
        about = {0: kind, 1: sha256(raw).digest(), 2: len(raw)}
        have = self.ask(PUT, {**about, 3: 0, 4: b""})[0][0]
        while have < len(raw):
            have = self.ask(PUT, {**about, 3: have, 4: raw[have : have + 8192]})[0][0]

    def bye(self) -> None:
        """The recorder answers and closes; where both come at once the answer goes under."""
        try:
            self.ask(BYE, {})
        except ConnectionError as closed:
            if closed.args != ("reset 0",):
                raise
