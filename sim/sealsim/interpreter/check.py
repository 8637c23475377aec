# SPDX-License-Identifier: Apache-2.0
"""Whether an interpreter can run the recorder: its version and the parts that the recorder needs."""

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

OLDEST = (1, 24)
NEWEST = (1, 29)
SUPPORTED = "1.24 to 1.29"

# Each part is used, not only looked up: a build can carry a module and lack the mode that we need of it.
_PROBE = """
import sys, json
PARTS = (
("littlefs", "from vfs import VfsLfs2"),
("cryptolib", "import cryptolib\\nassert cryptolib.aes(bytes(16), 2, bytes(16)).encrypt(bytes(16))[:4] == b'f\\\\xe9K\\\\xd4'"),
("sha256", "import hashlib\\nassert hashlib.sha256(b'').digest()[:4] == b'\\\\xe3\\\\xb0\\\\xc4B'"),
("asyncio", "import asyncio\\nasync def f(): await asyncio.sleep_ms(0)\\nasyncio.run(f())"),
("native code", "import micropython\\n@micropython.viper\\ndef f(x: int) -> int: return x + 1\\nassert f(41) == 42"),
)
lacks = []
for name, code in PARTS:
    try:
        exec(code, {})
    except (ImportError, AttributeError, AssertionError, SyntaxError, NameError, ValueError, NotImplementedError):
        lacks.append(name)
print(json.dumps({"name": sys.implementation[0], "version": sys.implementation[1][:3], "lacks": lacks}))
"""


class InterpreterError(Exception):
    """No usable interpreter; the text is one line for a person."""


class Interpreter(NamedTuple):
    """A checked MicroPython. `origin` is environment, path, distribution, cache or built."""

    path: Path
    version: str
    origin: str


def check(path: Path, origin: str) -> Interpreter:
    """Runs the interpreter at `path` and returns it when it is fit; InterpreterError says what it lacks."""
    found = _probe(path)
    version = ".".join(str(part) for part in found["version"])
    if not OLDEST <= tuple(found["version"][:2]) <= NEWEST:
        raise InterpreterError(f"{path} is MicroPython {version}; {SUPPORTED} is needed")
    if found["lacks"]:
        raise InterpreterError(f"{path} (MicroPython {version}) lacks {', '.join(found['lacks'])}")
    return Interpreter(path, version, origin)


def supports(version: str) -> bool:
    """Whether a version such as `1.26.1+ds-1` is one the recorder runs on."""
    parts = version.split(".")
    if len(parts) < 2 or not (parts[0].isdigit() and parts[1].isdigit()):
        return False
    return OLDEST <= (int(parts[0]), int(parts[1])) <= NEWEST


def _probe(path: Path) -> dict:
    # Only frozen modules may answer: what lies in the caller's folder or home must not decide.
    environment = {**os.environ, "MICROPYPATH": ".frozen"}
    try:
        done = subprocess.run(
            [str(path), "-X", "heapsize=1m", "-c", _PROBE],
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=20,
            check=False,
        )
        found = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise InterpreterError(f"{path} does not run as MicroPython") from error
    if not isinstance(found, dict) or found.get("name") != "micropython":
        raise InterpreterError(f"{path} is not MicroPython")
    return found
