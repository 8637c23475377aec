# SPDX-License-Identifier: Apache-2.0
"""Imports point one way: device -> protocol <- host <- sim <- tests, and boards -> protocol.

The recorder's code must never lean on the machine that it is developed on, and the station must never lean on the
simulator: what is checked here is what runs there. `import machine` stays under boards/, so the recorder cannot tell a
simulated board from a real one; only device/main.py imports `board`, which is chosen by the import path.
"""

import ast
import sys
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parent.parent

# Which of our packages each folder may import.
ALLOWED = {
    "protocol": {"sealproto"},
    "device": {"sealproto", "sealcam"},
    "boards": {"sealproto"},
    "host": {"sealproto", "sealdock"},
    "sim": {"sealproto", "sealdock", "sealsim"},
    "tests": {"sealproto", "sealdock", "sealsim", "sealcam"},
}
OURS = {"sealproto", "sealdock", "sealsim", "sealcam", "tests"}
# What makes parts of firmware out of the recorder's code, before there is a board.
MAKERS = "boards/make_"
# Tests of boards stand in for the chips behind `machine`.
BOARD_TESTS = "tests/unit/boards/"
# The protocol turns bytes into meaning and back; whoever calls it brings the bytes.
IO_MODULES = {"os", "io", "socket", "select", "asyncio", "time", "pathlib", "subprocess", "serial", "threading"}
# Setting up a checkout comes before anything can be installed.
BEFORE_SETUP = ("sim/sealsim/__init__.py", "sim/sealsim/bootstrap.py", "sim/sealsim/packages.py", "sim/sealsim/interpreter/")


def imported(source: str) -> set[str]:
    """Top-level names of every module that `source` imports, also inside functions and by string."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
        elif isinstance(node, ast.Call) and _called(node) in ("__import__", "import_module") and node.args:
            names.add(str(getattr(node.args[0], "value", "")).split(".")[0])
    return names


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def violations(path: str, source: str) -> list[str]:
    """What the file at `path` (relative to the project) imports and must not."""
    folder = PurePosixPath(path).parts[0]
    names = imported(source)
    allowed = ALLOWED["device" if path.startswith(MAKERS) else folder]
    wrong = {name for name in names & OURS if name not in allowed and folder != "tests"}
    if "machine" in names and folder != "boards" and not path.startswith(BOARD_TESTS):
        wrong.add("machine")
    if "board" in names and path != "device/main.py" and folder in ("protocol", "device", "host", "sim"):
        wrong.add("board")
    if folder == "protocol":
        wrong |= names & IO_MODULES
    if path.startswith(BEFORE_SETUP):
        wrong |= names - set(sys.stdlib_module_names) - {"sealsim"}
    return [f"{path} imports {name}" for name in sorted(wrong)]


def sources() -> list[Path]:
    return sorted(path for folder in ALLOWED for path in (ROOT / folder).rglob("*.py*") if path.suffix in (".py", ".pyi"))


def test_imports_point_one_way() -> None:
    found = []
    for path in sources():
        found += violations(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    assert found == []


def test_every_package_was_looked_at() -> None:
    seen = {path.relative_to(ROOT).parts[0] for path in sources()}
    assert seen == set(ALLOWED)


@pytest.mark.parametrize(
    ("path", "source", "wrong"),
    [
        ("protocol/sealproto/cbor.py", "import sealcam", "sealcam"),
        ("protocol/sealproto/cbor.py", "import os", "os"),
        ("device/sealcam/keys.py", "from sealdock.verify import verify", "sealdock"),
        ("device/sealcam/keys.py", "def f():\n    import sealsim.media as m", "sealsim"),
        ("device/sealcam/keys.py", "from machine import Pin", "machine"),
        ("tests/unit/device/device_keys.py", "import machine", "machine"),
        ("device/sealcam/keys.py", "import board", "board"),
        ("host/sealdock/demo.py", "import importlib\nimportlib.import_module('sealsim.demo')", "sealsim"),
        ("host/sealdock/demo.py", "__import__('sealcam')", "sealcam"),
        ("sim/sealsim/recorder.py", "import sealcam.main", "sealcam"),
        ("sim/sealsim/recorder.py", "from tests import helpers", "tests"),
        ("boards/unix/board.py", "from sealcam import app", "sealcam"),
        ("sim/sealsim/bootstrap.py", "import click", "click"),
    ],
)
def test_planted_violation_is_found(path: str, source: str, wrong: str) -> None:
    assert violations(path, source) == [f"{path} imports {wrong}"]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("device/main.py", "import board\nfrom sealcam import app"),
        ("boards/pico2_audio/board.py", "import machine\nfrom sealproto import codes"),
        ("host/sealdock/sync.py", "import os, sealproto.frame\nfrom . import keys"),
        ("sim/sealsim/demo.py", "from sealdock import cli"),
    ],
)
def test_allowed_imports_pass(path: str, source: str) -> None:
    assert violations(path, source) == []


def defined(source: str) -> set[str]:
    """Names that a module defines at its top level, however it does."""
    names: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name for alias in node.names)
        elif not isinstance(node, ast.ClassDef):
            names.update(part.id for part in ast.walk(node) if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load))
    return names


@pytest.mark.parametrize("board", sorted((ROOT / "boards").glob("*/board.py")), ids=lambda path: path.parent.name)
def test_board_keeps_the_contract(board: Path) -> None:
    contract = defined((ROOT / "boards" / "board.pyi").read_text(encoding="utf-8"))
    assert contract - defined(board.read_text(encoding="utf-8")) == set()
