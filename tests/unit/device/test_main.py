# SPDX-License-Identifier: Apache-2.0
"""How device/main.py ends. Behind a main.py that fails MicroPython opens its console; one that exits makes it start anew."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
AROUND = "try:\n    exec(open({main!r}).read())\nexcept SystemExit as end:\n    print('exits', end.args)\n"


@pytest.mark.parametrize(
    "board",
    [
        "raise OSError(19)\n",  # a part does not answer
        "",  # an error of the recorder's own code, while it starts and while it says so
        "import sealcam.supervisor as s\ndef fail(board):\n    raise MemoryError\ns.run = fail\n",
    ],
)
def test_no_console_follows_whatever_fails(micropython: Path, tmp_path: Path, board: str) -> None:
    (tmp_path / "board.py").write_text(board, encoding="utf-8")
    paths = [tmp_path, ROOT / "device", ROOT / "protocol", ".frozen"]
    done = subprocess.run(
        [micropython, "-c", AROUND.format(main=str(ROOT / "device" / "main.py"))],
        env={**os.environ, "MICROPYPATH": ":".join(map(str, paths))},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("exits (1,)\n", ""), done
