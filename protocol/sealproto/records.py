# SPDX-License-Identifier: Apache-2.0
"""Records: the signed statements of a recorder, chained by SHA-256.

A record is a COSE_Sign1 whose payload is the envelope below; the body's fields stand in one table per type. A type or a field
that the tables do not know leaves the chain valid and is reported as "not understood".
"""

from hashlib import sha256

from . import VERSION, cose
from .cbor import CborError, decode, decode_at, encode, head
from .shape import ShapeError, pack, unpack

GENESIS = 0
BOOT = 1
SESSION_OPEN = 2
ANNOUNCE = 3
SEGMENT = 4
MARK = 5
INTERRUPT = 6
RESUME = 7
REASON_NOTE = 8
NO_RECORD = 9
SESSION_CLOSE = 10
HANDOVER_OUT = 11
HANDOVER_IN = 12
ROTATE_KEY = 13
CLOCK_SET = 14
ASSIGN = 15
RECEIPT = 16
FAULT = 17
FREED = 18
PREFLIGHT = 19
TAIL_FOUND = 20

NAMES = (
    "genesis", "boot", "session-open", "announce", "segment", "mark", "interrupt", "resume", "reason-note", "no-record",
    "session-close", "handover-out", "handover-in", "rotate-key", "clock-set", "assign", "receipt", "fault", "freed",
    "preflight", "tail-found",
)  # fmt: skip

MAX_RECORD_BYTES = 4096  # a whole tagged record; receipts with a long proof are the largest

# utc is null or [milliseconds since 1970, source (CLOCK_*), uncertainty in ms]
ENVELOPE = (
    ("version", "u"),
    ("chain", "b32"),
    ("seq", "u"),
    ("prev", "b32"),
    ("boot", "u"),
    ("ms", "u"),
    ("utc", "a~"),
    ("type", "u"),
    ("body", "m"),
)

CLOCK_DOCK = 1  # set by a station over the line, kept by a battery-backed clock
CLOCK_FREE = 2  # counting on since it was set, in this boot only

# What a part of a session is sealed with: [ephemeral X25519 key, [[recipient kid, wrapped content key], ...]]
BODIES = {
    GENESIS: (
        ("identity", "b32"), ("epoch_key", "b32"), ("board", "t"), ("abilities", "m"), ("nonce", "b32"),
        ("firmware", "t"), ("predecessor", "a~"),
    ),
    BOOT: (
        ("reason", "u"), ("firmware", "t"), ("entropy", "t"), ("battery_mv", "u~"), ("card", "b16~"), ("free_slots", "u~"),
        ("open_session", "b16~"), ("keystore", "u"),
    ),
    SESSION_OPEN: (
        ("session", "b16"), ("activity", "u~"), ("profile", "b32"), ("prompts", "b32"), ("assignment", "b32~"), ("wraps", "a~"),
        ("content_key_hash", "b32~"), ("media", "a"), ("order", "u"), ("mode", "u"), ("check", "a"),
    ),
    ANNOUNCE: (
        ("session", "b16~"), ("part", "u"), ("occasion", "u"), ("wording", "b32"), ("clips", "a"), ("start_ms", "u"), ("end_ms", "u"),
        ("first_sample", "u~"), ("samples", "u~"), ("volume", "u"), ("means", "u"), ("complete", "f"),
    ),
    SEGMENT: (
        ("session", "b16"), ("part", "u"), ("number", "u"), ("slot", "u"), ("generation", "u"), ("plain_bytes", "u"),
        ("stored_bytes", "u"), ("root", "b32"), ("first_frame", "u"), ("frames", "u"), ("first_sample", "u"), ("samples", "u"),
        ("start_ms", "u"), ("end_ms", "u"), ("lost_frames", "u"), ("lost_samples", "u"),
    ),
    MARK: (
        ("session", "b16~"), ("part", "u"), ("code", "u"), ("first_sample", "u~"), ("samples", "u~"), ("role", "u-"), ("at_ms", "u-"),
        ("activity", "u-"),
    ),
    INTERRUPT: (
        ("session", "b16"), ("part", "u"), ("fact", "u"), ("cause", "u"), ("measured", "m"), ("at_next_boot", "f"),
        ("segments", "u"), ("frames", "u"), ("samples", "u"), ("last_ms", "u"), ("last_boot", "u"),
    ),
    RESUME: (
        ("session", "b16"), ("part", "u"), ("interrupt", "u"), ("fact", "u"), ("cause", "u"), ("from_utc", "u~"), ("length_ms", "u~"),
        ("wraps", "a~"), ("content_key_hash", "b32~"), ("media", "a"), ("profile", "b32"), ("prompts", "b32"), ("assignment", "b32~"),
        ("mode", "u"), ("check", "a"),
    ),
    REASON_NOTE: (
        ("session", "b16"), ("part", "u"), ("interrupt", "u"), ("cause", "u"), ("stated_by", "u"), ("first_sample", "u~"),
        ("samples", "u~"), ("text", "t-"),
    ),
    NO_RECORD: (
        ("reason", "u"), ("basis", "t~"), ("start_utc", "u~"), ("end_utc", "u~"), ("session", "b16~"), ("activity", "u~"),
        ("moment", "u-"),
    ),
    SESSION_CLOSE: (
        ("session", "b16"), ("parts", "u"), ("segments", "u"), ("frames", "u"), ("samples", "u"), ("fact", "u"), ("cause", "u"),
    ),
    HANDOVER_OUT: (("session", "b16"), ("part", "u"), ("peer_chain", "b32~"), ("token", "b16"), ("samples", "u")),
    HANDOVER_IN: (("session", "b16"), ("peer_chain", "b32~"), ("token", "b16")),
    ROTATE_KEY: (("epoch", "u"), ("key", "b32"), ("reason", "u")),
    CLOCK_SET: (("before", "u~"), ("after", "u"), ("uncertainty_ms", "u"), ("drift_ppb", "i~"), ("station", "b8")),
    ASSIGN: (("assignment", "b"),),
    RECEIPT: (("receipt", "b"),),
    FAULT: (("code", "u"), ("part", "u"), ("error", "i~"), ("healed", "f")),
    FREED: (("receipt", "b32"), ("slots", "a")),
    PREFLIGHT: (("items", "a"), ("occasion", "u")),
    TAIL_FOUND: (
        ("session", "b16"), ("part", "u"), ("number", "u"), ("slot", "u"), ("generation", "u"), ("leaves", "u"), ("root", "b32"),
        ("last_ms", "u"), ("last_boot", "u"),
    ),
}  # fmt: skip

