# SPDX-License-Identifier: Apache-2.0
"""The files of a case package and the shapes of those that are not signed objects (docs/package.md is normative).

keys.cbor and proofs.cbor are one deterministic CBOR item each; records.cbor, certificates.cbor, profile.cbor and
prompts.cbor are CBOR sequences (RFC 8742).
"""

from dataclasses import dataclass, field

from sealdock.text import pair, say
from sealproto import cbor

RECORDS = "records.cbor"
CERTIFICATES = "certificates.cbor"
PROFILE = "profile.cbor"
PROMPTS = "prompts.cbor"
KEYS = "keys.cbor"
PROOFS = "proofs.cbor"
REPORT = "report.html"
MANIFEST = "manifest.cbor"
FIXED = (CERTIFICATES, KEYS, PROFILE, PROMPTS, PROOFS, RECORDS, REPORT)  # beside the media; the manifest lists all but itself

HASH_BYTES = 32
# Keys of a manifest's `approval` map.
APPROVAL_NUMBER, APPROVAL_ACT, APPROVAL_ROLE, APPROVAL_UTC = range(4)


class LayoutError(ValueError):
    """A file of the package does not have its shape. `why`: in English and Chinese."""

    def __init__(self, key: str, **values: object) -> None:
        """key: of the catalogue (text_why.py)."""
        super().__init__(say(key, **values))
        self.why = pair(key, **values)


def media_name(number: int) -> str:
    """The file of a segment: media/000012.mkv."""
    return f"media/{number:06d}.mkv"


@dataclass
class Keys:
    """What is released to open the media: segment number -> key, part -> content key of a part that is released whole."""

    segments: dict[int, bytes] = field(default_factory=dict)
    parts: dict[int, bytes] = field(default_factory=dict)

    def encode(self) -> bytes:
        return cbor.encode([_pairs(self.segments), _pairs(self.parts)])

    @staticmethod
    def decode(data: bytes) -> "Keys":
        segments, parts = _array(_item(data), 2)
        keys = Keys(_numbered(segments), _numbered(parts))
        if any(len(key) != 32 for key in (*keys.segments.values(), *keys.parts.values())):
            raise LayoutError("layout-key")
        return keys


@dataclass
class Proofs:
    """What lets a package stand without its archive.

    receipts: [receipt, leaf hashes of the segment records that it covers]; leaves: segment number -> hashes of its stored leaves;
    checkpoint: the station's log as it was last seen, or None; consistency: for each receipt, the proof up to that checkpoint.
    """

    receipts: list[tuple[bytes, list[bytes]]] = field(default_factory=list)
    leaves: dict[int, list[bytes]] = field(default_factory=dict)
    checkpoint: bytes | None = None
    consistency: list[list[bytes]] = field(default_factory=list)

    def encode(self) -> bytes:
        receipts = [[raw, b"".join(hashes)] for raw, hashes in self.receipts]
        leaves = _pairs({number: b"".join(hashes) for number, hashes in self.leaves.items()})
        return cbor.encode([receipts, leaves, self.checkpoint, [b"".join(proof) for proof in self.consistency]])

    @staticmethod
    def decode(data: bytes) -> "Proofs":
        receipts, leaves, checkpoint, consistency = _array(_item(data), 4)
        if checkpoint is not None and not isinstance(checkpoint, bytes):
            raise LayoutError("layout-checkpoint")
        pairs = [_array(entry, 2) for entry in _array(receipts)]
        return Proofs(
            [(_bytes(raw), _hashes(hashes)) for raw, hashes in pairs],
            {number: _hashes(hashes) for number, hashes in _numbered(leaves).items()},
            checkpoint,
            [_hashes(proof) for proof in _array(consistency)],
        )


def _item(data: bytes) -> object:
    try:
        return cbor.decode(data)
    except cbor.CborError as error:
        raise LayoutError("layout-cbor", why=error) from None


def _pairs(items: dict[int, bytes]) -> list[list]:
    return [[number, items[number]] for number in sorted(items)]


def _numbered(value: object) -> dict[int, bytes]:
    out: dict[int, bytes] = {}
    last = -1
    for entry in _array(value):
        number, data = _array(entry, 2)
        if not isinstance(number, int) or isinstance(number, bool) or number <= last:
            raise LayoutError("layout-numbers")
        out[number] = _bytes(data)
        last = number
    return out


def _array(value: object, length: int | None = None) -> list:
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise LayoutError("layout-array")
    return value


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise LayoutError("layout-bytes")
    return value


def _hashes(value: object) -> list[bytes]:
    data = _bytes(value)
    if len(data) % HASH_BYTES:
        raise LayoutError("layout-hashes")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
