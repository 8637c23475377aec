# SPDX-License-Identifier: Apache-2.0
"""A station that was written from the documents alone docks with a real recorder, and what it says counts."""

import ast
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sealdock.home import Home
from sealdock.station import Station

from .dockside import Dockside
from .independent_station import RECEIPT_KIND, TIME, IndependentStation, Refused, payload_of

SOURCE = Path(__file__).parent / "independent_station.py"
SEGMENT, RECEIPT = 4, 16


@pytest.fixture
def table(docked: Path, tmp_path: Path) -> Iterator[Dockside]:
    shutil.copytree(docked, tmp_path / "table")
    with Dockside(tmp_path / "table") as made:
        yield made


def dock(table: Dockside, seed: bytes | None = None) -> IndependentStation:
    """With the key and the certificate of the bureau's own station."""
    with Station.open(Home(table.home)) as station:
        root = next(fields[2] for fields in map(payload_of, station.certificates) if fields[1] == 0)
        own = (seed or station.key.private, station.certificate.raw, root)
    return IndependentStation(int(table.url.rpartition(":")[2]), *own)


def test_it_uses_nothing_of_ours() -> None:
    """Nor could it have been written from our code without this showing."""
    named = {name for node in ast.walk(ast.parse(SOURCE.read_text())) for name in _imported(node)}
    assert named - set(sys.stdlib_module_names) == {"cbor2", "cryptography", "nacl"}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    return [(node.module or "").partition(".")[0]] if isinstance(node, ast.ImportFrom) else []


def test_records_media_and_a_receipt_that_the_recorder_keeps(table: Dockside) -> None:
    with table.real_time(), dock(table) as station:
        records = station.records()
        segments = [seq for seq, raw in enumerate(records) if payload_of(raw)[7] == SEGMENT]
        media = [station.media(records[seq]) for seq in segments]
        assert len(media) >= 3 and sum(map(len, media)) > 100_000
        assert abs(station.ask(TIME, {})[0][2] - payload_of(records[-1])[6][0]) < 600_000
        with pytest.raises(Refused) as refusal:
            station.put(RECEIPT_KIND, station.receipt(records, [*segments, segments[-1] + 1], 1))
        assert refusal.value.args == (5,)
        receipt = station.receipt(records, segments, 1)
        station.put(RECEIPT_KIND, receipt)
        more = station.records()
        assert more[: len(records)] == records and len(more) == len(records) + 1
        assert (payload_of(more[-1])[7], payload_of(more[-1])[8][0]) == (RECEIPT, receipt)
        status = station.status()
        assert (status[7], status[14]) == (0, 1), "the slots may be used again"
        station.bye()


def test_another_key_with_the_same_certificate_is_refused(table: Dockside) -> None:
    with table.real_time(), pytest.raises(Refused):
        dock(table, bytes(32))
