# SPDX-License-Identifier: Apache-2.0
"""Where things are: the recorder's source code, and the user's folders."""

import os
from pathlib import Path

from sealdock.errors import SealdockError


def source_root() -> Path:
    """The checkout that holds device/, protocol/ and boards/: $SEALDOCK_SOURCE, or the one this file is in."""
    named = os.environ.get("SEALDOCK_SOURCE")
    root = Path(named) if named else Path(__file__).resolve().parents[2]
    if not (root / "boards" / "unix" / "board.py").is_file():
        raise SealdockError(f"the simulator needs the recorder's source code, and {root} has none: set SEALDOCK_SOURCE to a checkout")
    if ":" in str(root):
        raise SealdockError(f"the path {root} has a colon, which MicroPython's module path cannot hold")
    return root.resolve()


def cache() -> Path:
    """The user's cache folder for this project; may not exist yet."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "sealdock"
