# SPDX-License-Identifier: Apache-2.0
"""Kits for stories: a station and its recorders, made once for each profile."""

from pathlib import Path

import pytest

from sealsim.scenario.kit import Kits


@pytest.fixture(scope="session")
def kits(tmp_path_factory: pytest.TempPathFactory, micropython: Path) -> Kits:
    return Kits(tmp_path_factory.mktemp("kits"))
