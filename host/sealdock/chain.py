# SPDX-License-Identifier: Apache-2.0
"""Following a recorder's chain record by record: what must hold before the archive takes one more.

State: the next sequence number, the head's hash, the key of the present epoch, the boot. Rules, for each record:
1. it parses, and its chain id is the chain's;
2. its sequence number follows, and its `prev` is the head's hash;
3. its boot does not fall, and its milliseconds do not fall within a boot;
4. its signature is by the key of its epoch (genesis: by the identity that it names, and the chain id is the hash of its body);
5. a well-formed rotate-key names the next epoch's key and number; everything after it is signed by that key.
A record of unknown type or with unknown keys passes: it is signed and linked, only not understood.
"""

from dataclasses import dataclass, replace

from sealdock.errors import ExitCode, SealdockError
from sealdock.keys import check_signature, kid
from sealdock.text import say
from sealproto import records as rec


class ChainError(SealdockError):
    """A record does not continue the chain."""

    exit_code = ExitCode.VERIFICATION_FAILED


@dataclass(frozen=True)
class Position:
    """Where a chain stands: `seq` records were taken, `head` is the hash of the last."""

    chain: bytes
    seq: int
    head: bytes
    identity: bytes
    key: bytes
    epoch: int
    boot: int
    ms: int


def parse(raw: bytes) -> rec.Record:
    """The record; ChainError when it is none."""
    try:
        return rec.Record(raw)
    except rec.RecordError as error:
        raise ChainError(say("no-record", why=error)) from None


def begin(raw: bytes) -> tuple[rec.Record, Position]:
    """Checks a genesis record; it and the position behind it."""
    record = parse(raw)
    fields = record.fields
    if record.type != rec.GENESIS or fields is None or not record.understood:
        raise ChainError(say("no-genesis"))
    if record.seq != 0 or record.prev != rec.ZERO_HASH or record.chain != rec.chain_id(record.body):
        raise ChainError(say("genesis-begins-none"))
    identity = fields["identity"]
    _check(record, identity)
    return record, Position(record.chain, 1, record.hash, identity, fields["epoch_key"], 0, record.boot, record.ms)


def follow(at: Position, raw: bytes) -> tuple[rec.Record, Position]:
    """Checks the record that should come next; it and the position behind it."""
    record = parse(raw)
    if record.chain != at.chain:
        raise ChainError(say("record-other-chain"))
    if record.seq != at.seq:
        raise ChainError(say("record-not-due", seq=record.seq, due=at.seq))
    _check(record, at.key)
    if record.prev != at.head:
        raise ChainError(say("record-other-history", seq=record.seq))
    if record.boot < at.boot or (record.boot == at.boot and record.ms < at.ms):
        raise ChainError(say("record-older", seq=record.seq))
    if record.type == rec.GENESIS:
        raise ChainError(say("record-second-genesis", seq=record.seq))
    following = Position(at.chain, at.seq + 1, record.hash, at.identity, at.key, at.epoch, record.boot, record.ms)
    if record.type == rec.ROTATE_KEY and record.fields is not None:
        following = _rotated(following, record)
    return record, following


def _rotated(at: Position, record: rec.Record) -> Position:
    fields = record.fields or {}
    if fields["epoch"] != at.epoch + 1:
        raise ChainError(say("record-epoch", seq=record.seq, epoch=fields["epoch"], known=at.epoch))
    return replace(at, key=fields["key"], epoch=at.epoch + 1)


def _check(record: rec.Record, key: bytes) -> None:
    if record.kid != kid(key):
        raise ChainError(say("record-not-epochs", seq=record.seq))
    try:
        check_signature(key, record.sign1.signed, record.sign1.signature)
    except SealdockError as error:
        raise ChainError(say("record-wrong", seq=record.seq, why=error)) from None
