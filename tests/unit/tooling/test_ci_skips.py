# SPDX-License-Identifier: Apache-2.0
"""With CI=true a test that skips, or a file that skips as a whole, is a failure."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parent.parent.parent / "conftest.py"
SKIPS = "import pytest\ndef test_a():\n    pytest.skip('no tool')\ndef test_b():\n    pass\n"
MODULE_SKIPS = "import pytest\npytest.importorskip('no_such_tool')\n"
EXPECTED_FAILURE = "import pytest\n@pytest.mark.xfail\ndef test_a():\n    assert False\n"


def run(folder: Path, source: str, ci: str, place: str = "tests") -> int:
    (folder / place).mkdir(parents=True)
    shutil.copy(CONFTEST, folder / "tests" / "conftest.py")
    (folder / place / "test_planted.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    return subprocess.run(command, cwd=folder, env={**os.environ, "CI": ci}, capture_output=True, check=False).returncode


@pytest.mark.parametrize(("source", "refused"), [(SKIPS, True), (MODULE_SKIPS, True), (EXPECTED_FAILURE, False)])
def test_ci_refuses_skips(tmp_path: Path, source: str, refused: bool) -> None:
    assert (run(tmp_path, source, "true") not in (0, 5)) is refused


@pytest.mark.parametrize("source", [SKIPS, MODULE_SKIPS])
def test_a_person_may_skip(tmp_path: Path, source: str) -> None:
    assert run(tmp_path, source, "") in (0, 5)


def test_no_ci_machine_has_a_recorder_on_a_port(tmp_path: Path) -> None:
    assert run(tmp_path, SKIPS, "true", "tests/hardware") == 0
