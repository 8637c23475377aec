# SPDX-License-Identifier: Apache-2.0
"""One sync: the order of things, and what survives when it breaks.

1. head: a chain that contradicts the archive is refused (branches.py);
2. clock: measured, noted, and set when it is unset or off by more than the measurement can tell; a dead one stops nothing;
3. records: each batch verified, synced and indexed before the next is asked for;
4. media: leaf by leaf into a partial file, whole segments checked against their signed root, synced, indexed;
5. receipt: logged, signed, handed over; then the recorder's own record of it.
Whatever breaks in between, what was indexed stays, and the next run goes on from there. Nothing is ever stated in a receipt that was
not synced before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sealdock.archive import intake, media, receipts
from sealdock.archive.media import MediaError, Segment, leaf_count
from sealdock.card.settle import Outcome
from sealdock.card.staged import settle_staged
from sealdock.chain import ChainError
from sealdock.errors import ExitCode, SealdockError
from sealdock.sealing import NotForUs
from sealdock.station import Station, now_ms
from sealdock.text import say
from sealproto import records as rec
from sealproto.merkle import LEAF_BYTES

from . import branches
from .dock import ClockFailed, ClockReading, Dock, Gone, Superseded
from .progress import Progress, Quiet

LEAVES_AT_ONCE = 8  # leaves kept in memory before they are written: 128 KiB, which is what a killed station asks for again
CLOCK_TOLERANCE_MS = 1000


@dataclass
class Result:
    """What a sync took. `receipt` is the counter of the last receipt handed over, or None; `problems` are lines about media."""

    chain: bytes
    records: int = 0
    segments: int = 0
    bytes: int = 0
    receipt: int | None = None
    problems: list[str] | None = None


def run_sync(station: Station, dock: Dock, progress: Progress | None = None) -> Result:
    """Takes everything. SealdockError: exit code 4 when it broke and can carry on, 3 when the recorder's chain does not hold."""
    return _Sync(station, dock, progress or Quiet()).run()


