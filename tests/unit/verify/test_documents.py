# SPDX-License-Identifier: Apache-2.0
"""docs/verdict.md lists every code of the verifier with what it gives, and every code is used."""

import re
from pathlib import Path

from sealdock.verify import labels
from sealdock.verify.codes import KINDS
from sealdock.verify.verdict import AXES, TOTALS

ROOT = Path(__file__).parent.parent.parent.parent
PAGE = (ROOT / "docs" / "verdict.md").read_text(encoding="utf-8")


def test_table_of_codes_is_complete_and_true() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| ([a-z ]+) \| \S", PAGE.split("## Codes")[1], re.MULTILINE))
    assert rows == {code: f"{kind.axis} {kind.value}" if kind.axis else "note" for code, kind in KINDS.items()}


def test_values_and_totals_stand_there() -> None:
    for axis, values in AXES.items():
        assert f"| {axis} | {' · '.join(values)} |" in PAGE
    for total in TOTALS:
        assert f"| `{total}` |" in PAGE
    assert set(labels.TOTALS) == set(TOTALS)


def test_every_code_is_raised_somewhere() -> None:
    files = [path for path in (ROOT / "host" / "sealdock" / "verify").rglob("*.py") if path.name != "codes.py"]
    sources = "".join(path.read_text(encoding="utf-8") for path in files)
    assert [code for code in KINDS if f'"{code}"' not in sources] == []
