# SPDX-License-Identifier: Apache-2.0
"""A docked recorder at the other end of a line: the questions of a sync as requests of the link."""

from collections.abc import Iterator, Sequence

from sealdock.archive.intake import MAX_UTC
from sealdock.archive.media import Segment, leaf_count
from sealdock.clock import settable_ms
from sealdock.errors import SealdockError
from sealdock.link import Client, RecorderError
from sealdock.station import now_ms
from sealdock.text import say
from sealproto import limits, messages

from .dock import ClockFailed, ClockReading, Gone, Status, Superseded
from .objects import put

_ROUNDS = 5  # of the clock's measurement; the fastest counts


class LineDock:
    """Implements Dock over a client that `enrol.dock` authenticated."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def status(self) -> Status:
        answer = self.client.request(messages.STATUS)
        if answer["chain"] is None or answer["head_seq"] is None:
            raise SealdockError(say("not-enrolled", port=self.client.line.url))
        if answer["chain"] != self.client.chain:  # or it could bring another recorder into disrepute
            raise SealdockError(say("link-broken", port=self.client.line.url, why="the recorder speaks of another one's chain"))
        return Status(answer["chain"], answer["head_seq"], answer["head_hash"], answer["first_seq"] or 0)

    def records(self, first: int, last: int) -> Sequence[bytes]:
        try:
            answer = self.client.request(messages.RECORDS, **{"from": first, "bytes": limits.RECORDS_MAX})
        except RecorderError as error:
            raise _gone(error) from error
        found: list[bytes] = answer["records"][: last + 1 - first]
        if not found or not all(isinstance(raw, bytes) for raw in found):
            raise Gone(say("records-missing", first=first))
        return found

    def leaves(self, wanted: Sequence[tuple[Segment, int]]) -> Iterator[tuple[Segment, bytes]]:
        segments = {segment.seq: segment for segment, _ in wanted}
        expected = {segment.seq: first for segment, first in wanted}
        asked = ((segment.seq, first, leaf_count(segment) - first) for segment, first in wanted)
        try:
            for leaf in self.client.leaves(asked):
                if expected.get(leaf.place) != leaf.index:
                    raise self._out_of_turn()
                expected[leaf.place] += 1
                yield segments[leaf.place], leaf.data
        except RecorderError as error:
            raise _gone(error) from error

    def tail(self, segment: Segment, slot: int, leaves: int) -> Sequence[tuple[bytes, bytes]]:
        found: list[tuple[bytes, bytes]] = []
        try:
            for leaf in self.client.tails([(slot, 0, leaves)]):
                if (leaf.place, leaf.index) != (slot, len(found)) or len(found) == leaves:
                    raise self._out_of_turn()
                found.append((leaf.trailer, leaf.data))
        except RecorderError as error:
            raise _gone(error) from error
        return found

    def _out_of_turn(self) -> SealdockError:
        return SealdockError(say("link-broken", port=self.client.line.url, why="a leaf out of turn"))

    def clock(self) -> ClockReading:
        return min((self._read_clock() for _ in range(_ROUNDS)), key=lambda reading: reading.uncertainty)

    def _read_clock(self) -> ClockReading:
        before = now_ms()
        recorder = self.client.request(messages.TIME)["utc"]
        after = now_ms()
        if recorder is not None and recorder > MAX_UTC:
            recorder = None  # no calendar has it: as good as unset
        middle = (before + after) // 2
        return ClockReading(middle, recorder, None if recorder is None else recorder - middle, (after - before + 1) // 2)

    def set_clock(self, reading: ClockReading, drift_ppb: int | None) -> None:
        utc = settable_ms() + reading.uncertainty
        try:
            self.client.request(messages.SET_CLOCK, utc=utc, uncertainty_ms=reading.uncertainty + 1, drift_ppb=drift_ppb)
        except RecorderError as error:
            if error.code == messages.STORAGE:
                raise ClockFailed(str(error)) from error
            raise

    def put_receipt(self, raw: bytes) -> None:
        try:
            put(self.client, messages.PUT_RECEIPT, raw)
        except RecorderError as error:
            if error.code == messages.STALE:
                raise Superseded(str(error)) from error
            raise


def _gone(error: RecorderError) -> SealdockError:
    return Gone(str(error)) if error.code in (messages.NOT_HELD, messages.STORAGE) else error
