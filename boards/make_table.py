# SPDX-License-Identifier: Apache-2.0
"""Makes the module `curve25519_table` for a firmware: `python boards/make_table.py TABLE.PY TARGET`.

The table of Ed25519's base point is always the same 24 KiB. Computed on the recorder it takes seconds and RAM; frozen it lies in
flash. The first argument is device/sealcam/curve25519/table.py, which runs anywhere.
"""

import runpy
import sys
from pathlib import Path


def main() -> int:
    source, target = sys.argv[1:]
    table = runpy.run_path(source)["build"]()
    Path(target).write_text(f"# Made by boards/make_table.py\nTABLE = {table!r}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
