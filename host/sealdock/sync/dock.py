# SPDX-License-Identifier: Apache-2.0
"""What the station asks of a docked recorder, whatever brings the answers: the line, or a test's double."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sealdock.archive.media import Segment
from sealdock.errors import SealdockError


@dataclass(frozen=True)
class Status:
    """What an authenticated recorder says of its chain. `first` is the lowest sequence number from which it holds all records."""

    chain: bytes
    head_seq: int
    head_hash: bytes
    first: int = 0


@dataclass(frozen=True)
class ClockReading:
    """The recorder's clock against the station's: `recorder` is UTC in ms or None when unset; `offset` = recorder - station; both ms.

    The truth lies within `uncertainty` of the offset: half of the fastest round trip that was measured.
    """

    station: int
    recorder: int | None
    offset: int | None
    uncertainty: int


class Gone(SealdockError):
    """The recorder no longer has what was asked for: a freed slot, a card that was taken out or fails, a file that was dropped."""


class Superseded(SealdockError):
    """The recorder holds a receipt that came after this one."""


class ClockFailed(SealdockError):
    """The recorder's clock does not answer, or flash has no room to sign what it was. What was recorded can be taken all the same."""


class Dock(Protocol):
    """An authenticated recorder at the other end. Any method raises SealdockError with exit code 4 when the link breaks."""

    def status(self) -> Status:
        """The chain's head as it is now."""

    def records(self, first: int, last: int) -> Sequence[bytes]:
        """Complete tagged records from `first` on, as many as come at once, at least one and none after `last`. Gone."""

    def leaves(self, wanted: Sequence[tuple[Segment, int]]) -> Iterator[tuple[Segment, bytes]]:
        """Stored leaves of sealed segments, each from an index on to its last, in this order.

        Gone when the turn of a segment comes that the recorder does not have; what was asked for after it is then skipped.
        """

    def tail(self, segment: Segment, slot: int, leaves: int) -> Sequence[tuple[bytes, bytes]]:
        """(trailer sector, stored leaf) for each leaf of an unsealed segment. Gone."""

    def clock(self) -> ClockReading:
        """Measures the recorder's clock."""

    def set_clock(self, reading: ClockReading, drift_ppb: int | None) -> None:
        """Sets it; the recorder signs what its clock was before. ClockFailed."""

    def put_receipt(self, raw: bytes) -> None:
        """Hands a receipt over; the recorder appends a record of it. Superseded."""
