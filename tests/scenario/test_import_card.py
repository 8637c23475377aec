# SPDX-License-Identifier: Apache-2.0
"""A card in the station's reader: the real simulator's card.bin, before and after its chain came, whole, cut, damaged and of others."""

import shutil
import struct
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from sealdock import enrol
from sealdock.archive import media
from sealdock.card.image import Card
from sealdock.errors import ExitCode
from sealdock.home import Home
from sealdock.link import LinkLost
from sealdock.station import Station
from sealdock.sync import run_sync
from sealdock.sync.line import LineDock
from sealproto import slot as layout
from sealproto.slot import FIRST_SECTOR, SECTOR, Superblock
from sealsim.recorder import RECORD

from .dockside import Dockside, archived, seal, tree, unfinished

LINE_ALLOWANCE = 60_000  # bytes of a dock without media: handshake, records, receipt, and the status in between


@pytest.fixture(scope="module")
def cut_off(docked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table whose recorder lost its battery in mid-segment and was docked by nobody since; with the sum of its card."""
    folder = tmp_path_factory.mktemp("cut") / "table"
    shutil.copytree(docked, folder)
    with Dockside(folder) as table:
        table.recorder.press(RECORD, 300)
        table.recorder.run_for(12_500)
        table.recorder.power_cut()
        table.recorder.start()
        table.recorder.run_for(2000)
    return folder


@pytest.fixture
def table(cut_off: Path, tmp_path: Path) -> Iterator[Dockside]:
    shutil.copytree(cut_off, tmp_path / "table")
    with Dockside(tmp_path / "table") as made:
        yield made


@pytest.fixture(scope="module")
def expected(cut_off: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The media that a dock alone brings, by name."""
    folder = tmp_path_factory.mktemp("plain") / "table"
    shutil.copytree(cut_off, folder)
    with Dockside(folder) as plain:
        plain.sync()
    return held(plain.home)


def held(home: Path) -> dict[str, bytes]:
    return {str(p.relative_to(home)): p.read_bytes() for p in sorted((home / "archive" / "media").rglob("*.*")) if p.suffix != ".trailers"}


def card_of(table: Dockside) -> Path:
    return table.folder / "recorder" / "card.bin"


def line_bytes(table: Dockside) -> tuple[dict, int]:
    """A good sync, and the bytes that the recorder put on the line for it."""
    before = table.recorder.line.up.passed
    result = table.sync()
    return result, table.recorder.line.up.passed - before


def take(table: Dockside, card: Path, code: int = ExitCode.GOOD) -> dict:
    """An import that never writes to the card; its last line."""
    before = sha256(card.read_bytes()).digest(), card.stat().st_mtime_ns
    done = seal("--home", table.home, "--json", "import", "--card", card)
    assert done.code == code, done
    assert (sha256(card.read_bytes()).digest(), card.stat().st_mtime_ns) == before
    return done.values[-1]


def test_before_the_chain_is_here(table: Dockside, expected: dict[str, bytes]) -> None:
    """All of it waits for its records; the dock then carries records and nothing else, and the result is that of a dock alone."""
    result = take(table, card_of(table))
    assert (result["taken"], result["held"], result["problems"]) == (0, 0, [])
    assert result["staged"] == len(expected)
    assert held(table.home) == {}
    assert take(table, card_of(table))["staged"] == len(expected), "once more is the same"
    docked, line = line_bytes(table)
    assert (docked["bytes"], docked["segments"], docked["receipt"]) == (0, len(expected), 1)
    assert held(table.home) == expected and line < LINE_ALLOWANCE
    assert not list((table.home / "archive" / "staged").rglob("*.slot")) and not unfinished(table.home)
    assert table.recorder_status()["slots_used"] == 0
    again = take(table, card_of(table))
    assert (again["held"], again["staged"], again["taken"]) == (len(expected), 0, 0)


class NoMedia(LineDock):
    """A line that breaks when the records are there."""

    def leaves(self, wanted: Sequence) -> Iterator:
        raise LinkLost("the cable is out")


def records_only(table: Dockside) -> None:
    with (
        table.real_time(),
        Station.open(Home(table.home), write=True) as station,
        enrol.dock(station, table.url) as client,
        pytest.raises(LinkLost),
    ):
        run_sync(station, NoMedia(client))


def test_after_the_records(table: Dockside, expected: dict[str, bytes]) -> None:
    """The archive has the records: the card settles at once, an unsealed tail too."""
    records_only(table)
    result = take(table, card_of(table))
    assert (result["taken"], result["staged"], result["problems"]) == (len(expected), 0, [])
    assert result["bytes"] == sum(map(len, expected.values())) and held(table.home) == expected
    docked, line = line_bytes(table)
    assert (docked["bytes"], docked["receipt"]) == (0, 1) and line < LINE_ALLOWANCE


def image(table: Dockside, tmp_path: Path) -> tuple[Path, Superblock]:
    """A copy of the card to be damaged."""
    path = tmp_path / "image.bin"
    shutil.copy2(card_of(table), path)
    with Card(path) as card:
        return path, card.super


def sizes(path: Path) -> list[int]:
    """Stored bytes in each slot that is in use."""
    with Card(path) as card:
        return [slot.media_bytes for slot in card.slots() if slot.header]


def damage(path: Path, at: int, data: bytes = b"") -> None:
    with path.open("r+b") as file:
        if not data:
            file.seek(at)
            data = bytes([file.read(1)[0] ^ 1])
        file.seek(at)
        file.write(data)


def leaf_at(super_: Superblock, slot: int, index: int) -> int:
    return (super_.slot_sector(slot) + 1 + layout.COPY_SECTORS + index * layout.BLOCK_SECTORS) * SECTOR


def test_a_truncated_image(table: Dockside, tmp_path: Path, expected: dict[str, bytes]) -> None:
    """What is there counts; the dock brings exactly the rest."""
    path, super_ = image(table, tmp_path)
    whole = sizes(path)
    path.write_bytes(path.read_bytes()[: leaf_at(super_, 2, 3) + 5000])
    result = take(table, path, ExitCode.PARTIAL)
    assert not result["whole"] and ["ends early" in line for line in result["problems"]].count(True) == 1
    docked, line = line_bytes(table)
    assert docked["problems"] == [] and held(table.home) == expected
    missing = sum(whole[2:]) - 3 * 16384
    assert docked["bytes"] == missing and line < missing * 1.05 + LINE_ALLOWANCE


def test_bad_leaves_and_bad_checksums(table: Dockside, tmp_path: Path, expected: dict[str, bytes]) -> None:
    """One line for each; a segment that is sound up to a leaf is fetched from that leaf on."""
    path, super_ = image(table, tmp_path)
    first = sizes(path)[0]
    records_only(table)
    damage(path, leaf_at(super_, 0, 2) + 77)  # a leaf: two are sound
    damage(path, super_.slot_sector(1) * SECTOR + 40)  # a header: the copy still says what it is
    damage(path, (super_.slot_sector(2) + 1) * SECTOR + 100)  # a copy: the header still does
    result = take(table, path, ExitCode.VERIFICATION_FAILED)
    assert [line.partition(":")[0] for line in result["problems"]] == ["slot 0", "slot 1", "slot 2"]
    assert "only its beginning is sound" in result["problems"][0] and "checksum" in result["problems"][1]
    assert result["taken"] == len(expected) - 1
    docked, _ = line_bytes(table)
    assert docked["bytes"] == first - 2 * 16384 and held(table.home) == expected


def test_a_card_that_lies(table: Dockside, tmp_path: Path, expected: dict[str, bytes]) -> None:
    """Whoever wrote to it can stage what he likes; nothing of it gets in, and the dock brings the truth."""
    path, super_ = image(table, tmp_path)
    missing = sum(sizes(path)[1:3])
    block = path.read_bytes()[leaf_at(super_, 0, 0) : leaf_at(super_, 0, 1)]
    damage(path, leaf_at(super_, 1, 0), block)  # another segment's leaf, its checksum right
    head = bytearray(path.read_bytes()[super_.slot_sector(2) * SECTOR :][:SECTOR])
    head[44] ^= 1  # of the chain: another recorder's slot
    head[-4:] = struct.pack("<I", layout.crc32(head[:-4]))
    damage(path, super_.slot_sector(2) * SECTOR, bytes(head))
    result = take(table, path, ExitCode.VERIFICATION_FAILED)
    assert len(result["problems"]) == 1 and "slot 2 does not belong" in result["problems"][0]
    docked, _ = line_bytes(table)
    assert docked["problems"] == [] and held(table.home) == expected
    assert docked["bytes"] == missing
    result = take(table, path, ExitCode.VERIFICATION_FAILED)
    assert (result["held"], result["taken"], result["staged"]) == (len(expected) - 1, 0, 0)


def test_what_is_no_card_of_ours(table: Dockside, fresh: Path, tmp_path: Path) -> None:
    path, super_ = image(table, tmp_path)
    for name, data in (
        ("empty", b""),
        ("short", path.read_bytes()[: FIRST_SECTOR * SECTOR]),
        ("strange", bytes(4_000_000)),
        ("damaged", path.read_bytes()[: FIRST_SECTOR * SECTOR] + b"SEALCARD" + bytes(9000)),
    ):
        (tmp_path / name).write_bytes(data)
    other = Superblock(super_.card, bytes(32), super_.slot_sectors, super_.slots)
    (tmp_path / "foreign").write_bytes(bytes(FIRST_SECTOR * SECTOR) + other.pack() + bytes(9000))
    before = tree(table.home)
    for name, why in (
        ("absent", "cannot read"),
        ("", "cannot read"),
        ("empty", "too short"),
        ("short", "too short"),
        ("strange", "is no recorder's card"),
        ("damaged", "its first sector is damaged"),
        ("foreign", "does not know (chain 000000000000)"),
    ):
        done = seal("--home", table.home, "import", "--card", tmp_path / name)
        assert (done.code, len(done.errors), done.out) == (1, 1, "") and why in done.err, (name, done)
    assert tree(table.home) == before
    done = seal("--home", fresh / "station", "import", "--card", path)
    assert done.code == 1 and "dock that recorder first" in done.err


def test_an_image_of_the_partition_alone(table: Dockside, tmp_path: Path, expected: dict[str, bytes]) -> None:
    path, _ = image(table, tmp_path)
    path.write_bytes(path.read_bytes()[FIRST_SECTOR * SECTOR :])
    assert take(table, path)["staged"] == len(expected)


def test_given_back_by_the_chain_that_it_is_not_of(table: Dockside) -> None:
    """A recorder that is refused is refused here too."""
    with Station.open(Home(table.home), write=True) as station:
        (row,) = station.archive.recorders()
        with station.archive.transaction() as db:
            db.execute("UPDATE recorder SET alarm = 'forked'")
    done = seal("--home", table.home, "import", "--card", card_of(table))
    assert (done.code, len(done.errors)) == (3, 1) and "is refused" in done.err
    with Station.open(Home(table.home)) as station:
        assert media.segments(station.archive, chain=row.chain) == []
    assert archived(table.home)
