# SPDX-License-Identifier: Apache-2.0
"""The demo's own package, changed: in bytes of every file, in every field of every type of record in it. All of it is found.

Three attackers: one who only edits; one who also holds the station's key and signs the manifest anew; and one who stole the recorder as
well, and signs records with the newest epoch key, the only one that is left on it.
"""

import os
import shutil
import struct
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from sealdock import keys
from sealdock.home import Home
from sealdock.keys import SigningKey
from sealdock.package import layout
from sealdock.station import Station
from sealdock.trust import parse_fingerprint
from sealdock.verify import Verdict, verify_files
from sealdock.verify.container import Folder
from sealproto import cose, merkle, objects
from sealproto import records as rec
from tests.packages import split
from tests.quick import remembering
from tests.unit.verify.attacks import bent, other, resign, rewrite_from, unsigned

from .conftest import Demo
from .dockside import seal

POSITIONS = 40  # of each file
EDGE = 3  # bytes at either end, all of them
BAD = ("not-authentic", "unreadable")
BLOCK = 4096  # of the recorder's key store
EPOCH = 2  # name of the entry that is the key which signs now

Files = dict[str, bytes]


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with remembering():
        yield


@pytest.fixture(scope="module")
def files(demo: Demo) -> Files:
    return dict(Folder(demo.out / "package").items())


@pytest.fixture(scope="module")
def verdict_of(demo: Demo):  # type: ignore[no-untyped-def]
    root = parse_fingerprint(demo.root)

    def call(changed: Files) -> Verdict:
        return verify_files(changed, root)

    return call


class Insider:
    """Holds what lies in the station's folder and in the stolen recorder's key store."""

    def __init__(self, demo: Demo, files: Files) -> None:
        self.station: SigningKey = keys.load_signing(Home(demo.out / "station").station_key)
        self.epoch = newest_epoch_key((demo.out / "recorder" / "keystore.bin").read_bytes())
        self._manifest = objects.read(cose.MANIFEST, files[layout.MANIFEST])[1]

    def sign(self, files: Files) -> None:
        """The manifest over what the files are now."""
        listed = [[name, len(data), sha256(data).digest()] for name, data in sorted(files.items()) if name != layout.MANIFEST]
        values = {name: self._manifest[name] for name in ("session", "chain", "utc", "approval")}
        files[layout.MANIFEST] = objects.make(cose.MANIFEST, self.station.kid, self.station.sign, **values, files=listed)


def newest_epoch_key(store: bytes) -> SigningKey:
    """The key that signs now, from the raw blocks of a key store (device/sealcam/chain/keystore.py has their form)."""
    whole = [store[at : at + BLOCK] for at in range(0, len(store), BLOCK) if store[at : at + 4] == b"SLKY"]
    block = max(whole, key=lambda raw: int.from_bytes(raw[4:8], "little"))
    at = 8
    while block[at]:
        name, size = struct.unpack_from("<BH", block, at)
        if name == EPOCH:
            return SigningKey(block[at + 3 + 4 : at + 3 + size])
        at += 3 + size
    raise AssertionError("the recorder holds no epoch key")


@pytest.fixture(scope="module")
def insider(demo: Demo, files: Files) -> Insider:
    return Insider(demo, files)


