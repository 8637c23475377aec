# SPDX-License-Identifier: Apache-2.0
"""Every `both_*.py` and `device_*.py` file runs in a MicroPython process of its own.

`both_*.py` also run under CPython, where pytest collects them; `device_*.py` hold what only the recorder has.
"""

from pathlib import Path

import pytest
from tests.targets import CortexM3, Unix

UNIT = Path(__file__).parent
ROOT = UNIT.parent.parent
FILES = sorted(path.relative_to(ROOT).as_posix() for kind in ("both", "device") for path in UNIT.rglob(f"{kind}_*.py"))


def failures(code: int, output: str) -> list[str]:
    """Names of the functions that failed; a crash or an empty file is a failure too."""
    failed = [line.split()[1] for line in output.splitlines() if line.startswith("FAIL ")]
    finished = [line for line in output.splitlines() if line.startswith("done ") and line != "done 0"]
    return failed or ([] if code == 0 and finished else ["(the file did not run to its end)"])


@pytest.mark.parametrize("path", FILES)
def test_file(target: Unix | CortexM3, path: str) -> None:
    code, output = target.run(path)
    failed = failures(code, output)
    assert not failed, f"{path} on {target.name}: {', '.join(failed)}\n{output}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def test_a():\n    assert 1 + 1 == 2\n", []),
        ("def test_a():\n    pass\ndef test_b():\n    assert 1 == 2\n", ["test_b"]),
        ("import no_such_module\n", ["(the file did not run to its end)"]),
        ("def test_a():\n    raise SystemExit\n", ["(the file did not run to its end)"]),
        ("x = 1\n", ["(the file did not run to its end)"]),
    ],
)
def test_runner_sees_failures(target: Unix | CortexM3, tmp_path: Path, source: str, expected: list[str]) -> None:
    path = tmp_path / "both_planted.py"
    path.write_text(source, encoding="utf-8")
    assert failures(*target.run(str(path))) == expected
