# SPDX-License-Identifier: Apache-2.0
"""`make bench`: measures the recorder on the simulated Cortex-M3 and on the unix port, and the line, and writes build/bench.json."""

import sys

from sealdock.errors import SealdockError
from sealsim import qemu
from sealsim.interpreter import InterpreterError
from sealsim.packages import PackagesError
from tests.bench import boot, forecast, heap, host, line, link, path, reference, results, seal, sizes, sound, tones


def main() -> int:
    try:
        firmware = qemu.firmware(_say)
        figures = (
            host.measure()
            | seal.measure(firmware)
            | path.measure(firmware)
            | heap.measure(firmware)
            | boot.measure(firmware)
            | sound.measure(firmware)
            | reference.measure(_say)
            | link.measure(firmware)
            | line.measure()
            | sizes.measure()
            | tones.measure()
            | forecast.measure()
        )
    except (InterpreterError, PackagesError, SealdockError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    results.merge(figures)
    for name, value in sorted(figures.items()):
        print(f"{name:40} {value if isinstance(value, str) or value is None else round(value, 3)}")
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
