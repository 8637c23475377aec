# SPDX-License-Identifier: Apache-2.0
"""`make torture`, or some of it: python -m tests.faults [NAME ...] [--size N] [--out FILE]. Writes build/torture.json, one flat object.

Figures of campaigns that do not run now stay in the file. Exit code 1 when one broke, or when a control was not found out.
"""

import argparse
import importlib
import json
import sys
import time
from pathlib import Path
from types import ModuleType

from tests.faults import Broken

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """All campaigns: whoever adds a file campaign_NAME.py adds one."""
    return sorted(path.stem.removeprefix("campaign_") for path in FOLDER.glob("campaign_*.py"))


def campaign(name: str) -> ModuleType:
    return importlib.import_module(f"tests.faults.campaign_{name}")


def controlled(module: ModuleType) -> int:
    """How many faults put in on purpose were found out; Broken when one was not."""
    for number, control in enumerate(module.CONTROLS):
        try:
            control()
        except Broken:
            continue
        raise Broken(f"{module.__name__}: the fault of control {number} was not found")
    return len(module.CONTROLS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.faults", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[[], *names()], metavar="NAME", help=f"one of {', '.join(names())}; else all")
    parser.add_argument("--size", type=int, default=None, help="instead of each campaign's own")
    parser.add_argument("--out", type=Path, default=Path("build/torture.json"))
    asked = parser.parse_args()
    figures = json.loads(asked.out.read_text()) if asked.out.exists() else {}
    broken = 0
    for name in asked.names or names():
        broken += _one(name, asked.size, figures)
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(json.dumps(dict(sorted(figures.items())), indent=1) + "\n")
    return 1 if broken else 0


def _one(name: str, size: int | None, figures: dict) -> bool:
    module = campaign(name)
    begun = time.monotonic()
    try:
        figures[f"{name}.controls"] = controlled(module)
        figures.update(module.run(module.SIZE if size is None else size))
        figures[f"{name}.broken"] = 0
        figures[f"{name}.run_s"] = round(time.monotonic() - begun, 1)
    except Broken as error:
        figures[f"{name}.broken"] = 1
        print(f"{name}: BROKEN: {error}", flush=True)
        return True
    print(f"{name}: {', '.join(f'{key}={value}' for key, value in figures.items() if key.startswith(name + '.'))}", flush=True)
    return False


if __name__ == "__main__":
    sys.exit(main())
