# SPDX-License-Identifier: Apache-2.0
"""Builds MicroPython's unix port and mpy-cross from the distribution's source package.

MicroPython's makefiles do not bear spaces, so the build runs in a folder with a plain path; only the results are
moved into the cache, whole or not at all.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from sealsim.interpreter.check import InterpreterError, check
from sealsim.interpreter.sources import fetch
from sealsim.packages import Report

_PLAIN = re.compile(r"[A-Za-z0-9/._+-]+")
_MANIFEST = 'include("$(MPY_DIR)/extmod/asyncio")\n'


def build(cache: Path, report: Report) -> Path:
    """Fetches, compiles and checks; returns the new folder `cache/micropython-<version>`. The caller holds the lock."""
    for remains in [*cache.glob("build-*"), *cache.glob("stage-*")]:
        shutil.rmtree(remains, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix="build-", dir=_plain_parent(cache)))
    try:
        version, files = fetch(work, report)
        tree = unpack(files, work / "source")
        report(f"MicroPython: compiling {version} (about 15 s on two cores)")
        compile_port(tree, work, cache / "build.log")
        return _install(cache, version.split("+")[0].split("-")[0], tree, files)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def unpack(files: list[Path], tree: Path) -> Path:
    """Unpacks the source package into `tree` and applies the distribution's patches."""
    upper = tree.parent / "unpacked"
    for path in files:
        if ".orig.tar" in path.name:
            _extract(path, upper)
            next(upper.iterdir()).rename(tree)
    for path in files:
        if ".debian.tar" in path.name:
            _extract(path, tree)
    series = (tree / "debian/patches/series").read_text(encoding="utf-8")
    for name in [line.split()[0] for line in series.splitlines() if line.strip() and not line.startswith("#")]:
        with open(tree / "debian/patches" / name, "rb") as patch:
            run_in(tree, ["patch", "-p1", "-s", "-f"], None, stdin=patch)
    return tree


def compile_port(tree: Path, work: Path, log: Path) -> None:
    """Builds mpy-cross and the unix port inside `tree`; the compiler's output goes to `log`."""
    manifest = work / "manifest.py"
    manifest.write_text(_MANIFEST, encoding="utf-8")
    common = [f"-j{os.cpu_count() or 1}", "CFLAGS_EXTRA=-Wno-error", f"PYTHON={python()}"]
    port = ["MICROPY_PY_BTREE=0", "MICROPY_SSL_AXTLS=0", "MICROPY_SSL_MBEDTLS=1", f"FROZEN_MANIFEST={manifest}"]
    with open(log, "wb") as output:
        run_in(tree, ["make", "-C", "mpy-cross", *common], output)
        run_in(tree, ["make", "-C", "ports/unix", *common, *port], output)


def _install(cache: Path, version: str, tree: Path, files: list[Path]) -> Path:
    """Moves the results into the cache by one rename, once the interpreter is known to be fit."""
    stage = Path(tempfile.mkdtemp(prefix="stage-", dir=cache))
    shutil.copy2(tree / "ports/unix/build-standard/micropython", stage / "micropython")
    shutil.copy2(tree / "mpy-cross/build/mpy-cross", stage / "mpy-cross")
    (stage / "source").mkdir()
    for path in files:  # kept for firmware builds without a network
        shutil.copy2(path, stage / "source" / path.name)
    check(stage / "micropython", "built")
    target = cache / f"micropython-{version}"
    if target.exists():  # one that no longer runs, or it would have been used
        target.rename(stage / "replaced")
    stage.chmod(0o755)
    stage.rename(target)
    shutil.rmtree(target / "replaced", ignore_errors=True)
    return target


def _plain_parent(cache: Path) -> Path:
    for folder in (cache, Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):
        if plain(folder) and os.access(folder, os.W_OK | os.X_OK):
            return folder
    raise InterpreterError("no folder to build MicroPython in: the paths of the cache and of /tmp are not usable")


def plain(folder: Path) -> bool:
    """Whether makefiles bear this path."""
    return _PLAIN.fullmatch(str(folder)) is not None


def python() -> str:
    """A Python for makefiles, whose path has no spaces."""
    real = os.path.realpath(sys.executable)
    return real if plain(Path(real)) else "python3"


def _extract(archive: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with tarfile.open(archive) as tar:
        if hasattr(tarfile, "tar_filter"):
            tar.extractall(folder, filter="tar")
        else:  # early 3.11 has no filters; apt has checked the archive's hash against a signed index
            tar.extractall(folder)


def run_in(folder: Path, command: list[str], output: object, stdin: object = subprocess.DEVNULL) -> None:
    """One step of a build. InterpreterError names the log when it fails."""
    # A surrounding make hands its own flags on, and a surrounding git checkout its version: neither belongs here.
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR")}
    environment = {**kept, "LC_ALL": "C.UTF-8", "GIT_DIR": str(folder / "no-git")}
    done = subprocess.run(command, cwd=folder, env=environment, stdin=stdin, stdout=output, stderr=output, check=False)  # type: ignore[call-overload]
    if done.returncode != 0:
        where = f"; see {output.name}" if hasattr(output, "name") else ""
        raise InterpreterError(f"building MicroPython failed in `{' '.join(command[:3])}`{where}")
