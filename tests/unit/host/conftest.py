# SPDX-License-Identifier: Apache-2.0
"""The station of the tests that run its commands."""

from pathlib import Path

import pytest
from stations import make_home

from sealdock.home import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("LC_ALL", "C")
    made = make_home(tmp_path)
    monkeypatch.setenv("SEALDOCK_HOME", str(made.path))
    return made
