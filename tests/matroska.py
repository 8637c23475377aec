# SPDX-License-Identifier: Apache-2.0
"""The recorder's own Matroska writer, for tests on this side: its file runs under CPython too, its package does not."""

import importlib.util
from pathlib import Path

_PATH = Path(__file__).parent.parent / "device" / "sealcam" / "media" / "matroska.py"
_spec = importlib.util.spec_from_file_location("recorder_matroska", _PATH)
assert _spec and _spec.loader
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

Writer = _module.Writer
AUDIO, VIDEO = _module.AUDIO, _module.VIDEO
