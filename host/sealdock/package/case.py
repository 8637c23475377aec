# SPDX-License-Identifier: Apache-2.0
"""What goes into a case package, gathered but not yet written: one session with all that its proof needs, and nothing of any other.

Media is opened one segment at a time, so a case of many hours needs no memory.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from sealdock import sealing
from sealproto import cbor, merkle
from sealproto import records as rec

from . import layout
from .layout import Keys, Proofs

DIGEST_BYTES = 16  # of a clip's SHA-256, as a prompt set lists it


@dataclass(frozen=True)
class Media:
    """One sealed segment. `load` gives its plain file and its stored bytes; `content_key` is None where nothing is encrypted."""

    number: int
    part: int
    content_key: bytes | None
    load: Callable[[], tuple[bytes, bytes]]


@dataclass
class Case:
    """One session. `records`: genesis and the path, then the unbroken run; `receipts`: with the records that each covers."""

    session: bytes
    chain: bytes
    records: list[bytes]
    certificates: list[bytes]
    revocations: bytes | None
    profiles: list[bytes]
    prompts: list[tuple[bytes, dict[int, bytes]]]
    receipts: list[tuple[bytes, list[bytes]]]
    media: list[Media]
    withheld: frozenset[int] = frozenset()  # parts of which not every segment is released
    checkpoint: bytes | None = None
    consistency: list[list[bytes]] = field(default_factory=list)
    approval: dict[int, object] | None = None

    def keys(self) -> Keys:
        """Segment keys of all media, and content keys of the parts that are released whole."""
        keys = Keys()
        for item in self.media:
            if item.content_key is not None:
                keys.segments[item.number] = sealing.segment_key(item.content_key, item.number)
                if item.part not in self.withheld:
                    keys.parts[item.part] = item.content_key
        return keys

    def proofs(self, leaves: dict[int, list[bytes]]) -> Proofs:
        receipts = [(raw, [merkle.leaf_hash(record) for record in covered]) for raw, covered in self.receipts]
        return Proofs(receipts, leaves, self.checkpoint, self.consistency)

    def prompt_items(self) -> Iterable[bytes]:
        """prompts.cbor: each set followed by the clips that the session used."""
        for raw, clips in self.prompts:
            yield raw
            yield cbor.encode([[number, clips[number]] for number in sorted(clips)])

    def fixed_files(self) -> dict[str, bytes]:
        """The files that follow from what is held in memory; proofs, report and manifest come after the media."""
        return {
            layout.RECORDS: b"".join(self.records),
            layout.CERTIFICATES: b"".join([*self.certificates, *([self.revocations] if self.revocations else [])]),
            layout.PROFILE: b"".join(self.profiles),
            layout.PROMPTS: b"".join(self.prompt_items()),
            layout.KEYS: self.keys().encode(),
        }


PATH_TYPES = (rec.ROTATE_KEY, rec.CLOCK_SET, rec.ASSIGN)


def path_records(before: Iterable[rec.Record], assignment: bytes | None) -> list[bytes]:
    """Of the records before session-open those that a package holds.

    Genesis and every rotate-key, the last clock-set, and the assignment (its SHA-256) that the session names.
    """
    chosen: dict[int, bytes] = {}
    clock: rec.Record | None = None
    for record in before:
        if record.type in (rec.GENESIS, rec.ROTATE_KEY):
            chosen[record.seq] = record.raw
        elif record.type == rec.CLOCK_SET:
            clock = record
        elif record.type == rec.ASSIGN and record.fields and sha256(record.fields["assignment"]).digest() == assignment:
            chosen[record.seq] = record.raw
    if clock:
        chosen[clock.seq] = clock.raw
    return [chosen[seq] for seq in sorted(chosen)]


def used_clips(run: Iterable[rec.Record], session: bytes) -> set[int]:
    """The clips that the recorder spoke in a session."""
    used: set[int] = set()
    for record in run:
        if record.type == rec.ANNOUNCE and record.fields and record.fields["session"] == session:
            used.update(clip for clip in record.fields["clips"] if isinstance(clip, int))
    return used


def clips_of(prompt_set: dict, blob: bytes, wanted: set[int]) -> dict[int, bytes]:
    """Of a prompt set's blob the wanted clips: id -> ADPCM. `prompt_set`: the fields of the signed set."""
    out = {}
    at = 0
    for number, _, size, digest in prompt_set["clips"]:
        data = blob[at : at + size]
        if number in wanted and sha256(data).digest()[:DIGEST_BYTES] == digest:
            out[number] = data
        at += size
    return out
