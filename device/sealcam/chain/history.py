# SPDX-License-Identifier: Apache-2.0
"""What the chain says about the recorder's present: last boot, key of the epoch, open session, and what receipts cover.

It is fed with every record at boot, and with the recorder's own as they are made; what is stored of it beside the chain
(snapshot.py) only spares a boot the reading.
"""

from sealproto import codes, cose, objects, records

TYPE_CHECKING = False
if TYPE_CHECKING:  # the recorder has no `typing`
    from typing import Any

_FREE_AHEAD = 8  # slots named by one `freed` record
_OWED = 16  # ends of sessions that are kept in mind: the oldest decide when all must be stored
# What makes up a History and a Session between two boots, in the order in which a snapshot holds it.
_HISTORY = (
    "boot", "epoch", "epoch_key", "genesis", "absent", "owed", "withdrawn", "assignment", "receipt_counter", "receipt_hash",
    "receipt_head", "log", "log_signer", "covered", "given_up", "oldest", "newest", "last_dock_utc",
)  # fmt: skip
_SESSION = (
    "id", "part", "segments", "frames", "samples", "activity", "interrupt", "boot", "last_ms", "last_utc", "mode", "unexplained",
    "unanswered", "secret",
)  # fmt: skip
_TUPLES = ("absent", "log", "oldest", "newest", "interrupt")
STATE = ",".join(_HISTORY + _SESSION)  # what state() is of; another firmware's may be of something else


class Session:
    """An open session, as far as the chain tells."""

    def __init__(self, session: bytes) -> None:
        self.id = session
        self.part = 0
        self.segments = 0
        self.frames = 0
        self.samples = 0
        self.activity: int | None = None
        self.interrupt: tuple | None = None  # (sequence number, fact, cause, UTC or None, boot, ms)
        self.boot = 0
        self.last_ms = 0
        self.last_utc: int | None = None
        self.mode = 0
        self.unexplained = False  # it began urgently, and why was not said yet
        self.unanswered = False  # it was stopped by hand, and why was not said yet
        self.secret = False  # a span of secrecy is open


