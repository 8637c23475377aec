# SPDX-License-Identifier: Apache-2.0
"""A docked recorder without a line: answers what a station asks from a ChainBuilder's chain.

    >>> builder = ChainBuilder(); builder.boot(); builder.open_session(); builder.segment(b"x" * 50_000)
    >>> run_sync(station, RecorderDouble(builder))

An attack is an edit of the builder's lists; `breaks_after` pulls the cable after so many answers and leaves.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from tests.chainbuilder import ChainBuilder

from sealdock.archive.media import Segment
from sealdock.errors import ExitCode, SealdockError
from sealdock.sealing import leaves as cut
from sealdock.sync.dock import ClockReading, Gone, Status, Superseded
from sealproto import cose, objects
from sealproto import records as rec

RECORDS_AT_ONCE = 7


class CablePulled(SealdockError):
    exit_code = ExitCode.PARTIAL


class RecorderDouble:
    """Implements sealdock.sync.dock.Dock. `asked` lists what was asked, in order."""

    def __init__(self, builder: ChainBuilder, breaks_after: int | None = None, offset: int | None = 0) -> None:
        self.builder = builder
        self.breaks_after = breaks_after
        self.offset = offset
        self.asked: list[tuple] = []
        self.first = 0

    def _step(self, *what: object) -> None:
        self.asked.append(what)
        if self.breaks_after is not None:
            if self.breaks_after == 0:
                raise CablePulled("the cable was pulled")
            self.breaks_after -= 1

    def status(self) -> Status:
        self._step("status")
        records = self.builder.records
        return Status(self.builder.chain, len(records) - 1, sha256(records[-1]).digest(), self.first)

    def records(self, first: int, last: int) -> Sequence[bytes]:
        self._step("records", first)
        if first < self.first:
            raise Gone("not held")
        return self.builder.records[first : min(last + 1, first + RECORDS_AT_ONCE)]

    def leaves(self, wanted: Sequence[tuple[Segment, int]]) -> Iterator[tuple[Segment, bytes]]:
        for segment, first in wanted:
            if segment.seq not in self.builder.stored:
                raise Gone("not held")
            for index, leaf in enumerate(cut(self.builder.stored[segment.seq])[first:], first):
                self._step("leaf", segment.seq, index)
                yield segment, leaf

    def tail(self, segment: Segment, slot: int, leaves: int) -> Sequence[tuple[bytes, bytes]]:
        self._step("tail", segment.seq)
        return self.builder.tail_leaves[:leaves]

    def clock(self) -> ClockReading:
        self._step("clock")
        now = self.builder.utc
        return ClockReading(now, None if self.offset is None else now + self.offset, self.offset, 5)

    def set_clock(self, reading: ClockReading, drift_ppb: int | None) -> None:
        self._step("set-clock")
        station = self.builder.bureau.station.kid
        self.builder.record(
            rec.CLOCK_SET, before=reading.recorder, after=reading.station, uncertainty_ms=reading.uncertainty,
            drift_ppb=drift_ppb, station=station,
        )  # fmt: skip
        self.offset = 0

    def put_receipt(self, raw: bytes) -> None:
        self._step("put-receipt", objects.read(cose.RECEIPT, raw)[1]["counter"])
        if raw in self.builder.receipts:
            return
        if objects.read(cose.RECEIPT, raw)[1]["counter"] <= len(self.builder.receipts):
            raise Superseded("older than what is held")
        self.builder.receipts.append(raw)
        self.builder.record(rec.RECEIPT, receipt=raw)
