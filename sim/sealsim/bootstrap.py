# SPDX-License-Identifier: Apache-2.0
"""Sets up a checkout: system packages, `.venv` with the project in it, and MicroPython.

`make` runs it before every target, from the checkout, with any Python that is new enough:

    PYTHONPATH=sim python3 -m sealsim.bootstrap [--for test | --for bench]

It changes nothing and needs no network when all is there. Only the standard library may be imported here.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from sealsim import interpreter, packages

VENV = Path(".venv")
STAMP = VENV / "sealdock-setup.json"
PYTHON = VENV / "bin" / "python"
PURPOSES: dict[str, list[str]] = {"run": [], "test": ["test", "qemu"], "bench": ["test", "qemu", "bench"]}  # as packages.NEEDS names them


class BootstrapError(Exception):
    """The checkout cannot be set up; the text is one line for a person."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="sealsim.bootstrap", description=__doc__.splitlines()[0])
    parser.add_argument("--for", dest="purpose", choices=list(PURPOSES), default="run")
    purpose = parser.parse_args().purpose
    try:
        set_up(PURPOSES[purpose])
    except (BootstrapError, interpreter.InterpreterError, packages.PackagesError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("error: interrupted; the next run carries on", file=sys.stderr)
        return 130
    return 0


def set_up(purposes: list[str]) -> None:
    """Brings everything into place; asks for all missing system packages at once."""
    venv_ready = _runs(PYTHON)
    wanted = [*([] if venv_ready else ["venv"]), *purposes]
    packages.require([*packages.missing(*wanted), *interpreter.needs()], _report)
    if not venv_ready:
        _make_venv()
    if _stamp() != _wanted_stamp():
        _install()
    interpreter.find(_report)


def _make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    _call([sys.executable, "-m", "venv", str(VENV)], "the virtual environment could not be made")


def _install() -> None:
    _report("Installing the Python packages of the project into .venv (about a minute the first time)")
    STAMP.unlink(missing_ok=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    # The build backend goes into .venv too: so a moved checkout can be set up again without a network.
    backend = _project()["build-system"]["requires"]
    _call([*pip, *backend], "pip could not fetch the build backend")
    _call([*pip, "--no-build-isolation", "--editable", ".[dev]"], "pip could not install the project")
    STAMP.write_text(_wanted_stamp(), encoding="utf-8")


def _stamp() -> str:
    return STAMP.read_text(encoding="utf-8") if STAMP.exists() else ""


def _wanted_stamp() -> str:
    """What an installation depends on: the packaging tables, and the place of the checkout that it points to."""
    project = _project()
    tables = [project["build-system"], project["project"], project["tool"]["setuptools"]]
    digest = hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()
    return json.dumps({"packaging": digest, "checkout": str(Path.cwd())}, ensure_ascii=False)


def _project() -> dict:
    return tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))


def _runs(python: Path) -> bool:
    if not python.exists():
        return False
    probe = [str(python), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(probe, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def _call(command: list[str], failure: str) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        errors = [line for line in lines if line.lower().startswith("error")] or lines or ["no output"]
        raise BootstrapError(f"{failure}: {errors[0].removeprefix('ERROR: ')}")


def _report(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
