# SPDX-License-Identifier: Apache-2.0
"""What a board's firmware adds to MicroPython: every file of its manifest compiled for its processor.

`python -m tests.bench.sizes` writes `board.pico2_audio.*` into build/bench.json. A .mpy file is a little larger than the same code frozen.
"""

import ast
import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sealdock.prompts.firmware import firmware_clips
from sealsim import interpreter
from tests.bench import results

ROOT = Path(__file__).parents[2]
ARCHITECTURE = {"pico2_audio": "armv7emsp"}  # Cortex-M33 with single floats, as the port says of itself
SPEECH = "firmware_sound.py"  # made at the build; counted by its clips
TABLE = "curve25519_table.py"  # made at the build
MAKE_TABLE = ROOT / "boards/make_table.py"


def frozen(board: str) -> Iterator[Path]:
    """Python files that the board's manifest takes from this project, in its order."""
    folder = ROOT / "boards" / board
    for node in ast.parse((folder / "manifest.py").read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call) or not isinstance(node.value.func, ast.Name):
            continue
        settings = {keyword.arg: ast.literal_eval(keyword.value) for keyword in node.value.keywords}
        name, base = ast.literal_eval(node.value.args[0]), folder / settings.get("base_path", ".")
        if "$(" in name + settings.get("base_path", "") or name in (SPEECH, TABLE):
            continue
        if node.value.func.id == "package":
            yield from sorted((base / name).rglob("*.py"))
        elif node.value.func.id == "module":
            yield base / name


def made_table(board: str, folder: Path) -> list[Path]:
    """The table of the curve, made here, if the board's manifest takes it."""
    if TABLE not in (ROOT / "boards" / board / "manifest.py").read_text(encoding="utf-8"):
        return []
    made = folder / TABLE
    command = [interpreter.find().path, "-X", "heapsize=4m", MAKE_TABLE, made]
    subprocess.run(command, cwd=ROOT, env={"MICROPYPATH": "device:.frozen"}, check=True)
    return [made]


def compiled_bytes(board: str) -> int:
    """Sum of the .mpy files. CalledProcessError when one does not compile."""
    compiler = interpreter.mpy_cross()
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.mpy"
        for path in [*frozen(board), *made_table(board, Path(folder))]:
            subprocess.run([compiler, f"-march={ARCHITECTURE[board]}", "-O1", "-o", out, path], check=True, capture_output=True)
            total += out.stat().st_size
    return total


def measure() -> results.Figures:
    """{"board.NAME.flash_bytes": code and clips, "board.NAME.code_bytes": code alone, "board.NAME.files": how many}."""
    figures: results.Figures = {}
    for board in ARCHITECTURE:
        code = compiled_bytes(board)
        figures[f"board.{board}.code_bytes"] = code
        figures[f"board.{board}.flash_bytes"] = code + len(firmware_clips())
        figures[f"board.{board}.files"] = len(list(frozen(board)))
    return figures


def main() -> None:
    figures = measure()
    results.merge(figures)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
