# SPDX-License-Identifier: Apache-2.0
"""Guards viper code against two faults of MicroPython's Thumb code generator (1.26 at least), which other ports do not show.

It shifts the index register of a ptr16 or ptr32 access in place: when the index is a bare local that lives in a register, that local is
destroyed. The first two locals do on Thumb, the first three elsewhere. And it encodes conditional jumps over 4 KiB wrongly, so that
the processor lands anywhere: no `if`, `for` or `while` with a condition may hold that much code.
"""

import ast
import os
import subprocess
from pathlib import Path

import pytest

from sealsim import interpreter

ROOT = Path(__file__).parents[3]
IN_REGISTERS = 3
JUMP_BYTES = 4096
NODE_BYTES = 9  # generous: an operation, access, comparison, call or assignment takes 4 instructions of 2 bytes
WIDE = {"ptr16", "ptr32"}
ARCHITECTURES = ("x86", "x64", "armv6m", "armv7m", "armv7emsp", "xtensa", "xtensawin", "rv32imc")


def viper_functions(tree: ast.AST) -> list[ast.FunctionDef]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [node for node in functions if any(ast.unparse(mark) == "micropython.viper" for mark in node.decorator_list)]


def register_locals(function: ast.FunctionDef) -> set[str]:
    """The names that may live in registers: parameters first, then names in the order of their first assignment."""
    names = [argument.arg for argument in function.args.args]
    stores = [node for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    for node in sorted(stores, key=lambda node: (node.lineno, node.col_offset)):
        if node.id not in names:
            names.append(node.id)
    return set(names[:IN_REGISTERS])


def wide_pointers(function: ast.FunctionDef) -> set[str]:
    pointers = {a.arg for a in function.args.args if isinstance(a.annotation, ast.Name) and a.annotation.id in WIDE}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) in WIDE:
            pointers |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return pointers


def spoiled(source: str) -> list[str]:
    """Accesses whose index would be destroyed."""
    found = []
    for function in viper_functions(ast.parse(source)):
        registers, pointers = register_locals(function), wide_pointers(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) in pointers and ast.unparse(node.slice) in registers:
                found.append(f"{function.name} line {node.lineno}: {ast.unparse(node)}")
    return found


def size(statements: list[ast.stmt]) -> int:
    """Estimated bytes of Thumb code."""
    kinds = (ast.BinOp, ast.Subscript, ast.Compare, ast.Call, ast.Assign, ast.AugAssign)
    return NODE_BYTES * sum(isinstance(node, kinds) for statement in statements for node in ast.walk(statement))


def long_jumps(source: str) -> list[str]:
    """Conditional blocks that may be too long to jump over."""
    found = []
    for function in viper_functions(ast.parse(source)):
        for node in ast.walk(function):
            endless = isinstance(node, ast.While) and isinstance(node.test, ast.Constant)
            if isinstance(node, ast.If | ast.While | ast.For) and not endless and size(node.body) + size(node.orelse) > JUMP_BYTES:
                found.append(f"{function.name} line {node.lineno}: {size(node.body) + size(node.orelse)} bytes")
    return found


def test_no_jump_is_too_long() -> None:
    for folder in ("device", "protocol"):
        for file in ROOT.glob(f"{folder}/**/*.py"):
            assert long_jumps(file.read_text(encoding="utf-8")) == [], file


def test_the_guard_sees_a_long_jump() -> None:
    body = "".join(f"        c{i} = y{i} * a + c{i + 1}\n" for i in range(200))
    head = "@micropython.viper\ndef f(a: int):\n    while "
    assert len(long_jumps(f"{head}a > 0:\n{body}")) == 1
    assert long_jumps(f"{head}True:\n{body}") == []


def test_no_index_is_spoiled() -> None:
    files = [*ROOT.glob("device/**/*.py"), *ROOT.glob("protocol/**/*.py")]
    assert any(viper_functions(ast.parse(file.read_text(encoding="utf-8"))) for file in files)
    assert {str(file): spoiled(file.read_text(encoding="utf-8")) for file in files if spoiled(file.read_text(encoding="utf-8"))} == {}


def test_the_guard_sees_the_fault() -> None:
    fault = "@micropython.viper\ndef f(w: ptr32, n: int):\n    i = 0\n    while i < n:\n        w[i] = 1\n        i += 1\n"
    assert spoiled(fault) == ["f line 5: w[i]"]
    assert spoiled(fault.replace("w[i] = 1", "w[i + 1] = 1")) == []
    assert spoiled(fault.replace("n: int", "n: int, m: int")) == []


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_architecture_can_have_it(tmp_path: Path, architecture: str) -> None:
    """The compiler refuses, for one, more locals than an instruction can reach."""
    files = [path for path in ROOT.glob("device/**/*.py") if viper_functions(ast.parse(path.read_text(encoding="utf-8")))]
    assert len(files) > 3
    for path in files:
        command = [interpreter.mpy_cross(), f"-march={architecture}", "-o", tmp_path / "out.mpy", path]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{path}: {done.stderr or done.stdout}"


def test_an_architecture_refuses_too_many_locals(tmp_path: Path) -> None:
    names = "".join(f"    x{i} = a + {i}\n" for i in range(300))
    (tmp_path / "many.py").write_text(f"@micropython.viper\ndef f(a: int):\n{names}", encoding="ascii")
    command = [interpreter.mpy_cross(), "-march=armv6m", "-o", tmp_path / "out.mpy", tmp_path / "many.py"]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_words_are_loaded_from_odd_places_only_where_the_processor_can(micropython: Path, tmp_path: Path, architecture: str) -> None:
    """The number of the kind of processor is taken from what the compiler writes, and the module is told that it runs there."""
    (tmp_path / "one.py").write_text("@micropython.viper\ndef f(a: int) -> int:\n    return a\n", encoding="ascii")
    command = [interpreter.mpy_cross(), f"-march={architecture}", "-o", tmp_path / "one.mpy", tmp_path / "one.py"]
    subprocess.run(command, check=True)
    version, features = (tmp_path / "one.mpy").read_bytes()[1:3]
    script = (
        "import sys\nclass Other:\n    class implementation:\n"
        f"        _mpy = {version | features << 8}\n"
        "sys.modules['sys'] = Other\nfrom sealcam.media import words\nprint(words._UNALIGNED)\n"
    )
    environment = {**os.environ, "MICROPYPATH": f"{ROOT / 'device'}:{ROOT / 'protocol'}:.frozen"}
    done = subprocess.run([micropython, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(architecture in ("x86", "x64", "armv7m", "armv7emsp"))
