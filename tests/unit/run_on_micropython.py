# SPDX-License-Identifier: Apache-2.0
"""Runs the test functions of one file under MicroPython: `micropython run_on_micropython.py FILE`.

Prints `ok NAME` or `FAIL NAME` with the traceback for each function, then `done COUNT`; the exit code is 1 when one failed.
A file that dies in the middle prints no `done`, so nothing can be lost unseen.
"""

import gc
import sys


def run(path: str) -> int:
    folder, name = path.rsplit("/", 1)
    sys.path.insert(0, folder)
    tests = vars_of(__import__(name[: -len(".py")]))
    failed = 0
    for title in tests:
        gc.collect()
        try:
            tests[title]()
        except Exception as error:  # noqa: BLE001 - a test may fail in any way, and each must be reported
            failed += 1
            print("FAIL", title)
            sys.print_exception(error, sys.stdout)
        else:
            print("ok", title)
    print("done", len(tests))
    return 1 if failed else 0


def vars_of(module) -> dict:
    return {title: getattr(module, title) for title in sorted(dir(module)) if title.startswith("test_")}


sys.exit(run(sys.argv[1]))
