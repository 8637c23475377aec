# SPDX-License-Identifier: Apache-2.0
"""An interpreter is used only when it is fit, and the order in which one is looked for holds."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sealsim import interpreter
from sealsim.interpreter.check import check, supports
from sealsim.interpreter.find import cache_folder


def program(path: Path, said: object) -> Path:
    """A program that says of itself whatever `said` is, as an interpreter's probe would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{json.dumps(said)}'\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def answer(version: list[int], lacks: tuple[str, ...] = ()) -> dict:
    return {"name": "micropython", "version": version, "lacks": lacks}


def ask(**environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m sealsim.interpreter` in an environment of its own."""
    return subprocess.run(
        [sys.executable, "-m", "sealsim.interpreter"],
        env={"PATH": "/nonexistent", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_interpreter_in_use_is_fit(micropython: Path) -> None:
    found = check(micropython, "cache")
    assert supports(found.version)


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (answer([1, 19, 1]), "is MicroPython 1.19.1; 1.24 to 1.29 is needed"),
        (answer([1, 30, 0]), "is MicroPython 1.30.0; 1.24 to 1.29 is needed"),
        (answer([1, 26, 1], ("littlefs", "native code")), r"lacks littlefs, native code"),
        ({"name": "cpython"}, "is not MicroPython"),
        ([], "is not MicroPython"),
    ],
)
def test_unfit_interpreter_is_refused(tmp_path: Path, said: object, complaint: str) -> None:
    with pytest.raises(interpreter.InterpreterError, match=complaint):
        check(program(tmp_path / "micropython", said), "path")


def test_the_probe_sees_what_is_missing(micropython: Path, tmp_path: Path) -> None:
    # The real interpreter behind a wrapper that takes its asyncio away, by an import path without frozen modules.
    wrapper = tmp_path / "micropython"
    wrapper.write_text(f'#!/bin/sh\nMICROPYPATH=/nonexistent exec "{micropython}" "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    with pytest.raises(interpreter.InterpreterError, match=r"lacks asyncio$"):
        check(wrapper, "path")


@pytest.mark.parametrize(
    ("version", "fit"),
    [("1.24.0", True), ("1.26.1+ds-1", True), ("1.29", True), ("1.23.9", False), ("1.30.0", False), ("2.0", False), ("x", False)],
)
def test_supported_versions(version: str, fit: bool) -> None:
    assert supports(version) is fit


def test_a_named_interpreter_is_used_or_refused_but_never_replaced(micropython: Path, tmp_path: Path) -> None:
    named = ask(MICROPYTHON=str(micropython), HOME=str(tmp_path))
    assert json.loads(named.stdout) == {
        "path": str(micropython),
        "version": check(micropython, "").version,
        "origin": "environment",
    }
    unfit = ask(MICROPYTHON="/bin/false", HOME=str(tmp_path))
    assert (unfit.returncode, unfit.stdout) == (1, "")
    assert unfit.stderr == "error: /bin/false does not run as MicroPython\n"


def test_path_comes_before_the_cache(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "micropython", answer([1, 25, 0]))
    program(tmp_path / ".cache/sealdock/micropython-1.26.1/micropython", answer([1, 26, 1]))
    path = f"{tmp_path}/bin:{os.environ['PATH']}"
    assert json.loads(ask(HOME=str(tmp_path), PATH=path).stdout)["origin"] == "path"


def test_newest_of_the_cache_is_used_by_number_not_by_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(sys.modules["sealsim.interpreter.find"], "_DISTRIBUTION", tmp_path / "absent")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a b 中文"))
    monkeypatch.delenv("MICROPYTHON", raising=False)
    for version in ([1, 26, 9], [1, 26, 10], [1, 31, 0]):
        name = ".".join(map(str, version))
        program(tmp_path / "a b 中文" / "sealdock" / f"micropython-{name}" / "micropython", answer(version))
    found = interpreter.locate()
    assert found is not None
    assert (found.version, found.origin) == ("1.26.10", "cache")


def test_relative_cache_folder_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_folder() == Path.home() / ".cache" / "sealdock"


def test_diagnosis_names_the_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROPYTHON", "/bin/false")
    assert interpreter.diagnose()["error"] == "/bin/false does not run as MicroPython"
