# SPDX-License-Identifier: Apache-2.0
"""docs/profiles.md names every key of the file and every field of the compiled map with its number."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from sealdock.profile import archive, recording, schema
from sealproto import profile_keys

PAGE = (Path(__file__).parents[3] / "docs" / "profiles.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`(?:\w+\.)*(\w+)`", PAGE)) | set(re.findall(r"\b(\w+)\b", " ".join(re.findall(r"`([^`]*)`", PAGE))))
TABLES = [kind for module in (archive, recording, schema) for kind in vars(module).values() if hasattr(kind, "__dataclass_fields__")]
MAPS = {
    "profile": profile_keys.PROFILE,
    "`announce`": profile_keys.ANNOUNCE,
    "`interruption`": profile_keys.INTERRUPTION,
    "`cannot`": profile_keys.CANNOT,
    "`no_record`": profile_keys.NO_RECORD,
    "`store`": profile_keys.STORE,
    "`place`": profile_keys.PLACE,
    "`fault`": profile_keys.FAULT,
    "`relief`": profile_keys.RELIEF,
}


@pytest.mark.parametrize("kind", TABLES, ids=lambda kind: kind.__name__)
def test_every_key_is_documented(kind: type) -> None:
    keys = {str(item.metadata.get("key", item.name)) for item in fields(kind)}
    assert keys - NAMED == set()


@pytest.mark.parametrize("name", MAPS)
def test_every_compiled_field_has_its_number(name: str) -> None:
    page = PAGE[PAGE.index("## The compiled map") :]
    row = next(line for line in page.splitlines() if line.startswith(f"| {name} |"))
    documented = re.findall(r"(\d+) `(\w+)`(\?)?", row)
    expected = [(str(key), field, "?" if kind.endswith("-") else "") for key, (field, kind) in enumerate(MAPS[name])]
    assert documented == expected