MEASURED_MV, MEASURED_FREE_SLOTS, MEASURED_ERROR, MEASURED_CELSIUS, MEASURED_RESET = range(5)

ROTATE_PERIOD, ROTATE_INTERRUPT, ROTATE_CLOSE = range(3)
MODE_KEY_STAGES = 1  # bits of `mode`
MODE_AUDIO_ONLY = 2
MODE_UNENCRYPTED = 4
MODE_URGENT = 8

NO_RECORD_BEGINS, NO_RECORD_ENDED = range(2)  # `moment` of a no-record entry
NO_TOKEN = bytes(16)  # of a hand-over whose number nobody entered

ZERO_HASH = bytes(32)
_SEQ_KEY, _TYPE_KEY = 2, 7  # places in ENVELOPE


class RecordError(ValueError):
    """Not a record of any version that this reader can place in a chain."""


def body(record_type: int, **values: object) -> dict:
    """The body of a record of a known type, from named fields."""
    return pack(BODIES[record_type], **values)


def chain_id(genesis_body: dict) -> bytes:
    """The chain's id: SHA-256 of the encoded genesis body."""
    return sha256(encode(genesis_body)).digest()


def payload(chain: bytes, seq: int, prev: bytes, boot: int, ms: int, utc: object, record_type: int, fields: dict) -> bytes:
    """The encoded envelope: what a record's signature covers.

    The same as encode(pack(ENVELOPE, ...)), in a third of a recorder's time: this is a fifth of what a signature costs there.
    """
    if len(chain) != 32 or len(prev) != 32 or min(seq, boot, ms, record_type) < 0:
        raise ShapeError("a hash of the envelope has no 32 bytes, or a number is negative")
    if not isinstance(fields, dict) or not (utc is None or isinstance(utc, (list, tuple))):
        raise ShapeError("body or time of the envelope has the wrong kind")
    numbers = [head(0, number) for number in (VERSION, seq, boot, ms, record_type)]
    return b"".join(
        (
            b"\xa9\x00",
            numbers[0],
            b"\x01\x58\x20",
            chain,
            b"\x02",
            numbers[1],
            b"\x03\x58\x20",
            prev,
            b"\x04",
            numbers[2],
            b"\x05",
            numbers[3],
            b"\x06",
            encode(utc),
            b"\x07",
            numbers[4],
            b"\x08",
            encode(fields),
        )
    )


def place(raw: bytes) -> tuple[int, int]:
    """(sequence number, type) of bytes that are known to be a record, in an eighth of a recorder's time for the whole Record."""
    _, at = decode_at(raw, 2)  # behind tag and array: the protected header
    envelope, _ = decode_at(raw, at + 1)
    if not isinstance(envelope, bytes):
        raise RecordError("no record")
    values: list = []
    at = 1
    for _ in range(_TYPE_KEY + 1):
        value, at = decode_at(envelope, at + 1)
        values.append(value)
    return values[_SEQ_KEY], values[_TYPE_KEY]


class Record:
    """A parsed record whose signature has NOT been checked.

    `fields` holds the body by name when the type is known and well formed, else None; `understood` is False when any
    type, key or version is unknown to this reader. `hash` is the SHA-256 of the whole tagged message, which the next
    record carries as `prev`.
    """

    def __init__(self, raw: bytes) -> None:
        try:
            self.sign1 = cose.parse(raw, cose.RECORD)
            envelope, unknown = unpack(ENVELOPE, decode(self.sign1.payload))
        except (cose.CoseError, CborError, ShapeError) as error:
            raise RecordError(str(error))
        self.raw = raw
        self.hash = sha256(raw).digest()
        self.kid = self.sign1.kid
        self.version = envelope["version"]
        self.chain = envelope["chain"]
        self.seq = envelope["seq"]
        self.prev = envelope["prev"]
        self.boot = envelope["boot"]
        self.ms = envelope["ms"]
        self.utc = envelope["utc"]
        self.type = envelope["type"]
        self.body = envelope["body"]
        self.understood = not unknown and self.version == VERSION and _utc_fits(self.utc)
        self.fields: dict | None = None
        self._read_body()

    def _read_body(self) -> None:
        table = BODIES.get(self.type)
        if table is None:
            self.understood = False
            return
        try:
            self.fields, unknown = unpack(table, self.body)
        except ShapeError:
            self.understood = False
            return
        if unknown:
            self.understood = False

    @property
    def name(self) -> str:
        """The type's name, for people."""
        return NAMES[self.type] if self.type < len(NAMES) else "type " + str(self.type)


def _utc_fits(utc: object) -> bool:
    if utc is None:
        return True
    return isinstance(utc, list) and len(utc) == 3 and all(isinstance(n, int) and n >= 0 for n in utc)
