# SPDX-License-Identifier: Apache-2.0
"""The parts of this board, one file a part. Only ../board.py puts them together."""
