# SPDX-License-Identifier: Apache-2.0
"""Made with `python -m sealdock.prompts.firmware FILE.py` and frozen."""

DATA: bytes