class History:
    def __init__(self) -> None:
        self.chain: Any = None  # set when it is there; read again only when a receipt comes
        self.boot = -1
        self.epoch = -1
        self.epoch_key: bytes | None = None
        self.genesis: bytes | None = None
        self.session: Session | None = None
        self.last_session: Session | None = None  # the one that was closed last
        self.absent: tuple | None = None  # (reason, UTC or None) of a no-record entry that has begun and not ended
        self.owed: list[tuple] = []  # (sequence number, UTC or None) of ends of sessions that no receipt states yet, oldest first
        self.withdrawn = False  # out of use after a fault, until the next check-out
        self.assignment: bytes | None = None
        self.receipt_counter = 0
        self.receipt_hash: bytes | None = None
        self.receipt_head = -1  # sequence number up to which the last receipt states the records
        self.log: tuple | None = None  # (log id, size, root) of the last receipt
        self.log_signer: bytes | None = None  # kid of the station that signed it
        self.covered: list[list[int]] = []  # what a station holds
        self.given_up: list[list[int]] = []  # what a station said it does not hold and never will
        self.oldest: tuple | None = None  # (sequence number, slot) of the oldest segment that no receipt covers
        self.newest: tuple | None = None  # (slot, generation) of the segment or tail that the chain names last
        self.last_dock_utc: int | None = None
        self.sign: Any = None
        self._freed = 0

    def state(self) -> list:
        """All that was seen, as CBOR can hold it: restore() of a fresh History makes it as if it had seen the same records."""
        first = self.chain.first()
        self.covered = [item for item in self.covered if item[1] >= first]  # of what was dropped nobody asks any more
        self.given_up = [item for item in self.given_up if item[1] >= first]
        return [_values(self, _HISTORY), _values(self.session, _SESSION), _values(self.last_session, _SESSION)]

    def restore(self, state: list) -> None:
        own, session, last_session = state
        _set(self, _HISTORY, own)
        self.owed = [tuple(item) for item in self.owed]
        self.session, self.last_session = _session(session), _session(last_session)

    @property
    def oldest_slot(self) -> int | None:
        return self.oldest[1] if self.oldest else None

    def see(self, record: records.Record) -> None:
        """One record, in the chain's order. Unknown ones change nothing."""
        self.boot = record.boot
        if record.fields is None:
            return
        handler = _SEEN.get(record.type)
        if handler:
            handler(self, record, record.fields)
        session = self.session
        if session and record.type in (records.SEGMENT, records.SESSION_OPEN, records.RESUME, records.MARK, records.ANNOUNCE):
            session.boot = record.boot
            session.last_ms = record.ms
            session.last_utc = record.utc[0] if record.utc else None

    def segment_sealed(self, seq: int, slot: int) -> None:
        if self.oldest is None:
            self.oldest = (seq, slot)

    def make_room(self, store) -> None:
        """Signs which slots are about to be written again, before the first of them is. The receipt's hash says by what right."""
        if store.generation == 1 or self._freed > 0:
            self._freed -= 1
            return
        count = min(_FREE_AHEAD, store.free(self.oldest_slot))
        if count:
            slots = [(store.next + n) % store.slots for n in range(count)]
            self.sign(records.FREED, receipt=self.receipt_hash or records.ZERO_HASH, slots=slots)
            self._freed = count - 1

    def covers(self, seq: int) -> bool:
        """Whether a receipt told what became of a segment, so that its slot may be written again."""
        return self.held(seq) or any(item[0] <= seq <= item[1] for item in self.given_up)

    def held(self, seq: int) -> bool:
        """Whether a station holds a segment."""
        return any(first <= seq <= last for first, last in self.covered)

    def _genesis(self, record, fields) -> None:
        self.genesis = record.raw
        self.epoch, self.epoch_key = 0, fields["epoch_key"]

    def _rotate(self, record, fields) -> None:
        self.epoch, self.epoch_key = fields["epoch"], fields["key"]

    def _open(self, record, fields) -> None:
        self.session = Session(fields["session"])
        self.session.activity = fields["activity"]
        self.session.mode = fields["mode"]
        self.session.unexplained = bool(fields["mode"] & records.MODE_URGENT)
        self.absent = None

    def _resume(self, record, fields) -> None:
        if self.session:
            self.session.part = fields["part"]
            self.session.interrupt = None

    def _segment(self, record, fields) -> None:
        self.segment_sealed(record.seq, fields["slot"])
        self.newest = (fields["slot"], fields["generation"])
        if self.session and self.session.id == fields["session"]:
            self.session.segments = fields["number"] + 1
            self.session.frames = fields["first_frame"] + fields["frames"]
            self.session.samples = fields["first_sample"] + fields["samples"]

    def _tail(self, record, fields) -> None:
        self.segment_sealed(record.seq, fields["slot"])
        self.newest = (fields["slot"], fields["generation"])
        if self.session and self.session.id == fields["session"]:
            self.session.segments = fields["number"] + 1

    def _interrupt(self, record, fields) -> None:
        if self.session:
            utc = self._stopped_utc(fields) if fields["at_next_boot"] else record.utc[0] if record.utc else None
            self.session.interrupt = (record.seq, fields["fact"], fields["cause"], utc, fields["last_boot"], fields["last_ms"])
            self.session.unanswered = fields["fact"] == codes.FACT_STOP_PRESSED and fields["cause"] == codes.CAUSE_NOT_STATED
            self.session.segments = fields["segments"]
            self.session.frames = fields["frames"]
            self.session.samples = fields["samples"]

    def _stopped_utc(self, fields) -> int | None:
        """When recording really stopped, for an interruption that only the next boot could sign."""
        session = self.session
        if session.last_utc is None or fields["last_boot"] != session.boot:
            return None
        return session.last_utc + fields["last_ms"] - session.last_ms

    def _note(self, record, fields) -> None:
        session = self.session
        if session is None or session.interrupt is None or session.interrupt[0] != fields["interrupt"]:
            return
        session.unanswered = False
        if fields["cause"] != codes.CAUSE_NOT_STATED and fields["stated_by"] != codes.STATED_BY_DEVICE:
            session.interrupt = session.interrupt[:2] + (fields["cause"],) + session.interrupt[3:]

    def _mark(self, record, fields) -> None:
        session = self.session
        if session is None or fields["session"] != session.id:
            return
        code = fields["code"]
        if code == codes.MARK_REASON_SPOKEN:
            session.unexplained = False
        elif code in (codes.MARK_SECRET_BEGINS, codes.MARK_SECRET_ENDS):
            session.secret = code == codes.MARK_SECRET_BEGINS
        elif fields["activity"] is not None:
            session.activity = fields["activity"]

    def _close(self, record, fields) -> None:
        self.last_session, self.session = self.session, None
        self.owed = (self.owed + [(record.seq, record.utc[0] if record.utc else None)])[:_OWED]

    def _no_record(self, record, fields) -> None:
        begins = fields["moment"] == records.NO_RECORD_BEGINS and fields["session"] is None
        self.absent = (fields["reason"], fields["start_utc"]) if begins else None

    def _fault(self, record, fields) -> None:
        if not fields["healed"]:
            self.withdrawn = True

    def _assign(self, record, fields) -> None:
        self.assignment = fields["assignment"]
        self.withdrawn = False

    def _clock_set(self, record, fields) -> None:
        self.last_dock_utc = fields["after"]

    def _receipt(self, record, fields) -> None:
        message, receipt = objects.read(cose.RECEIPT, fields["receipt"])
        self.receipt_counter = receipt["counter"]
        self.receipt_head = receipt["head_seq"]
        self.receipt_hash = records.sha256(fields["receipt"]).digest()
        self.log_signer = message.kid
        self.log = (receipt["log"], receipt["log_size"], receipt["log_root"])
        self.covered += receipt["segments"]
        self.given_up += receipt["given_up"] or []
        self._find_oldest()
        stored = self.receipt_head if self.oldest is None else min(self.receipt_head, self.oldest[0])
        self.owed = [item for item in self.owed if item[0] > stored]

    def _find_oldest(self) -> None:
        if self.oldest is None or not self.covers(self.oldest[0]):
            return
        seq = self.oldest[0]
        self.oldest = None
        told = sorted(self.covered + [item[:2] for item in self.given_up])
        for raw in self.chain.read(seq):  # a day of them: only what no range holds is looked at, and each range once
            while told and told[0][1] < seq:
                told.pop(0)
            if (not told or seq < told[0][0]) and records.place(raw)[1] in (records.SEGMENT, records.TAIL_FOUND):
                self.oldest = (seq, records.Record(raw).fields["slot"])
                return
            seq += 1


def _values(owner, names: tuple) -> list | None:
    return None if owner is None else [getattr(owner, name) for name in names]


def _set(owner, names: tuple, values: list) -> None:
    for name, value in zip(names, values):
        setattr(owner, name, tuple(value) if name in _TUPLES and value is not None else value)


def _session(values: list | None) -> Session | None:
    if values is None:
        return None
    session = Session(values[0])
    _set(session, _SESSION, values)
    return session


_SEEN = {
    records.GENESIS: History._genesis,
    records.ROTATE_KEY: History._rotate,
    records.SESSION_OPEN: History._open,
    records.RESUME: History._resume,
    records.SEGMENT: History._segment,
    records.TAIL_FOUND: History._tail,
    records.INTERRUPT: History._interrupt,
    records.SESSION_CLOSE: History._close,
    records.REASON_NOTE: History._note,
    records.MARK: History._mark,
    records.NO_RECORD: History._no_record,
    records.FAULT: History._fault,
    records.ASSIGN: History._assign,
    records.CLOCK_SET: History._clock_set,
    records.RECEIPT: History._receipt,
}
