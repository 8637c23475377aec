# SPDX-License-Identifier: Apache-2.0
"""Every story that comes with the simulator goes as it is told, under the real interpreter."""

from pathlib import Path

import pytest

from sealsim.scenario.command import stories
from sealsim.scenario.kit import Kits
from sealsim.scenario.run import play
from sealsim.scenario.story import load_story


@pytest.mark.parametrize("path", stories().values(), ids=list(stories()))
def test_story(path: Path, kits: Kits, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert play(load_story(path), kits).failures == []
