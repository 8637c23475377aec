# SPDX-License-Identifier: Apache-2.0
"""An unsealed tail after a battery pull, on a real recorder's card: whole it is taken, altered before the next start it is named."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sealdock.archive import media
from sealdock.home import Home
from sealdock.station import Station
from sealproto import slot
from sealproto.merkle import LEAF_BYTES
from sealsim.hardware import SECTOR
from sealsim.recorder import RECORD
from tests.scenario.dockside import Dockside

BLOCK = LEAF_BYTES + SECTOR


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory, micropython: Path) -> Path:
    """A station, and a recorder whose battery was pulled while it recorded."""
    folder = tmp_path_factory.mktemp("tail")
    with Dockside.create(folder) as table:
        table.enrol()
        table.recorder.press(RECORD, 300)
        table.recorder.run_for(9_200)
        table.recorder.power_cut()
    return folder


@pytest.fixture
def folder(pulled: Path, tmp_path: Path) -> Iterator[Path]:
    yield Path(shutil.copytree(pulled, tmp_path / "copy"))


def tail(card: Path) -> tuple[int, int]:
    """Where the leaves of the slot written last begin on the card, and how many there are."""
    with card.open("rb") as file:
        file.seek(slot.FIRST_SECTOR * SECTOR)
        block = slot.Superblock.unpack(file.read(SECTOR))
        starts = [block.slot_sector(number) * SECTOR for number in range(4)]
        begun = []
        for start in starts:
            file.seek(start)
            try:
                slot.Header.unpack(file.read(SECTOR))
            except slot.SlotError:
                break
            begun.append(start)
        first = begun[-1] + 8 * SECTOR
        count = 0
        while True:
            file.seek(first + count * BLOCK + LEAF_BYTES)
            try:
                slot.Trailer.unpack(file.read(SECTOR))
            except slot.SlotError:
                return first, count
            count += 1


def after(folder: Path) -> tuple[list[str], int, int]:
    """The next boot, and a sync: its problems, leaves of the tail that were taken, and the command's exit code."""
    with Dockside(folder) as table:
        done = table.seal("--json", "sync", "--port", table.url)
        with Station.open(Home(table.home)) as station:
            (row,) = station.archive.recorders()
            (found,) = [s for s in media.segments(station.archive, chain=row.chain) if not s.sealed]
            taken = -(-(found.stored_bytes or 0) // LEAF_BYTES) if found.held else 0
    return done.values[-1].get("problems", []), taken, done.code


def test_a_whole_tail_is_taken(folder: Path) -> None:
    _, count = tail(folder / "recorder" / "card.bin")
    assert count >= 3
    assert after(folder) == ([], count, 0)


@pytest.mark.parametrize("place", ["first", "middle"])
def test_an_altered_tail_is_named_and_cut_there(folder: Path, place: str) -> None:
    card = folder / "recorder" / "card.bin"
    first, count = tail(card)
    leaf = 0 if place == "first" else count // 2
    with card.open("r+b") as file:
        file.seek(first + leaf * BLOCK + 1000)
        old = file.read(1)
        file.seek(first + leaf * BLOCK + 1000)
        file.write(bytes([old[0] ^ 1]))
    problems, taken, code = after(folder)
    assert [line for line in problems if f"from block {leaf} of {count}" in line]
    assert (taken, code) == (leaf, 3)