def positions(size: int) -> list[int]:
    """All bytes of a short file; else its ends and places spread over it, no two of them at the same place of a leaf."""
    if size <= POSITIONS + 2 * EDGE:
        return list(range(size))
    between = [EDGE + n * (size - 2 * EDGE) // POSITIONS for n in range(POSITIONS)]
    return sorted({*range(EDGE), *between, *range(size - EDGE, size)})


def flipped(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1 << at % 8
    return bytes(changed)


def test_the_package_is_good(demo: Demo, files: Files, insider: Insider, verdict_of) -> None:  # type: ignore[no-untyped-def]
    """The positive control: as it is, and with the manifest signed anew, which shows that the insider's keys are the right ones."""
    again = dict(files)
    insider.sign(again)
    assert verdict_of(files).total == verdict_of(again).total == demo.summary["total"] == "authentic-with-explained-gaps"
    rotations = [r for r in map(rec.Record, split(files[layout.RECORDS])) if r.type == rec.ROTATE_KEY]
    last = rec.Record(split(files[layout.RECORDS])[-1])
    assert last.sign1.kid == insider.epoch.kid == sha256(rotations[-1].fields["key"]).digest()[:8]


@pytest.mark.parametrize("name", [*layout.FIXED, layout.MANIFEST])
def test_bytes_of_every_file(files: Files, verdict_of, name: str) -> None:  # type: ignore[no-untyped-def]
    spots = positions(len(files[name]))
    assert len(spots) >= min(40, len(files[name]))
    for at in spots:
        verdict = verdict_of({**files, name: flipped(files[name], at)})
        assert verdict.total in BAD, (name, at)


def test_bytes_of_every_media_file(files: Files, verdict_of) -> None:  # type: ignore[no-untyped-def]
    """One byte of each file at a time, and each is named: file, segment, and the leaf that it is in."""
    media = [name for name in files if name.startswith("media/")]
    assert len(media) >= 20
    spots = {name: positions(len(files[name])) for name in media}
    for turn in range(max(map(len, spots.values()))):
        at = {name: spots[name][turn % len(spots[name])] for name in media}
        verdict = verdict_of({**files, **{name: flipped(files[name], at[name]) for name in media}})
        assert verdict.total == "not-authentic"
        named = {f.file: f.bytes for f in verdict.findings if f.code == "media-changed"}
        assert all(named[name][0] <= at[name] < named[name][1] <= named[name][0] + merkle.LEAF_BYTES for name in media), at


def test_one_media_file_alone(files: Files, verdict_of) -> None:  # type: ignore[no-untyped-def]
    for name in [name for name in files if name.startswith("media/")][::4]:
        for at in (0, len(files[name]) // 2, len(files[name]) - 1):
            assert verdict_of({**files, name: flipped(files[name], at)}).total == "not-authentic", (name, at)


@pytest.mark.parametrize("change", ["cut", "longer", "empty", "gone"])
def test_every_file_cut_or_gone(files: Files, verdict_of, change: str) -> None:  # type: ignore[no-untyped-def]
    for name, data in files.items():
        changed = {"cut": data[:-1], "longer": data + b"\0", "empty": b"", "gone": None}[change]
        rest = {other_name: other_data for other_name, other_data in files.items() if other_name != name}
        verdict = verdict_of(rest if changed is None else {**rest, name: changed})
        # Media that is left out, with a manifest that lists it, is not a lie but a hole.
        assert not verdict.good and verdict.total in (*BAD, "incomplete"), (name, verdict.total)


def parsed(files: Files) -> list[rec.Record]:
    return [rec.Record(raw) for raw in split(files[layout.RECORDS])]


def fields_of(files: Files) -> list[tuple[int, int, str]]:
    """(index in the file, type, field) for the last record of every type that a receipt covers; the envelope of a segment as type -1."""
    found: list[tuple[int, int, str]] = []
    last = {record.type: n for n, record in enumerate(parsed(files)) if record.type in rec.BODIES}
    for record_type, index in last.items():
        found += [(index, record_type, name) for name, _ in rec.BODIES[record_type]]
    return found + [(last[rec.SEGMENT], -1, name) for name, _ in rec.ENVELOPE]


def test_every_field_under_the_signature_that_it_has(files: Files, insider: Insider, verdict_of) -> None:  # type: ignore[no-untyped-def]
    cases = fields_of(files)
    assert len({record_type for _, record_type, _ in cases}) >= 15
    for index, record_type, name in cases:
        items = split(files[layout.RECORDS])
        items[index] = unsigned(items[index], record_type, name)
        changed = {**files, layout.RECORDS: b"".join(items)}
        insider.sign(changed)
        verdict = verdict_of(changed)
        assert verdict.total in BAD, (rec.NAMES.get(record_type), name)
        assert any(f.code in ("record-signature", "record-unreadable", "genesis-wrong") for f in verdict.findings)


def test_every_field_signed_with_the_newest_key(files: Files, insider: Insider, verdict_of) -> None:  # type: ignore[no-untyped-def]
    """The record, and all that follow it, signed anew with the key that the thief has."""
    records = parsed(files)
    for index, record_type, name in fields_of(files):
        if record_type < 0 or index == len(records) - 1:
            continue  # behind the last receipt nothing pins what the newest key signs: the next one will
        record = records[index]
        body = bent(record, **{name: other(dict(rec.BODIES[record_type])[name], (record.fields or {})[name])})
        changed = dict(files)
        rewrite_from(None, changed, index, resign(record.raw, insider.epoch, body=body), insider.epoch)
        insider.sign(changed)
        assert verdict_of(changed).total in BAD, (rec.NAMES[record_type], name)


def test_command_line_says_so_too(demo: Demo, files: Files, tmp_path: Path) -> None:
    """Exit code 3, in real files, the announcements listened to."""
    for name in (layout.RECORDS, layout.MANIFEST, layout.KEYS, "media/000002.mkv"):
        copy = tmp_path / name.replace("/", "-")
        shutil.copytree(demo.out / "package", copy, copy_function=os.link)
        (copy / name).unlink()
        (copy / name).write_bytes(flipped(files[name], len(files[name]) // 2))
        done = seal("--json", "verify", copy, "--root", demo.root)
        assert (done.code, done.err) == (3, "") and done.values[-1]["total"] in BAD, (name, done)


def test_session_in_the_archive_is_as_good(demo: Demo) -> None:
    """The same verdict without a package, over what the station holds."""
    with Station.open(Home(demo.out / "station")) as station:
        session = station.archive.db.execute("SELECT session FROM session").fetchone()[0].hex()
    done = seal("--home", demo.out / "station", "--json", "verify", session, "--root", demo.root)
    assert done.code == 0 and done.values[-1]["total"] == demo.summary["total"], done
