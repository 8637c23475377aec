# SPDX-License-Identifier: Apache-2.0
"""A card in the reader that somebody prepared: what it says of itself is no reason to read it all into memory."""

import os
from pathlib import Path

import pytest

from sealdock.card.image import Card, CardError
from sealproto.slot import FIRST_SECTOR, SECTOR, Superblock


def prepared(path: Path, slot_sectors: int) -> Path:
    """A terabyte on a few sectors of disk."""
    with open(path, "wb") as file:
        file.seek(FIRST_SECTOR * SECTOR)
        file.write(Superblock(bytes(16), bytes(32), slot_sectors, 1).pack())
        os.truncate(file.fileno(), 1 << 40)
    return path


def test_a_slot_larger_than_any_boards_is_none(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="damaged"):
        Card(prepared(tmp_path / "card", (1 << 32) - 1))
    with Card(prepared(tmp_path / "card", 4096)) as card:  # 2 MiB, as a board with pictures has
        assert [slot.size for slot in card.slots()] == [123]
