# SPDX-License-Identifier: Apache-2.0
"""The committed Thumb-2 modules are what their maker makes of the assembly."""

import runpy
from pathlib import Path

from sealsim import packages

ROOT = Path(__file__).parents[3]


def test_the_thumb2_modules_are_what_their_maker_makes() -> None:
    packages.require(packages.missing("qemu"), print)
    made = runpy.run_path(str(ROOT / "boards/make_thumb2.py"))["modules"]()
    assert len(made) == 3
    for path, text in made.items():
        assert path.read_text(encoding="ascii") == text, f"{path.name}: run python boards/make_thumb2.py"
