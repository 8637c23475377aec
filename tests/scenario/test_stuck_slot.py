# SPDX-License-Identifier: Apache-2.0
"""A slot whose bytes are wrong for ever: reported, written off by the custodian, stated as given up, used again, a gap in the verdict."""

import json
import shutil
from pathlib import Path

from sealdock.card.image import Card
from sealdock.verify import verify

from .dockside import Dockside
from .test_import_card import damage, leaf_at

ROLE = "enforcement_body_head"


def test_a_broken_slot_does_not_stop_the_ring(docked: Path, tmp_path: Path) -> None:
    shutil.copytree(docked, tmp_path / "table")
    card = tmp_path / "table" / "recorder" / "card.bin"
    with Card(card) as seen:
        damage(card, leaf_at(seen.super, 1, 1) + 9)
    with Dockside(tmp_path / "table") as table:
        done = table.seal("--json", "sync", "--port", table.url)
        assert done.code == 3 and len(done.values[-1]["problems"]) == 1, done
        assert table.recorder_status()["slots_used"] > 0, "from the broken slot on nothing is free"
        session = table.seal("--json", "list").values[0]["session"]
        early = table.seal("write-off", session, 0, "--reason", "x")
        assert (early.code, len(early.errors)) == (1, 1) and "is in the archive" in early.err
        written = table.seal("--json", "write-off", session, 1, "--reason", "the card is broken at this place")
        assert written.code == 0, written
        assert table.sync()["receipt"] == 2
        assert table.recorder_status()["slots_used"] == 0
        table.record(6)
        assert table.sync()["problems"] == []
        exported(table, session, tmp_path / "package")
    verdict = verify(tmp_path / "package")
    codes = {finding.code: finding for finding in verdict.findings}
    assert codes["segment-given-up"].segment == 1 and "segment-uncovered" not in codes
    assert verdict.completeness == "gaps unexplained" and verdict.integrity == "intact"


def exported(table: Dockside, session: str, out: Path) -> None:
    approve = table.seal("approve", session, "--act", "export", "--by", ROLE, "--reason", "case", "--written")
    assert approve.code == 0, approve
    done = table.seal("--json", "export", session, "--out", out)
    assert done.code == 0, done
    assert json.loads(done.out.splitlines()[-1])
