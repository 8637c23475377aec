# SPDX-License-Identifier: Apache-2.0
"""A package's files taken apart, each problem a finding. Nothing here is believed yet: the rules decide.

Names and bytes come from a mapping, be it a folder, a zip file or an archive's view of one session.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from sealdock import sequence
from sealdock.package import layout
from sealdock.package.layout import Keys, Proofs
from sealproto import cbor, cose
from sealproto import records as rec

from .rules.chain import Place, Read
from .rules.trust import Item, Trust
from .verdict import Findings

_RECORD_START = b"\xd2\x84"


class Package:
    """The parts of a case package. Media is read one file at a time, through media()."""

    def __init__(self, files: Mapping[str, bytes], findings: Findings) -> None:
        self.files = files
        self.findings = findings
        self._listed: dict[str, tuple[int, bytes]] = {}

    def bytes_of(self, name: str) -> bytes | None:
        """A file's bytes, or None (and a finding, unless the manifest already told so)."""
        if name in self.files:
            return self.files[name]
        if name not in self._listed:
            self.findings.add("file-missing", name=name, file=name)
        return None

    def manifest(self, trust: Trust) -> dict | None:
        """The believed manifest. Compares names with what is there; contents are compared as they are read."""
        raw = self.bytes_of(layout.MANIFEST)
        if raw is None:
            return None
        fields = trust.read(cose.MANIFEST, raw, layout.MANIFEST)
        if fields is None:
            return None
        try:
            self._listed = _listed(fields["files"])
        except layout.LayoutError as error:
            self.findings.add("manifest-unreadable", why=error.why, file=layout.MANIFEST)
            return None
        self._compare_names()
        return fields

    def _compare_names(self) -> None:
        present = set(self.files) - {layout.MANIFEST}
        for name in sorted(self._listed.keys() - present):
            self.findings.add("file-missing", name=name, file=name)
        for name in sorted(present - self._listed.keys()):
            self.findings.add("file-extra", name=name, file=name)

    def check_file(self, name: str, data: bytes) -> None:
        """Compares a file with what the manifest says of it."""
        if name in self._listed and self._listed[name] != (len(data), sha256(data).digest()):
            self.findings.add("file-changed", name=name, file=name, bytes=(0, len(data)))

    def check_files(self, names: tuple[str, ...]) -> None:
        """Compares files that every package has."""
        for name in names:
            data = self.bytes_of(name)
            if data is not None:
                self.check_file(name, data)

    def certificates(self) -> list[Item]:
        """The items of certificates.cbor."""
        return [(place, raw) for place, raw, _ in self._items(layout.CERTIFICATES)]

    def objects(self, name: str) -> list[tuple[bytes, object]]:
        """The items of a sequence: raw bytes and value."""
        return [(raw, value) for _, raw, value in self._items(name)]

    def _items(self, name: str) -> Iterator[tuple[Place, bytes, object]]:
        data = self.bytes_of(name) or b""
        at = 0
        try:
            for start, end, value in sequence.places(data):
                yield (start, end), data[start:end], value
                at = end
        except cbor.CborError as error:
            self.findings.add("file-unreadable", name=name, why=error, file=name, bytes=(at, len(data)))

    def keys(self) -> Keys:
        data = self.bytes_of(layout.KEYS)
        try:
            return Keys.decode(data) if data is not None else Keys()
        except layout.LayoutError as error:
            self.findings.add("file-unreadable", name=layout.KEYS, why=error.why, file=layout.KEYS)
            return Keys()

    def proofs(self) -> Proofs:
        data = self.bytes_of(layout.PROOFS)
        try:
            return Proofs.decode(data) if data is not None else Proofs()
        except layout.LayoutError as error:
            self.findings.add("file-unreadable", name=layout.PROOFS, why=error.why, file=layout.PROOFS)
            return Proofs()

    def records(self) -> Iterator[tuple[Place, Read | None, str]]:
        """Records in file order: (place, record or None, why it is none). Goes on behind damage at the next record that parses."""
        data = self.bytes_of(layout.RECORDS) or b""
        at = 0
        while at < len(data):
            end, read, why = _record_at(data, at)
            yield (at, end), read, why
            at = end


def _listed(files: list) -> dict[str, tuple[int, bytes]]:
    out: dict[str, tuple[int, bytes]] = {}
    last = ""
    for entry in files:
        if not isinstance(entry, list) or len(entry) != 3:
            raise layout.LayoutError("layout-entry")
        name, size, digest = entry
        if not isinstance(name, str) or not isinstance(size, int) or not isinstance(digest, bytes) or name <= last:
            raise layout.LayoutError("layout-names")
        out[name] = (size, digest)
        last = name
    return out


def _record_at(data: bytes, at: int) -> tuple[int, Read | None, str]:
    """The record that starts at an offset, and where it ends; behind bytes that are none, the next place where one starts."""
    end = record_end(data, at)
    why = "cut off"
    if end is not None:
        try:
            return end, Read(rec.Record(data[at:end]), (at, end)), ""
        except rec.RecordError as error:
            why = str(error)
    following = data.find(_RECORD_START, at + 1)
    while following != -1:
        next_end = record_end(data, following)
        if next_end is not None and _parses(data[following:next_end]):
            return following, None, why
        following = data.find(_RECORD_START, following + 1)
    return len(data), None, why


def record_end(data: bytes, at: int) -> int | None:
    """Where a COSE_Sign1 in Sealdock's form ends, from its lengths alone; None when the bytes cannot be one."""
    if data[at : at + 2] != _RECORD_START:
        return None
    end = _string_end(data, at + 2)
    if end is None or data[end : end + 1] != b"\xa0":
        return None
    end = _string_end(data, end + 1)
    end = None if end is None else _string_end(data, end)
    return end if end is not None and end <= len(data) else None


def _string_end(data: bytes, at: int) -> int | None:
    if at >= len(data):
        return None
    first = data[at]
    if 0x40 <= first < 0x58:
        return at + 1 + first - 0x40
    if first == 0x58 and at + 1 < len(data):
        return at + 2 + data[at + 1]
    if first == 0x59 and at + 2 < len(data):
        return at + 3 + int.from_bytes(data[at + 1 : at + 3], "big")
    return None


def _parses(raw: bytes) -> bool:
    try:
        rec.Record(raw)
    except rec.RecordError:
        return False
    return True


def looks_like_package(files: Mapping[str, bytes]) -> bool:
    """Whether there is enough to speak of a package at all: its records or its manifest."""
    return layout.RECORDS in files or layout.MANIFEST in files
