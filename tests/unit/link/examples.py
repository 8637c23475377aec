# SPDX-License-Identifier: Apache-2.0
"""One example of every frame, handshake message, request and answer, the same on both interpreters. Names go with their bytes.

Randomness and keys are counted bytes, so anybody can make the same bytes from docs/protocol-link.md alone: each side's generator gives 32
bytes of 0x10, 0x11, 0x12 ... (station) or 0x80, 0x81 ... (recorder) in the order of the calls.
"""

from peers import IDENTITY, STATION, SUITES, Rules, make_crypto

from sealproto import messages
from sealproto.channel import MEDIA, TAIL, Channel, media_head
from sealproto.frame import ACK, DATA, PING, RESET, SYN, SYN_ACK, Encoder
from sealproto.handshake import DOCK
from sealproto.handshake_recorder import RecorderHandshake, refusal
from sealproto.handshake_station import StationHandshake


class Counted:
    """A generator for examples: n bytes of one value, the next value each time."""

    def __init__(self, first: int) -> None:
        self.next = first

    def bytes(self, n: int) -> bytes:
        self.next += 1
        return bytes([self.next - 1]) * n


FRAMES = (
    ("SYN", bytes([SYN]) + b"\x78\x56\x34\x12" + b"\x01" + b"\x00\x10" + b"\x00\xff" + b"\x00\x00"),
    ("SYN_ACK", bytes([SYN_ACK | 0x30]) + b"\x78\x56\x34\x12" + b"\x01" + b"\x00\x10" + b"\x00\x10" + b"\x00\x02"),
    ("DATA", bytes([DATA | 0x30]) + b"\x05\x00" + b"\x00\x02\x00" + b"bytes\x00of the stream"),
    ("ACK", bytes([ACK | 0x30]) + b"\x07\x00" + b"\x13\x02\x00" + b"\x00\x0f" + b"\x05"),
    ("PING", bytes([PING | 0x30]) + b"\x08\x00"),
    ("RESET", bytes([RESET | 0x30]) + b"\x00"),
)

REQUESTS = {
    messages.STATUS: {},
    messages.RECORDS: {"from": 17, "bytes": 32768},
    messages.LEAVES: {"segment": 20, "first": 0, "count": 74},
    messages.TAIL: {"slot": 6, "first": 0, "count": 12},
    messages.TIME: {},
    messages.SET_CLOCK: {"utc": 1781000000000, "uncertainty_ms": 3, "drift_ppb": -21000},
    messages.PUT: {"kind": messages.PUT_PROFILE, "hash": bytes(range(32)), "total": 5, "offset": 0, "data": b"bytes"},
    messages.ENROL_BEGIN: {"utc": 1781000000000, "predecessor": None},
    messages.ENROL_FINISH: {"certificate": b"own", "root": b"root", "certificates": [b"station"], "revocations": None},
    messages.PREFLIGHT: {"speak": True},
    messages.BYE: {},
}

ANSWERS = {
    messages.ERROR: {"code": messages.NOT_HELD},
    messages.STATUS: {
        "chain": bytes(range(32)), "head_seq": 41, "head_hash": bytes(range(32, 64)), "first_seq": 0, "boot": 3, "ms": 90125,
        "utc": 1781000000000, "slots_used": 7, "slots_total": 32, "enrolled": True, "session_open": False, "board": "unix",
        "firmware": "0.1.0", "battery_mv": 3911, "receipt": None, "revocations": 1, "profile": bytes(32), "prompts": bytes(32),
        "assignment": None,
    },
    messages.RECORDS: {"records": [b"record 17", b"record 18"], "next": 19},
    messages.LEAVES: {"sent": 74},
    messages.TAIL: {"sent": 12},
    messages.TIME: {"boot": 3, "ms": 90125, "utc": None},
    messages.SET_CLOCK: {"seq": 42},
    messages.PUT: {"have": 5},
    messages.ENROL_BEGIN: {"genesis": b"genesis"},
    messages.ENROL_FINISH: {},
    messages.PREFLIGHT: {"items": [[1, True, 3911]]},
    messages.BYE: {},
}  # fmt: skip


def frame(raw: bytes) -> bytes:
    """A frame as it stands on the line, with its zero."""
    encoder = Encoder()
    encoder.raw[: len(raw)] = raw
    target = bytearray(200)
    return bytes(target[: encoder.close(len(raw), target, 0)])


def frames() -> list:
    return [("frame " + name, frame(raw)) for name, raw in FRAMES]


def plain_messages() -> list:
    made = []
    for kind in sorted(REQUESTS):
        made.append(("request " + messages.NAMES[kind], messages.write(messages.REQUESTS, kind, 5, **REQUESTS[kind])))
    for kind in sorted(ANSWERS):
        name = messages.NAMES.get(kind, "error")
        made.append(("answer " + name, messages.write(messages.ANSWERS, kind, 5, **ANSWERS[kind])))
    made.append(("media", media_head(MEDIA, 20, 3) + b"leaf"))
    made.append(("tail", media_head(TAIL, 6, 3) + bytes(512) + b"leaf"))
    return made


def handshake(suite: int) -> list:
    """The four messages, both sides' first sealed message ("station", "recorder"), and the digits."""
    crypto = make_crypto(Counted(0x10))
    crypto.suites = (suite,)
    station = StationHandshake(crypto, STATION, Rules(crypto), None, DOCK)
    other = make_crypto(Counted(0x80))
    recorder = RecorderHandshake(other, Rules(other, IDENTITY))
    m0 = station.hello()
    m1 = recorder.take(m0)
    m2 = station.take(m1)
    m3 = recorder.take(m2)
    station.take(m3)
    title = "suite " + str(suite) + " "
    made = [("hello", m0), ("offer", m1), ("proof", m2), ("answer", m3)]
    made.append(("sealed by station", Channel(station.session).seal(b"station")))
    made.append(("sealed by recorder", Channel(recorder.session).seal(b"recorder")))
    made.append(("digits", station.session.digits.encode()))
    return [(title + name, raw) for name, raw in made]


def all_examples() -> list:
    made = frames()
    made.append(("refusal", refusal()))
    made += plain_messages()
    for suite in SUITES:
        made += handshake(suite)
    return made
