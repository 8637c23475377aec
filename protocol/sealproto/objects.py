# SPDX-License-Identifier: Apache-2.0
"""Signed objects other than records: field tables of their payloads, and how each is made and read.

Who signs what: the root signs station, recipient and profile-signer certificates and the revocation list; a station signs recorder
certificates, assignments, prompt sets, receipts, checkpoints and package manifests; a profile signer signs profiles.
"""

from . import VERSION, cose
from .cbor import CborError, decode, decode_rows, encode
from .merkle import leaf_hash
from .merkle import root as tree_head
from .shape import ShapeError, pack, unpack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# Roles of a certified key
ROOT = 0  # Ed25519: the bureau's offline key; its certificate is signed by itself and only carries the key
STATION = 1  # Ed25519: docks recorders, signs receipts and what is listed above
RECIPIENT = 2  # X25519: content keys are wrapped for it
ESCROW = 3  # X25519: the same, kept elsewhere
PROFILE_SIGNER = 4  # Ed25519
RECORDER = 5  # Ed25519: a recorder's identity key

# Times are UTC in milliseconds since 1970. `predecessor` is null or [chain, last sequence number, last hash].
CERTIFICATE = (
    ("version", "u"), ("role", "u"), ("key", "b32"), ("serial", "u"), ("from", "u"), ("until", "u"), ("name", "t~"),
    ("chain", "b32~"), ("genesis", "b32~"), ("board", "t~"), ("abilities", "m~"), ("predecessor", "a~"),
)  # fmt: skip

# entries: [kid, chain or null, last good sequence number or null, reason]
REVOCATIONS = (("version", "u"), ("number", "u"), ("issued", "u"), ("entries", "a"))

ASSIGNMENT = (("version", "u"), ("chain", "b32"), ("number", "u"), ("from", "u"), ("until", "u~"))

# segments: rising, disjoint [first, last] sequence numbers of the segment and tail-found records whose media this receipt newly covers;
# root: segments_root() of those records
# given_up: absent, or rising, disjoint [first, last, reason] of such records whose media this station does NOT hold and never will
RECEIPT = (
    ("version", "u"), ("chain", "b32"), ("counter", "u"), ("head_seq", "u"), ("head_hash", "b32"), ("segments", "a"), ("root", "b32"),
    ("log", "b32"), ("log_size", "u"), ("log_root", "b32"), ("log_index", "u"), ("log_proof", "a"), ("utc", "u"),
    ("given_up", "a-"),
)  # fmt: skip

CHECKPOINT = (("version", "u"), ("log", "b32"), ("size", "u"), ("root", "b32"), ("utc", "u"))

# clips: [clip id, samples, bytes, first 16 bytes of SHA-256]; blob: SHA-256 of all clips in that order
PROMPTS = (("version", "u"), ("profile", "t"), ("rate", "u"), ("clips", "a"), ("blob", "b32"))

# data: the compiled profile (docs/profiles.md)
PROFILE = (("version", "u"), ("id", "t"), ("number", "u"), ("data", "m"))

# files: [name, bytes, SHA-256], rising by name
MANIFEST = (("version", "u"), ("session", "b16"), ("chain", "b32"), ("files", "a"), ("utc", "u"), ("approval", "m~"))

TABLES = {
    cose.CERTIFICATE: CERTIFICATE,
    cose.REVOCATIONS: REVOCATIONS,
    cose.ASSIGNMENT: ASSIGNMENT,
    cose.RECEIPT: RECEIPT,
    cose.CHECKPOINT: CHECKPOINT,
    cose.PROMPTS: PROMPTS,
    cose.PROFILE: PROFILE,
    cose.MANIFEST: MANIFEST,
}

# Keys of an abilities map (genesis and recorder certificate)
ABILITIES = (
    ("rtc_backed", "f"), ("keystore_physical_erase", "f"), ("bootloader_locked", "f"), ("developer_build", "f"), ("simulated", "f"),
    ("video", "f"), ("audio", "f"), ("encrypted", "f"),
)  # fmt: skip

# Why media was given up
GIVEN_UP_UNPROVEN = 1  # an unsealed tail none of whose leaves is its own: there is nothing of it
GIVEN_UP_WRITTEN_OFF = 2  # the custodian's decision, with a reason that the station keeps and logs

# First item of a log entry: what the station did
LOG_ARCHIVED = 1


def segments_root(records: list[bytes]) -> bytes:
    """The Merkle tree head over the complete tagged segment records that a receipt covers, in their order."""
    return tree_head([leaf_hash(raw) for raw in records])


def log_entry(receipt: dict) -> bytes:
    """The entry of the station's log that a receipt proves, rebuilt from the receipt's own fields."""
    names = ["chain", "counter", "head_seq", "head_hash", "segments", "root", "utc"]
    if receipt.get("given_up") is not None:
        names.append("given_up")
    return encode([LOG_ARCHIVED] + [receipt[name] for name in names])


class ObjectError(ValueError):
    """Not a signed object of the expected kind."""


def make(content_type: str, kid: bytes, sign: "Callable[[bytes], bytes]", **values: object) -> bytes:
    """The signed object; `version` is added. What read() gives for an absent field is absent again."""
    for name, kind in TABLES[content_type]:
        if kind.endswith("-") and name in values and values[name] is None:
            values.pop(name)
    return cose.sign1(content_type, kid, encode(pack(TABLES[content_type], version=VERSION, **values)), sign)


def read(content_type: str, raw: bytes) -> tuple[cose.Sign1, dict]:
    """The message and its fields by name; the signature is NOT checked here.

    Unlike a record, an object with an unknown version or key is refused: nobody may act on what it does not understand.
    """
    try:
        message = cose.parse(raw, content_type)
        fields, unknown = unpack(TABLES[content_type], decode(message.payload))
    except (cose.CoseError, CborError, ShapeError) as error:
        raise ObjectError(str(error))
    if unknown or fields["version"] != VERSION:
        raise ObjectError("of a version that is not understood")
    return message, fields


def read_rows(message: cose.Sign1, begin: "Callable[[int], Callable[[object], None]]") -> dict:
    """Like read(), of a message that was parsed before, for an object with one long array: cbor.decode_rows has what becomes of that."""
    table = TABLES[message.content_type]
    try:
        key = [kind for _, kind in table].index("a")
        fields, unknown = unpack(table, decode_rows(message.payload, key, begin))
    except (CborError, ShapeError) as error:
        raise ObjectError(str(error))
    if unknown or fields["version"] != VERSION:
        raise ObjectError("of a version that is not understood")
    return fields
