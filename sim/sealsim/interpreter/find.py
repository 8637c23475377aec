# SPDX-License-Identifier: Apache-2.0
"""Where the interpreter comes from, in this order:

1. `$MICROPYTHON`, which must be fit: whoever sets it wants that one and no other;
2. `micropython` on PATH;
3. the distribution's package, installed by it or (as root) by us;
4. the user's cache;
5. built from the distribution's source package into that cache.
"""

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sealsim import packages
from sealsim.interpreter.build import build
from sealsim.interpreter.check import Interpreter, InterpreterError, check, supports

_DISTRIBUTION = Path("/usr/bin/micropython")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def locate() -> Interpreter | None:
    """The interpreter that is ready on this machine, or None. InterpreterError when `$MICROPYTHON` is unfit."""
    named = os.environ.get("MICROPYTHON")
    if named:
        path = shutil.which(named)
        if path is None:
            raise InterpreterError(f"$MICROPYTHON is {named}, and there is no such program")
        return check(Path(path).absolute(), "environment")
    on_path = shutil.which("micropython")
    fit = _fit(Path(on_path).absolute(), "path") if on_path else None
    return fit or _fit(_DISTRIBUTION, "distribution") or _cached()


def find(report: packages.Report = _say) -> Interpreter:
    """The interpreter, installed or built when there is none. `report` gets the lines of progress.

    InterpreterError or PackagesError, each one clear line, when there is no way to one.
    """
    return locate() or _from_distribution(report) or _built(report)


def needs() -> list[str]:
    """System packages without which `find` cannot succeed on this machine; none when an interpreter is ready."""
    if locate() is not None:
        return []
    return ["micropython"] if _distribution_offers() else packages.missing("build")


def mpy_cross(report: packages.Report = _say) -> Path:
    """The compiler to .mpy files, built with the interpreter in the cache; no distribution packages one."""
    found = _cached_tool("mpy-cross")
    if found is None:
        _built(report)
    return found or tool("mpy-cross")


def tool(name: str) -> Path:
    """A program of the cache, after mpy_cross() made sure that it is there."""
    found = _cached_tool(name)
    if found is None:
        raise InterpreterError(f"there is no {name} in {cache_folder()}")
    return found


def sources(report: packages.Report = _say) -> list[Path]:
    """The files of MicroPython's source package, as they were fetched when the interpreter was built."""
    return sorted((mpy_cross(report).parent / "source").iterdir())


def diagnose() -> dict[str, str | None]:
    """What `sealdock doctor` shows; never installs and never raises."""
    try:
        found = locate()
    except InterpreterError as error:
        return {"path": None, "version": None, "origin": None, "error": str(error)}
    if found is None:
        return {"path": None, "version": None, "origin": None, "error": "not set up yet"}
    return {"path": str(found.path), "version": found.version, "origin": found.origin}


def cache_folder() -> Path:
    """`sealdock` in the user's cache folder (XDG base directories: a relative XDG_CACHE_HOME is ignored)."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "sealdock"


def _fit(path: Path, origin: str) -> Interpreter | None:
    if not path.exists():
        return None
    try:
        return check(path, origin)
    except InterpreterError:
        return None


def _cached() -> Interpreter | None:
    path = _cached_tool("micropython")
    return _fit(path, "cache") if path else None


def _cached_tool(name: str) -> Path | None:
    paths = [path for path in cache_folder().glob(f"micropython-*/{name}") if supports(_version(path))]
    return max(paths, key=lambda path: [int(part) for part in _version(path).split(".") if part.isdigit()], default=None)


def _version(path: Path) -> str:
    return path.parent.name.removeprefix("micropython-")


def _from_distribution(report: packages.Report) -> Interpreter | None:
    if os.geteuid() != 0 or not _distribution_offers():
        return None
    packages.require(["micropython"], report)
    return _fit(_DISTRIBUTION, "distribution")


def _distribution_offers() -> bool:
    # One that is installed was looked at before; that it is still wanted means that it is not fit.
    return not _DISTRIBUTION.exists() and supports(packages.candidate("micropython"))


def _built(report: packages.Report) -> Interpreter:
    packages.require(packages.missing("build"), report)
    cache = cache_folder()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with locked(cache / "lock"):
            # Another process may have built it while this one waited.
            found = None if _cached_tool("mpy-cross") is None else _cached()
            return found or check(build(cache, report) / "micropython", "built")
    except OSError as error:
        raise InterpreterError(f"MicroPython cannot be built in {cache}: {error.strerror or error}") from error


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time."""
    with open(path, "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
