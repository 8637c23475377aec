# SPDX-License-Identifier: Apache-2.0
"""Type checks the four packages: `python -m tests.typecheck`.

protocol, host and sim are checked as CPython; protocol, device and each board again as MicroPython, that is with the
additions of `device/typings/`. Each board is checked by itself, since every one has a module named `board`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import mypy

ROOT = Path(__file__).parent.parent
TYPINGS = (ROOT / "device" / "typings", ROOT / "boards" / "typings")
TYPESHED = ROOT / "build" / "typeshed"


def main() -> int:
    make_typeshed(Path(mypy.__file__).parent / "typeshed", TYPESHED)
    codes = [run("cpython", ["protocol", "host", "sim"], ["protocol", "host", "sim"])]
    recorder = ["--custom-typeshed-dir", str(TYPESHED)]
    sources = ["device/sealcam", *[str(path) for path in sorted(Path("device").glob("*.py"))], "protocol", "boards/board.pyi"]
    codes.append(run("recorder", ["device", "protocol", "boards"], [*recorder, *sources]))
    for board in boards():
        codes.append(run(board, [f"boards/{board}", "device", "protocol"], [*recorder, f"boards/{board}"]))
    return max(codes)


def boards() -> list[str]:
    """Folders of `boards/` that hold a board."""
    return sorted(path.parent.name for path in (ROOT / "boards").glob("*/board.py"))


def run(title: str, search: list[str], arguments: list[str]) -> int:
    """One run of mypy with its own search path and cache; prints its output and returns its exit code."""
    command = [sys.executable, "-m", "mypy", "--cache-dir", f".mypy_cache/{title}", *arguments]
    environment = {**os.environ, "MYPYPATH": os.pathsep.join(search)}
    print(f"mypy ({title}): ", end="", flush=True)
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def make_typeshed(base: Path, target: Path) -> None:
    """A copy of the checker's stubs of the standard library with MicroPython's additions."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(base, target)
    for addition in sorted(path for folder in TYPINGS for path in folder.glob("*.pyi")):
        name = addition.stem
        stub = target / "stdlib" / (name.replace(".", "/") + ".pyi")
        package = stub.with_suffix("") / "__init__.pyi"
        stub = package if package.exists() else stub
        if not stub.exists():
            with open(target / "stdlib" / "VERSIONS", "a", encoding="utf-8") as versions:
                versions.write(f"{name}: 3.0-\n")
        with open(stub, "a", encoding="utf-8") as file:
            file.write("\n" + addition.read_text(encoding="utf-8"))


if __name__ == "__main__":
    raise SystemExit(main())
