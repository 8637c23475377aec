# SPDX-License-Identifier: Apache-2.0
"""What the recording path costs beside the hash and cipher calls in it, on the unix port, with AES. Seconds of the processor.

docs/decisions/0010-recorder-on-a-cortex-m3.md has what was tried.
"""

import os
import subprocess

from sealsim import interpreter
from tests.bench.forecast import ROOT
from tests.bench.results import Figures
from tests.bench.seal import ON_BOARD, told

_LIMIT_S = 300


def measure() -> Figures:
    environment = {**os.environ, "MICROPYPATH": f"{ROOT / 'device'}:{ROOT / 'protocol'}:.frozen"}
    command = [str(interpreter.find().path), "-X", "heapsize=8m", str(ON_BOARD / "path_unix.py")]
    found = told(subprocess.run(command, capture_output=True, text=True, env=environment, timeout=_LIMIT_S, check=True).stdout)
    return {
        "path.unix.ratio": found["path"] / found["calls"],
        "path.unix.bulk_ratio": found["path"] / found["bulk"],
        "path.unix.leaf_us": found["path"] / 1000,
    }


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:40} {value:.3f}")
