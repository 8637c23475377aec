# SPDX-License-Identifier: Apache-2.0
"""The committed modules that a maker makes are what it makes."""

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


def test_the_kernel_is_what_its_maker_makes() -> None:
    maker = runpy.run_path(str(ROOT / "boards/make_kernel.py"))
    assert maker["KERNEL"].read_text(encoding="ascii") == maker["text"](), "run python boards/make_kernel.py"
