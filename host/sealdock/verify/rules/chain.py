# SPDX-License-Identifier: Apache-2.0
"""The chain of one recorder: which records may be believed.

State: the key of the present epoch, the record last believed, where the unbroken run begins.
Rules, in the order in which they are asked of each record:

1. The first record is genesis: sequence number 0, previous hash of zeros, its chain id the hash of its body, signed by the identity
   key that it names. That key signs no other record.
2. A record is signed, strictly, by the key of its epoch: that of genesis, or of the last rotate-key. A newer or older key of the
   same recorder is as wrong as a stranger's.
3. A record whose signature fails is not believed: neither its type nor its number nor any other field is used.
4. Its chain id is that of genesis.
5. Its sequence number rises. From session-open on it rises by one: a jump is a missing record, a number seen before a fork.
6. Where its number is one more than the one before, it holds that record's hash; a signed record that names another
   predecessor is a branch.
7. rotate-key names the next epoch by number, one more than the present one, and its key counts from the next record on.
8. Boot numbers never fall, and within a boot the milliseconds never do. Wall time orders nothing.
"""

from dataclasses import dataclass

from sealdock.errors import SignatureError
from sealdock.keys import check_signature, kid
from sealproto import records as rec

from ..verdict import Findings
from .shapes import well_formed

Place = tuple[int, int]  # [start, end) in records.cbor


@dataclass(frozen=True)
class Read:
    """A record as read, believed or not, with its place in the file."""

    record: rec.Record
    place: Place


class Chain:
    """Takes records in file order; `believed` are those that hold.

    >>> chain = Chain(findings, session, "records.cbor")
    >>> for read in reads: chain.add(read)
    """

    def __init__(self, findings: Findings, session: bytes | None, file: str) -> None:
        self.findings = findings
        self.session = session
        self.file = file
        self.believed: list[Read] = []
        self.genesis: rec.Record | None = None
        self.opened: int | None = None  # sequence number of session-open: the run is unbroken from here
        self.epoch = 0
        self._key = b""
        self._begun = False
        self._expected = 0  # the sequence number that a record should have, to name one that cannot be believed
        self._by_seq: dict[int, bytes] = {}

    def add(self, read: Read) -> None:
        """Judges the next record of the file. Without a genesis that holds, nothing else can."""
        if not self._begun:
            self._begun = True
            self._begin(read)
        elif self.genesis is None:
            return
        elif self._signed(read):
            self._place(read)

    def unreadable(self, place: Place, why: str) -> None:
        """Bytes in the file that are no record."""
        self.findings.add("record-unreadable", record=self._expected, file=self.file, bytes=place, why=why)
        self._expected += 1

    @property
    def run(self) -> list[rec.Record]:
        """The believed records from session-open on."""
        return [] if self.opened is None else [r.record for r in self.believed if r.record.seq >= self.opened]

    @property
    def path(self) -> list[rec.Record]:
        """The believed records before the run."""
        return [r.record for r in self.believed if self.opened is None or r.record.seq < self.opened]

    def hash_of(self, seq: int) -> bytes | None:
        """The hash of the believed record with that number."""
        return self._by_seq.get(seq)

    def _wrong(self, code: str, read: Read, seq: int | None = None, **values: object) -> None:
        number = read.record.seq if seq is None else seq
        self.findings.add(code, record=number, file=self.file, bytes=read.place, segment=None, **values)

    def _begin(self, read: Read) -> None:
        record = read.record
        why = _genesis_fault(record)
        if why:
            self._wrong("genesis-wrong", read, 0, why=why)
        if record.type != rec.GENESIS or record.fields is None:
            return
        fields = record.fields
        try:
            check_signature(fields["identity"], record.sign1.signed, record.sign1.signature)
        except SignatureError:
            self._wrong("record-signature", read, 0)
            return
        self.genesis = record
        self._key = fields["epoch_key"]
        self._believe(read)

    def _signed(self, read: Read) -> bool:
        """Rules 2 and 3. The key is remembered by its id first, since that tells a wrong epoch from a broken signature."""
        record = read.record
        if record.kid != kid(self._key):
            self._wrong("record-key", read, self._expected)
        else:
            try:
                check_signature(self._key, record.sign1.signed, record.sign1.signature)
                return True
            except SignatureError:
                self._wrong("record-signature", read, self._expected)
        self._expected += 1
        return False

    def _place(self, read: Read) -> None:
        record, last = read.record, self.believed[-1].record
        if self.genesis is None or record.chain != self.genesis.chain:
            self._wrong("record-chain", read)
            return
        if record.seq <= last.seq:
            known = self._by_seq.get(record.seq)
            self._wrong("record-fork" if known not in (None, record.hash) else "record-order", read)
            return
        self._link(read, last)
        if (record.boot, record.ms) < (last.boot, last.ms):
            self._wrong("record-order", read)
        if record.type == rec.ROTATE_KEY and record.fields:
            self._rotate(read)
        self._believe(read)

    def _link(self, read: Read, last: rec.Record) -> None:
        record = read.record
        missing = record.seq - self._expected  # records that failed are wrong, not missing
        if missing > 0 and self.opened is not None:
            self._wrong("record-missing", read, count=missing)
        elif record.seq == last.seq + 1 and record.prev != last.hash:
            self._wrong("record-link", read)

    def _rotate(self, read: Read) -> None:
        fields = read.record.fields
        assert fields is not None
        if fields["epoch"] != self.epoch + 1:
            self._wrong("epoch-missing", read, epoch=fields["epoch"])
        self.epoch = fields["epoch"]
        self._key = fields["key"]

    def _believe(self, read: Read) -> None:
        record = read.record
        self.believed.append(read)
        self._by_seq[record.seq] = record.hash
        self._expected = record.seq + 1
        if not well_formed(record):
            record.fields = None
        if not record.understood or record.fields is None:
            self._wrong("not-understood", read)
        if record.type == rec.SESSION_OPEN and record.fields and record.fields["session"] == self.session and self.opened is None:
            self.opened = record.seq


def _genesis_fault(record: rec.Record) -> str | None:
    if record.type != rec.GENESIS or record.fields is None:
        return "the first record is no genesis"
    if record.seq != 0 or record.prev != rec.ZERO_HASH:
        return "genesis is not the first of its chain"
    if record.chain != rec.chain_id(record.body):
        return "the chain id is not the hash of the genesis body"
    if record.kid != kid(record.fields["identity"]):
        return "genesis is not signed by the identity that it names"
    return None
