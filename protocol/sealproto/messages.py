# SPDX-License-Identifier: Apache-2.0
"""What station and recorder say to each other once they know each other: requests, answers, error codes.

The station asks, the recorder answers each request in order, with the same number. A message is the map {0: type, 1: number, 2: body};
the body's fields stand in one table for the request and one for the answer. Media travel apart (`channel`).
"""

from .cbor import CborError, decode, encode
from .shape import ShapeError, pack, unpack

ERROR = 0
STATUS = 1
RECORDS = 2
LEAVES = 3
TAIL = 4
TIME = 5
SET_CLOCK = 6
PUT = 7
ENROL_BEGIN = 8
ENROL_FINISH = 9
PREFLIGHT = 10
BYE = 11
# 12 to 15 are kept for comparing logs, 16 to 23 for replacing the firmware

NAMES = {
    STATUS: "status",
    RECORDS: "records",
    LEAVES: "leaves",
    TAIL: "tail",
    TIME: "time",
    SET_CLOCK: "set-clock",
    PUT: "put",
    ENROL_BEGIN: "enrol-begin",
    ENROL_FINISH: "enrol-finish",
    PREFLIGHT: "preflight",
    BYE: "bye",
}

# Kinds of objects that a station puts on a recorder
PUT_CERTIFICATES = 1  # a CBOR array of byte strings: stations, recipients, escrow, profile signers
PUT_REVOCATIONS = 2
PUT_PROFILE = 3
PUT_PROMPTS = 4  # the signed prompt set
PUT_PROMPT_BLOB = 5  # and its sound, whose hash the set names
PUT_ASSIGNMENT = 6
PUT_RECEIPT = 7
PUT_CHECKPOINT = 8

# Request fields. leaves: `segment` is the sequence number of its record, leaves first .. first + count - 1. tail: the slot of an
# unsealed tail that a tail-found record names. put: `hash` is SHA-256 of the whole object; no data asks how much is there.
REQUESTS = {
    STATUS: (),
    RECORDS: (("from", "u"), ("bytes", "u")),
    LEAVES: (("segment", "u"), ("first", "u"), ("count", "u")),
    TAIL: (("slot", "u"), ("first", "u"), ("count", "u")),
    TIME: (),
    SET_CLOCK: (("utc", "u"), ("uncertainty_ms", "u"), ("drift_ppb", "i~")),
    PUT: (("kind", "u"), ("hash", "b32"), ("total", "u"), ("offset", "u"), ("data", "b")),
    ENROL_BEGIN: (("utc", "u"), ("predecessor", "a~")),
    ENROL_FINISH: (("certificate", "b"), ("root", "b"), ("certificates", "a"), ("revocations", "b~")),
    PREFLIGHT: (("speak", "f"),),
    BYE: (),
}

# Answer fields. records: complete tagged records in order, `next` the number to ask from now. leaves, tail: how many MEDIA or TAIL
# messages went before this answer. put: bytes that are there; `total` again when the whole object was taken. status: `first_seq` is the
# oldest record held, `receipt` the counter of the last receipt; the hashes are of objects held; null where there is none.
ANSWERS = {
    STATUS: (
        ("chain", "b32~"), ("head_seq", "u~"), ("head_hash", "b32~"), ("first_seq", "u~"), ("boot", "u"), ("ms", "u"), ("utc", "u~"),
        ("slots_used", "u~"), ("slots_total", "u~"), ("enrolled", "f"), ("session_open", "f"), ("board", "t"), ("firmware", "t"),
        ("battery_mv", "u~"), ("receipt", "u~"), ("revocations", "u~"), ("profile", "b32~"), ("prompts", "b32~"), ("assignment", "b32~"),
    ),
    RECORDS: (("records", "a"), ("next", "u")),
    LEAVES: (("sent", "u"),),
    TAIL: (("sent", "u"),),
    TIME: (("boot", "u"), ("ms", "u"), ("utc", "u~")),
    SET_CLOCK: (("seq", "u~"),),
    PUT: (("have", "u"),),
    ENROL_BEGIN: (("genesis", "b"),),
    ENROL_FINISH: (),
    PREFLIGHT: (("items", "a"),),
    BYE: (),
    ERROR: (("code", "u"),),
}  # fmt: skip

# Error codes
MALFORMED = 1  # the body does not fit its table
UNKNOWN_TYPE = 2
NOT_NOW = 3  # a session is open, or another transfer is under way
NOT_HELD = 4  # no such record, leaf or slot here (any more)
NOT_TRUSTED = 5  # the object's signer is not certified, was revoked, or signed something else
STORAGE = 6  # flash or card failed or is full
TOO_LARGE = 7
NOT_ENROLLED = 8
WRONG_MODE = 9  # this request belongs to the other mode of the handshake
NOT_CONFIRMED = 10  # nobody confirmed at the recorder
STALE = 11  # older than what is held

ERROR_NAMES = {
    MALFORMED: "malformed request",
    UNKNOWN_TYPE: "unknown request",
    NOT_NOW: "not possible now",
    NOT_HELD: "not held",
    NOT_TRUSTED: "not trusted",
    STORAGE: "storage failed",
    TOO_LARGE: "too large",
    NOT_ENROLLED: "not enrolled",
    WRONG_MODE: "not in this mode",
    NOT_CONFIRMED: "not confirmed at the recorder",
    STALE: "older than what is held",
}

MESSAGE_FIELDS = (("type", "u"), ("number", "u"), ("body", "m"))


class MessageError(ValueError):
    """The message is not one of the tables'. `number` is that of the request, or None when even that is unclear."""

    def __init__(self, code: int, number: int | None) -> None:
        super().__init__(ERROR_NAMES[code])
        self.code = code
        self.number = number


def write(tables: dict, message_type: int, number: int, **fields: object) -> bytes:
    """A request (tables: REQUESTS) or an answer (ANSWERS). ShapeError when the fields do not fit."""
    return encode({0: message_type, 1: number, 2: pack(tables[message_type], **fields)})


def read(tables: dict, raw: bytes) -> tuple[int, int, dict]:
    """Type, number and fields by name. MessageError for what the tables do not have, unknown fields included."""
    number = None
    try:
        message, unknown = unpack(MESSAGE_FIELDS, decode(raw))
        number = message["number"]
        if message["type"] not in tables:
            raise MessageError(UNKNOWN_TYPE, number)
        fields, others = unpack(tables[message["type"]], message["body"])
    except (CborError, ShapeError):
        raise MessageError(MALFORMED, number)
    if unknown or others:
        raise MessageError(MALFORMED, number)
    return message["type"], number, fields
