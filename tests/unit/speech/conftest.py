# SPDX-License-Identifier: Apache-2.0
"""Lets CPython import the recorder's pure code, which is not installed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "device"))
