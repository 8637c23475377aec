# SPDX-License-Identifier: Apache-2.0
"""Media against its seal: encrypt again what a package shows, and compare with what the recorder signed.

Rules:

1. The shown file has the sealed length, and its stored form (padded, encrypted leaf by leaf under the released segment key) has the
   Merkle root of the segment record. Where it has not, the leaves that differ are named, if the list of leaf hashes leads to the root.
2. A cipher alone commits to no key: any key turns the sealed bytes into some plain ones. So the key must follow from the
   content key whose hash the recorder signed; where not all of a part is released, the content key stays secret, and what the key
   opens must begin as a Matroska file does.
"""

from collections.abc import Mapping
from hashlib import sha256

from sealdock import sealing
from sealproto import merkle
from sealproto import records as rec

from ..verdict import Findings

# EBML header: its id, a size of one byte, and the DocType "matroska" among its elements (RFC 8794, RFC 9559).
_EBML = b"\x1a\x45\xdf\xa3"
_DOCTYPE = b"\x42\x82\x88matroska"


class Media:
    """Checks segments one by one.

    `content_keys`: part -> released key; `commitments`: part -> SHA-256 of it that the recorder signed, None where nothing is encrypted.
    """

    def __init__(self, findings: Findings, commitments: Mapping[int, bytes | None], content_keys: Mapping[int, bytes]) -> None:
        self.findings = findings
        self.commitments = commitments
        self.content_keys = {part: key for part, key in content_keys.items() if self._committed(part, key)}
        self._noted: set[int] = set()

    def _committed(self, part: int, key: bytes) -> bool:
        if self.commitments.get(part) == sha256(key).digest():
            return True
        self.findings.add("reference-wrong", name=(f"the content key of part {part}", f"第 {part} 部分的内容密钥"), file="keys.cbor")
        return False

    def check(self, record: rec.Record, plain: bytes, key: bytes | None, leaves: list[bytes], name: str) -> None:
        """Judges one segment; `plain` is the shown file, `leaves` the claimed hashes of its stored leaves."""
        fields = record.fields
        assert fields is not None
        here = {"record": record.seq, "segment": fields["number"], "file": name}
        if len(plain) != fields["plain_bytes"]:
            place = (min(len(plain), fields["plain_bytes"]), len(plain))
            self.findings.add("media-length", **here, bytes=place, number=fields["number"], found=len(plain), sealed=fields["plain_bytes"])
        if self.commitments.get(fields["part"]) is None:
            self.findings.add("not-encrypted", **here)
            stored = plain
        elif key is None:
            self.findings.add("key-wrong", **here, number=fields["number"])
            return
        else:
            if not self._key_holds(fields, key, plain):
                self.findings.add("key-wrong", **here, number=fields["number"])
            stored = sealing.encrypt(key, plain)
        self._compare(fields, stored, leaves, here)

    def _key_holds(self, fields: dict, key: bytes, plain: bytes) -> bool:
        content_key = self.content_keys.get(fields["part"])
        if content_key is not None:
            return sealing.segment_key(content_key, fields["number"]) == key
        if fields["part"] not in self._noted:
            self._noted.add(fields["part"])
            self.findings.add("key-uncommitted", part=fields["part"])
        return is_matroska(plain)

    def _compare(self, fields: dict, stored: bytes, leaves: list[bytes], here: dict) -> None:
        found = [merkle.leaf_hash(leaf) for leaf in sealing.leaves(stored)]
        listed = bool(leaves) and merkle.root(leaves) == fields["root"]
        if leaves and not listed:
            self.findings.add("proof-wrong", why="leaf hashes do not lead to the sealed root", **{**here, "file": "proofs.cbor"})
        if merkle.root(found) == fields["root"]:
            if len(stored) != fields["stored_bytes"]:
                self.findings.add("media-length", **here, number=fields["number"], found=len(stored), sealed=fields["stored_bytes"])
            return
        for place in _different(found, leaves, len(stored)) if listed else [(0, len(stored))]:
            end = min(place[1], max(fields["plain_bytes"], place[0]))
            self.findings.add("media-changed", **here, bytes=(place[0], end), number=fields["number"])


def is_matroska(data: bytes) -> bool:
    """Whether data begins with the EBML header of a Matroska file."""
    return data[:4] == _EBML and _DOCTYPE in data[4:64]


def _different(found: list[bytes], sealed: list[bytes], size: int) -> list[tuple[int, int]]:
    """Byte ranges of the leaves that differ, neighbours joined."""
    ranges: list[tuple[int, int]] = []
    for index in range(max(len(found), len(sealed))):
        if index < min(len(found), len(sealed)) and found[index] == sealed[index]:
            continue
        start, end = index * merkle.LEAF_BYTES, (index + 1) * merkle.LEAF_BYTES
        if ranges and ranges[-1][1] == start:
            start = ranges.pop()[0]
        ranges.append((start, end))
    return [(start, max(start, min(end, max(size, (len(sealed)) * merkle.LEAF_BYTES)))) for start, end in ranges]