class _Sync:
    def __init__(self, station: Station, dock: Dock, progress: Progress) -> None:
        self.station = station
        self.archive = station.archive
        self.dock = dock
        self.progress = progress
        self.status = dock.status()
        self.chain = self.status.chain
        self.result = Result(self.chain, problems=[])

    def run(self) -> Result:
        recorder = self.archive.recorder(self.chain)
        if recorder is None:
            raise SealdockError(say("not-enrolled", port="PORT"))
        if recorder.alarm:
            raise branches.Refused(say("recorder-refused", number=recorder.number, why=recorder.alarm))
        branches.check_head(self.station, self.dock, self.status)
        media.tidy(self.archive, self.chain)
        self._clock()
        self._records()
        self._media()
        self._receipts()
        return self.result

    # Clock

    def _clock(self) -> None:
        reading = self.dock.clock()
        wrong = reading.offset is None or abs(reading.offset) > CLOCK_TOLERANCE_MS + reading.uncertainty
        self._note_clock(reading, wrong and self._set_clock(reading))

    def _set_clock(self, reading: ClockReading) -> bool:
        """False when the recorder could not set its clock, which keeps nothing here that was recorded."""
        if reading.offset is not None:
            self.progress.note("clock", offset=reading.offset, uncertainty=reading.uncertainty)
        try:
            self.dock.set_clock(reading, self._drift(reading))
        except ClockFailed:
            self.progress.note("clock-failed")
            return False
        if reading.offset is None:
            self.progress.note("clock-unset")
        return True

    def _note_clock(self, reading: ClockReading, was_set: bool) -> None:
        with self.archive.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO clock VALUES (?, ?, ?, ?, ?, ?)",
                (self.chain, reading.station, reading.recorder, reading.offset, reading.uncertainty, int(was_set)),
            )

    def _drift(self, reading: ClockReading) -> int | None:
        """Parts in 10^9 that the recorder's clock gained since a station set it; None when no record of that is here."""
        query = "SELECT max(seq) AS seq FROM record WHERE chain = ? AND type = ?"
        row = self.archive.db.execute(query, (self.chain, rec.CLOCK_SET)).fetchone()
        fields = None if row["seq"] is None else rec.Record(self.archive.record(self.chain, row["seq"])).fields
        if reading.offset is None or fields is None or reading.station <= fields["after"]:
            return None
        return reading.offset * 10**9 // (reading.station - fields["after"])

    # Records

    def _records(self) -> None:
        self.status = self.dock.status()
        at = self.archive.position(self.chain)
        first = at.seq if at else 0
        if first < self.status.first:
            raise SealdockError(say("gone", first=self.status.first), ExitCode.ERROR)
        total = self.status.head_seq + 1 - first
        if total <= 0:
            return
        self.progress.begin("records", total)
        while first <= self.status.head_seq:
            raws = list(self.dock.records(first, self.status.head_seq))
            self._take(raws)
            first += len(raws)
            self.result.records += len(raws)
            self.progress.advance("records", len(raws))
        self.progress.end("records")
        self._check_promise()

    def _take(self, raws: list[bytes]) -> None:
        try:
            intake.take(self.archive, self.chain, raws)
        except ChainError as error:
            raise branches.contradicts(self.station, self.dock, self.status, raws, error) from None

    def _check_promise(self) -> None:
        """The head that the recorder named is the one that its records lead to."""
        if self.archive.record_hash(self.chain, self.status.head_seq) != self.status.head_hash:
            raise branches.broken_promise(self.station, self.status)

    # Media

    def _media(self) -> None:
        self._from_card()
        wanted = media.wanted(self.archive, self.chain)
        total = sum(s.stored_bytes or 0 for s in wanted) - sum(media.leaves_here(self.archive, s) * LEAF_BYTES for s in wanted)
        if not wanted:
            return
        self.progress.begin("media", max(total, 0))
        again = self._sealed([s for s in wanted if s.sealed], final=False)
        # An interrupted run may have left bytes that never reached the disk whole: those segments once more, from the start.
        self._sealed(again, final=True)
        for segment in wanted:
            if not segment.sealed:
                self._tail(segment)
        self.progress.end("media")

    def _from_card(self) -> None:
        """What a card brought before the chain came needs no line."""
        taken = settle_staged(self.station, self.chain).count(Outcome.TAKEN)
        self.result.segments += taken
        if taken:
            self.progress.note("from-card", segments=taken)

    def _sealed(self, todo: list[Segment], final: bool) -> list[Segment]:
        """Takes sealed segments in order; those that must be asked for again."""
        again = []
        whole = [s for s in todo if media.leaves_here(self.archive, s) == leaf_count(s)]
        again += [s for s in whole if not self._settle(s, final)]
        todo = [s for s in todo if s not in whole]
        while todo:
            try:
                for segment in self._stream(todo):
                    todo = todo[1:]
                    if not self._settle(segment, final):
                        again.append(segment)
                if todo:
                    raise Gone(say("leaves-missing"))
            except Gone as error:
                self._gone(todo[0], error)
                todo = todo[1:]
        return again

    def _stream(self, todo: list[Segment]) -> Iterator[Segment]:
        """Each segment in turn, when all its leaves came and are in its partial file."""
        at = {s.seq: media.leaves_here(self.archive, s) for s in todo}
        bunch: list[bytes] = []
        owner = todo[0]
        try:
            for segment, leaf in self.dock.leaves([(s, at[s.seq]) for s in todo]):
                owner = segment
                bunch.append(leaf)
                self.result.bytes += len(leaf)
                self.progress.advance("media", len(leaf))
                done = at[segment.seq] + len(bunch) == leaf_count(segment)
                if done or len(bunch) == LEAVES_AT_ONCE:
                    media.add_leaves(self.archive, segment, at[segment.seq], bunch)
                    at[segment.seq] += len(bunch)
                    bunch = []
                if done:
                    yield segment
        finally:  # also when the link breaks: what came is not asked for again
            media.add_leaves(self.archive, owner, at[owner.seq], bunch)

    def _settle(self, segment: Segment, final: bool) -> bool:
        """Takes a whole segment in. False when its bytes are wrong and it may be asked for once more."""
        try:
            media.complete(self.archive, segment, now_ms())
        except MediaError:
            if final:
                self._failed(segment, "media-wrong")
            return final
        self.result.segments += 1
        return True

    def _gone(self, segment: Segment, error: SealdockError) -> None:
        """Not there now. It is given up only when another station has it: a card that was taken out may come back."""
        if receipts.covered_elsewhere(self.archive, self.station.log, self.chain, segment.seq):
            media.lose(self.archive, segment, say("held-elsewhere"))
            self.progress.note("media-lost", number=segment.number, why=say("held-elsewhere"))
        else:
            self._failed(segment, "media-lost", why=error)

    def _tail(self, segment: Segment) -> None:
        fields = rec.Record(self.archive.record(self.chain, segment.seq)).fields or {}
        try:
            key = media.content_key(self.archive, segment, self.station.recipient)
            blocks = list(self.dock.tail(segment, fields["slot"], fields["leaves"]))
            self.result.bytes += sum(len(leaf) for _, leaf in blocks)
            proven = media.complete_tail(self.archive, segment, blocks, key, now_ms())
            self._name_unproven(segment, proven, len(blocks))
            if proven:
                self.result.segments += 1
            else:
                self.progress.note("media-lost", number=segment.number, why=say("tail-unproven"))
        except (Gone, NotForUs) as error:  # only a station that can open it can tell its leaves from older bytes
            self._gone(segment, error)
        except MediaError:
            self._failed(segment, "media-wrong")

    def _failed(self, segment: Segment, key: str, **values: object) -> None:
        """A problem that the custodian may end with `sealdock write-off`."""
        media.note_failure(self.archive, segment)
        self._problem(key, number=segment.number, **values)

    def _name_unproven(self, segment: Segment, proven: int, found: int) -> None:
        """The cut itself may have torn the leaf that was being written, the last one; nothing but a hand alters those before it."""
        if proven == found - 1:
            self.progress.note("tail-torn", number=segment.number, leaf=proven)
        elif proven < found:
            self._problem("tail-altered", number=segment.number, leaf=proven, found=found)

    def _problem(self, key: str, **values: object) -> None:
        self.progress.note(key, **values)
        assert self.result.problems is not None
        self.result.problems.append(say(key, **values))

    # Receipt

    def _receipts(self) -> None:
        self._make_receipts()
        if not self._hand_over():  # another station's came first: state it anew, on top of that
            self._make_receipts()
            self._hand_over()
        if self.result.receipt is not None:
            self._records()

    def _make_receipts(self) -> None:
        while receipts.due(self.archive, self.chain):
            receipts.make(self.archive, self.station.log, self.station.key, self.chain, now_ms())

    def _hand_over(self) -> bool:
        waiting = receipts.to_hand_over(self.archive, self.chain)
        for place, raw in enumerate(waiting):
            try:
                self.dock.put_receipt(raw)
            except Superseded:
                for dead in waiting[place:]:
                    receipts.withdraw(self.archive, dead)
                return False
            receipts.handed_over(self.archive, raw, now_ms())
            self.result.receipt = receipts.counter(raw)
        return True
