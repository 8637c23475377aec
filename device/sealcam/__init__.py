# SPDX-License-Identifier: Apache-2.0
"""The recorder's application. `device/main.py` starts it; `boards/board.pyi` is all it knows of its hardware."""

FIRMWARE = "0.1.0"  # signed into genesis and every boot
