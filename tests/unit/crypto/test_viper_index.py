# SPDX-License-Identifier: Apache-2.0
"""Guards viper code against a code generator that spoils index variables.

MicroPython's Thumb code generator (1.26 at least) shifts the index register of a ptr16 or ptr32 access in place. When the index is a
bare local that lives in a register, that local is destroyed. The first two locals do on Thumb, the first three elsewhere.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
IN_REGISTERS = 3
WIDE = {"ptr16", "ptr32"}


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


def test_no_index_is_spoiled() -> None:
    files = [*ROOT.glob("device/**/*.py"), *ROOT.glob("protocol/**/*.py")]
    assert any(viper_functions(ast.parse(file.read_text(encoding="utf-8"))) for file in files)
    assert {str(file): spoiled(file.read_text(encoding="utf-8")) for file in files if spoiled(file.read_text(encoding="utf-8"))} == {}


def test_the_guard_sees_the_fault() -> None:
    fault = "@micropython.viper\ndef f(w: ptr32, n: int):\n    i = 0\n    while i < n:\n        w[i] = 1\n        i += 1\n"
    assert spoiled(fault) == ["f line 5: w[i]"]
    assert spoiled(fault.replace("w[i] = 1", "w[i + 1] = 1")) == []
    assert spoiled(fault.replace("n: int", "n: int, m: int")) == []
