# SPDX-License-Identifier: Apache-2.0
"""`python -m sealsim.interpreter`: finds or builds the interpreter and prints where it is, as JSON."""

import json
import sys

from sealsim.interpreter import InterpreterError, find
from sealsim.packages import PackagesError


def main() -> int:
    try:
        found = find()
    except (InterpreterError, PackagesError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(json.dumps({"path": str(found.path), "version": found.version, "origin": found.origin}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
