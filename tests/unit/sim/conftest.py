# SPDX-License-Identifier: Apache-2.0
"""Recorders that run a small application instead of the real one, ended with each test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sealsim import reel
from sealsim.hardware import MIB, Hardware
from sealsim.recorder import Recorder

HERE = Path(__file__).parent
Build = Callable[..., Recorder]


@pytest.fixture
def build(tmp_path: Path, micropython: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Build]:
    """build("card", name=..., reel=..., world=..., **hardware) -> a switched-off recorder that will run apps/app_card.py.

    Every path has a space and Chinese characters in it.
    """
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    made: list[Recorder] = []

    def new(application: str, **options: Any) -> Recorder:
        placed = {key: options.pop(key) for key in ("world",) if key in options}
        scene = options.pop("reel", None) or reel.quiet()
        hardware = Hardware(**{"card_bytes": 4 * MIB, "flash_bytes": MIB, **options})
        home = tmp_path / f"记录仪 {len(made)}"
        made.append(Recorder.create(home, hardware, reel=scene, application=HERE / "apps" / f"app_{application}.py", **placed))
        return made[-1]

    yield new
    for recorder in made:
        recorder.close()


def traces(recorder: Recorder, what: str) -> list[list[Any]]:
    """Details of every trace of that name, in order."""
    return [event["details"] for event in recorder.events if event.name == "trace" and event["what"] == what]
