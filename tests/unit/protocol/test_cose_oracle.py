# SPDX-License-Identifier: Apache-2.0
"""Independent COSE libraries accept what we sign. They live in an environment of their own in the user's cache."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests import golden

ORACLES = ["pycose==1.1.0", "cwt==3.3.0", "cbor2<6"]


@pytest.fixture(scope="module")
def oracle_python() -> Path:
    """The interpreter of the oracles' environment; made once (needs the network then), kept for later runs."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sealdock"
    key = hashlib.sha256(" ".join([*ORACLES, sys.version]).encode()).hexdigest()[:12]
    folder = cache / f"cose-oracles-{key}"
    python = folder / "bin" / "python"
    ready = folder / "ready"
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-input", *ORACLES], check=True)
        ready.touch()
    return python


def test_pycose_and_cwt_verify_every_golden_object(oracle_python: Path) -> None:
    script = Path(__file__).with_name("oracle_check.py")
    done = subprocess.run([oracle_python, script, golden.PATH], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == f"ok {len(golden.examples())}", done.stderr[-2000:]
