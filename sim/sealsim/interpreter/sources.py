# SPDX-License-Identifier: Apache-2.0
"""Fetches a source package, MicroPython's above all, from the distribution's mirror, as any user, without touching apt's state.

apt checks everything: the release file's signature against the installed archive keyring, and through it the
SHA-256 of the index and of every file of the package.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from sealsim.interpreter.check import SUPPORTED, InterpreterError, supports
from sealsim.interpreter.mirrors import Mirror, mirrors
from sealsim.packages import Report, reason

# The development release has the newest; the stable one is the fallback when that is beyond what we support.
SUITES = ("sid", "trixie")


def fetch(folder: Path, report: Report) -> tuple[str, list[Path]]:
    """Downloads into `folder` (an empty one, whose path has no spaces) and returns the version and the files."""
    if shutil.which("apt-get") is None:
        raise InterpreterError(f"MicroPython {SUPPORTED} is not installed and there is no apt-get to fetch its sources with")
    try:
        return fetch_package("micropython", folder, report, supports)
    except InterpreterError as error:
        raise InterpreterError(f"MicroPython {SUPPORTED} is not installed and its sources could not be fetched: {error}") from error


def fetch_package(package: str, folder: Path, report: Report, fit: Callable[[str], bool] = lambda version: True) -> tuple[str, list[Path]]:
    """The same for any source package, of the first release whose version is fit."""
    causes = ["apt knows no mirror of the distribution"]
    for mirror in mirrors():
        for suite in SUITES:
            apt = _Apt(package, folder / f"apt-{suite}", mirror, suite)
            try:
                version = apt.version(fit)
                report(f"{package}: fetching the sources of {version} from the distribution ({suite})")
                return version, apt.download(folder)
            except InterpreterError as error:
                causes.append(str(error))
            finally:
                apt.remove()
    raise InterpreterError(causes[-1])


class _Apt:
    """One apt with its own lists and cache, that knows a single suite of a single mirror."""

    def __init__(self, package: str, folder: Path, mirror: Mirror, suite: str) -> None:
        self._package = package
        self._folder = folder
        for name in ("lists/partial", "cache/archives/partial", "parts"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        option = f"[signed-by={self._keyring(mirror)}] " if mirror.signed_by else ""
        self._list = folder / "sources.list"
        self._list.write_text(f"deb-src {option}{mirror.uri} {suite} main\n", encoding="utf-8")

    def _keyring(self, mirror: Mirror) -> str:
        if not mirror.signed_by.startswith("-----BEGIN"):
            return mirror.signed_by
        key = self._folder / "mirror.asc"
        key.write_text(mirror.signed_by + "\n", encoding="utf-8")
        return str(key)

    def version(self, fit: Callable[[str], bool]) -> str:
        """The source package's version, such as 1.26.1+ds-1."""
        self._run("update")
        uris = self._run("--print-uris", "source", self._package).stdout
        prefix = f"{self._package}_"
        names = [word for word in uris.split() if word.startswith(prefix) and word.endswith(".dsc")]
        version = names[0].removeprefix(prefix).removesuffix(".dsc") if names else "unknown"
        if not fit(version):
            raise InterpreterError(f"the distribution offers version {version}")
        return version

    def download(self, folder: Path) -> list[Path]:
        self._run("--download-only", "source", self._package, cwd=folder)
        return sorted(folder.glob(f"{self._package}_*"))

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        options = {
            "Dir::Etc::sourcelist": self._list,
            "Dir::Etc::sourceparts": self._folder / "parts",
            "Dir::State::lists": self._folder / "lists",
            "Dir::Cache": self._folder / "cache",
            "Acquire::Languages": "none",
            "APT::Update::Error-Mode": "any",  # an unsigned or unreachable release is an error, not a warning
        }
        if os.geteuid() == 0:
            options["APT::Sandbox::User"] = "root"  # apt's own user may not enter root's cache folder
        command = ["apt-get", "-q"]
        for name, value in options.items():
            command += ["-o", f"{name}={value}"]
        done = subprocess.run(
            [*command, *arguments],
            cwd=cwd,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise InterpreterError(reason(done.stderr))
        return done
