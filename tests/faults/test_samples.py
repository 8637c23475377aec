# SPDX-License-Identifier: Apache-2.0
"""A small sample of each campaign, and its controls: that it would find what it looks for. `make torture` runs them at full size."""

from pathlib import Path

import pytest

from tests.faults.__main__ import campaign, controlled, names


@pytest.mark.parametrize("name", names())
def test_sample(name: str, request: pytest.FixtureRequest) -> None:
    module = campaign(name)
    if getattr(module, "INTERPRETER", False):
        assert Path(request.getfixturevalue("micropython")).exists()
    assert controlled(module) >= 1
    figures = module.run(module.SAMPLE)
    assert figures and all(key.startswith(name + ".") and isinstance(value, int | float) for key, value in figures.items())
