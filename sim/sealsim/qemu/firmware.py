# SPDX-License-Identifier: Apache-2.0
"""Builds the firmware of boards/qemu_mps2 and keeps it in the user's cache.

It comes from the same source package as the interpreter of the unix board, so both run the same release. The tree with its compiled
interpreter stays in the cache: a change of our Python costs seconds. A firmware is named after the hash of all that went into it, so
one that is found is never out of date, and it gets its name by a rename, so one that has the name is whole.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sealsim import packages
from sealsim.interpreter import InterpreterError, cache_folder, find, locked, sources, tool
from sealsim.interpreter.build import plain, python, run_in, unpack
from sealsim.paths import source_root

_KEPT = 4  # firmwares of other states of the checkout
_PYTHON = ("device", "protocol/sealproto")
_BOARD = "boards/qemu_mps2"
_PORT = f"{_BOARD}/port"
_MAKE_TABLE = "boards/make_table.py"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def firmware(report: packages.Report = _say) -> Path:
    """The firmware of this checkout as an ELF file, built when it is not there. InterpreterError or PackagesError when that cannot be."""
    packages.require(packages.missing("qemu"), report)
    root = source_root()
    archives = sources(report)
    wanted = _digest(root, _inputs(root), [_compiler(), *[path.name for path in archives]])
    folder = cache_folder() / "qemu_mps2"
    found = folder / f"firmware-{wanted}.elf"
    if not found.exists():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with locked(folder / "lock"):
                if not found.exists():  # another process may have built it while this one waited
                    _build(root, archives, folder, found, report)
        except OSError as error:
            raise InterpreterError(f"the firmware cannot be built in {folder}: {error.strerror or error}") from error
    os.utime(found)
    return found


def _build(root: Path, archives: list[Path], folder: Path, found: Path, report: packages.Report) -> None:
    key = _digest(root, [path for path in _inputs(root) if path.is_relative_to(root / _PORT)], [_compiler(), *map(str, archives)])
    if plain(folder):
        elf = _compile(root, archives, folder / "tree", key, folder / "build.log", report)
        _install(elf, found)
    else:  # make does not bear spaces in paths
        with tempfile.TemporaryDirectory(dir="/tmp") as work:
            _install(_compile(root, archives, Path(work) / "tree", key, folder / "build.log", report), found)
    for old in sorted(folder.glob("firmware-*.elf"), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
        old.unlink(missing_ok=True)


def _compile(root: Path, archives: list[Path], tree: Path, key: str, log: Path, report: packages.Report) -> Path:
    """Builds in `tree`, unpacking it first when it is not there or of another kind; returns the ELF file."""
    mark = tree / "sealdock-key"
    fresh = not mark.exists() or mark.read_text(encoding="utf-8") != key
    report(f"Firmware for the Cortex-M3: compiling ({'about 20 s on two cores' if fresh else 'our code only'})")
    if fresh:
        shutil.rmtree(tree, ignore_errors=True)
        shutil.rmtree(tree.parent / "unpacked", ignore_errors=True)
        unpack(archives, tree)
        (tree / "lib/micropython-lib").mkdir(exist_ok=True)
        (tree / "lib/micropython-lib/README.md").touch()
    _copy_project(root, tree / "project")
    build = tree / "build"
    shutil.rmtree(build / "frozen_mpy", ignore_errors=True)  # they are compiled by date, and dates may go back
    board = tree / "project" / _PORT
    compiler = tool("mpy-cross")
    settings = {
        "BOARD": "SEALDOCK",
        "BOARD_DIR": board,
        "BUILD": build,
        "USER_C_MODULES": board / "modules",
        "FROZEN_MANIFEST": board.parent / "manifest.py",
        "MICROPY_MPYCROSS": compiler,
        "MICROPY_MPYCROSS_DEPENDENCY": compiler,
        "CFLAGS_EXTRA": "-Wno-error",
        "PYTHON": python(),
    }
    with open(log, "wb") as output:
        jobs = f"-j{os.cpu_count() or 1}"
        run_in(tree, ["make", "-C", "ports/qemu", jobs, *[f"{name}={value}" for name, value in settings.items()]], output)
    mark.write_text(key, encoding="utf-8")
    return build / "firmware.elf"


def _install(elf: Path, found: Path) -> None:
    draft = found.with_suffix(".new")
    shutil.copy2(elf, draft)
    draft.rename(found)


def _copy_project(root: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    for path in _inputs(root):
        copy = target / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    make = [str(find().path), "-X", "heapsize=4m", str(root / _MAKE_TABLE), "curve25519_table.py"]
    if subprocess.run(make, cwd=target, env={"MICROPYPATH": "device:protocol:.frozen"}, check=False).returncode != 0:
        raise InterpreterError("the tables of the firmware could not be made")


def _inputs(root: Path) -> list[Path]:
    """The files of the checkout that go into the firmware, in a fixed order."""
    found = [path for folder in _PYTHON for path in (root / folder).rglob("*.py")]
    found += [path for path in (root / _BOARD).rglob("*") if path.is_file() and path.suffix != ".md" and "__pycache__" not in path.parts]
    return sorted([*found, root / _MAKE_TABLE])


def _digest(root: Path, files: list[Path], words: list[str]) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for word in words:
        digest.update(word.encode() + b"\0")
    for path in files:
        digest.update(hashlib.sha256(os.fsencode(path.relative_to(root)) + b"\0" + path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _compiler() -> str:
    done = subprocess.run(["arm-none-eabi-gcc", "--version"], capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[0] if done.stdout else ""
