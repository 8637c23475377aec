# SPDX-License-Identifier: Apache-2.0
"""The parts of the simulated recorder, one file a part. Only ../board.py puts them together."""
