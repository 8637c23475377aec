# SPDX-License-Identifier: Apache-2.0
"""Runs before main.py on hardware: closes the console's interrupt key, so that nobody on the line can stop the recorder."""

import micropython

micropython.kbd_intr(-1)
