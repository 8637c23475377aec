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
        raise ChainError(f"not a record: {error}") from None


def begin(raw: bytes) -> tuple[rec.Record, Position]:
    """Checks a genesis record; it and the position behind it."""
    record = parse(raw)
    fields = record.fields
    if record.type != rec.GENESIS or fields is None or not record.understood:
        raise ChainError("the chain does not begin with a genesis record")
    if record.seq != 0 or record.prev != rec.ZERO_HASH or record.chain != rec.chain_id(record.body):
        raise ChainError("the genesis record does not begin a chain")
    identity = fields["identity"]
    _check(record, identity)
    return record, Position(record.chain, 1, record.hash, identity, fields["epoch_key"], 0, record.boot, record.ms)


def follow(at: Position, raw: bytes) -> tuple[rec.Record, Position]:
    """Checks the record that should come next; it and the position behind it."""
    record = parse(raw)
    if record.chain != at.chain:
        raise ChainError("a record belongs to another chain")
    if record.seq != at.seq:
        raise ChainError(f"record {record.seq} came where {at.seq} was due")
    _check(record, at.key)
    if record.prev != at.head:
        raise ChainError(f"record {record.seq} continues another history than the one known here")
    if record.boot < at.boot or (record.boot == at.boot and record.ms < at.ms):
        raise ChainError(f"record {record.seq} is older than the one before it")
    if record.type == rec.GENESIS:
        raise ChainError(f"record {record.seq} is a second genesis")
    following = Position(at.chain, at.seq + 1, record.hash, at.identity, at.key, at.epoch, record.boot, record.ms)
    if record.type == rec.ROTATE_KEY and record.fields is not None:
        following = _rotated(following, record)
    return record, following


def _rotated(at: Position, record: rec.Record) -> Position:
    fields = record.fields or {}
    if fields["epoch"] != at.epoch + 1:
        raise ChainError(f"record {record.seq} names epoch {fields['epoch']} after {at.epoch}")
    return replace(at, key=fields["key"], epoch=at.epoch + 1)


def _check(record: rec.Record, key: bytes) -> None:
    if record.kid != kid(key):
        raise ChainError(f"record {record.seq} is not signed by the key of its epoch")
    try:
        check_signature(key, record.sign1.signed, record.sign1.signature)
    except SealdockError as error:
        raise ChainError(f"record {record.seq}: {error}") from None
