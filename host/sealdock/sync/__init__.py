# SPDX-License-Identifier: Apache-2.0
"""Taking everything from a docked recorder: records, then media, then the receipt."""

from .dock import ClockReading, Dock, Gone, Status
from .progress import Progress, Quiet
from .run import Result, run_sync

__all__ = ["ClockReading", "Dock", "Gone", "Progress", "Quiet", "Result", "Status", "run_sync"]
