# SPDX-License-Identifier: Apache-2.0
"""The parts of the board, one file each. `import machine` and `import rp2` stay in board.py and in the files that need their constants."""
