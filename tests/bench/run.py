# SPDX-License-Identifier: Apache-2.0
"""`make bench`: measures the recorder on the simulated Cortex-M3 and on the unix port, and the line, and writes build/bench.json.

One part after the other; what a part found is printed and kept at once. A part that fails costs its own figures only, and the exit code.
"""

import sys
from collections.abc import Callable
from functools import partial
from types import ModuleType

from sealdock.errors import SealdockError
from sealsim import qemu
from sealsim.interpreter import InterpreterError
from sealsim.packages import PackagesError
from tests.bench import boot, forecast, heap, host, line, link, path, path_unix, reference, results, seal, sizes, sound, start, tones

_ON_BOARD = (seal, path, heap, boot, sound, link, start)


def main() -> int:
    try:
        firmware = qemu.firmware(_say)
    except (InterpreterError, PackagesError, SealdockError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    parts: list[tuple[str, Callable[[], results.Figures]]] = [("reference", partial(reference.measure, _say))]
    parts += [(_name(module), module.measure) for module in (host, path_unix, line, sizes, tones, forecast)]
    parts += [(_name(module), partial(module.measure, firmware)) for module in _ON_BOARD]
    return 0 if all([_measured(name, measure) for name, measure in parts]) else 1


def _measured(name: str, measure: Callable[[], results.Figures]) -> bool:
    """Whether a part could be measured; its figures are printed and kept."""
    try:
        figures = measure()
    except Exception as error:  # noqa: BLE001 - whatever fails in one part, the others are measured
        print(f"error: {name}: {type(error).__name__}: {' '.join(str(error).split())}", file=sys.stderr, flush=True)
        return False
    results.merge(figures)
    for figure, value in sorted(figures.items()):
        print(f"{figure:40} {value if isinstance(value, str) or value is None else round(value, 3)}", flush=True)
    return True


def _name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
