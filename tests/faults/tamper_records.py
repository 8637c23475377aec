# SPDX-License-Identifier: Apache-2.0
"""Changes inside a record: its fields, its signature, its form, and the key that signs it anew."""

from collections.abc import Callable, Iterator

from sealdock.keys import SigningKey
from sealproto import cbor, cose
from sealproto import records as rec
from tests.unit.verify.attacks import resign, unsigned

from .tampered import Files, Kind, Mutate, Target, put

_L = 2**252 + 27742317777372353535851937790883648493


def _form(change: Callable[[rec.Record, Target], bytes]) -> Mutate:
    return lambda target, position: target.with_record(position, change(target.records[position], target))


def _signature(record: rec.Record, new: bytes) -> bytes:
    return record.raw[:-64] + new


def _plus_l(record: rec.Record, _: Target) -> bytes:
    s = int.from_bytes(record.raw[-32:], "little") + _L
    return record.raw[:-32] + s.to_bytes(32, "little")


def _loose(record: rec.Record, _: Target) -> bytes:
    """The payload's version as a longer integer than it needs: the same meaning in other bytes, signature and all."""
    payload = record.sign1.payload
    return record.raw.replace(payload, payload.replace(b"\x00\x01", b"\x00\x18\x01", 1))


def _headed(record: rec.Record, _: Target) -> bytes:
    """Something in the unprotected header."""
    end = record.raw.index(b"\xa0", record.raw.index(record.kid))
    return put(record.raw, end, b"\xa1\x18\x63\x00", 1)


def _wrong_kid(record: rec.Record, target: Target) -> bytes:
    return record.raw.replace(record.kid, target.made.bureau.station.kid, 1)


def _wrong_type(record: rec.Record, _: Target) -> bytes:
    return record.raw.replace(cose.RECORD.encode(), cose.RECORD.replace("record", "recent").encode(), 1)


FORMS: dict[str, Callable[[rec.Record, Target], bytes]] = {
    "signature zeroed": lambda r, t: _signature(r, bytes(64)),
    "signature of another record": lambda r, t: _signature(r, t.records[(r.seq + 3) % len(t.records)].raw[-64:]),
    "signature with R of small order": lambda r, t: _signature(r, b"\x01" + bytes(31) + r.raw[-32:]),
    "signature with S + L": _plus_l,
    "signature cut to 63 bytes": lambda r, t: r.raw[:-66] + b"\x58\x3f" + r.raw[-64:-1],
    "signature left out": lambda r, t: r.raw[:-66] + b"\x40",
    "integer longer than it needs": _loose,
    "unprotected header filled": _headed,
    "kid of another key": _wrong_kid,
    "content type of another kind": _wrong_type,
    "tag left out": lambda r, t: r.raw[1:],
    "payload emptied": lambda r, t: r.raw.replace(cbor.head(2, len(r.sign1.payload)) + r.sign1.payload, b"\x40"),
}


def _fields(target: Target) -> Iterator[tuple[int, int, str]]:
    for n, record in enumerate(target.records):
        tables = ((-1, rec.ENVELOPE), (record.type, rec.BODIES[record.type]))
        yield from ((n, kind, name) for kind, table in tables for name, _ in table)


def _field(target: Target, position: int) -> Files:
    n, record_type, name = list(_fields(target))[position]
    return target.with_record(n, unsigned(target.records[n].raw, record_type, name))


def _signer(which: str) -> Mutate:
    def mutate(target: Target, position: int) -> Files:
        record, made = target.records[position], target.made
        keys = {
            "the newest epoch's key": made.builder.epoch_key,
            "the first epoch's key": made.builder.signers[1],
            "the identity key": made.builder.identity,
            "the station's key": made.bureau.station,
            "the root's key": made.bureau.root,
            "a stranger's key": SigningKey(bytes(31) + b"\x07"),
        }
        if keys[which].kid == record.kid:
            return target.files  # here it does belong
        return target.with_record(position, resign(record.raw, keys[which]))

    return mutate


SIGNERS = ("the newest epoch's key", "the first epoch's key", "the identity key", "the station's key", "the root's key", "a stranger's key")


def kinds() -> list[Kind]:
    """A position is a record, or a field of one. The manifest is always signed anew."""
    return [
        Kind("field changed under its signature", lambda t: sum(1 for _ in _fields(t)), _field),
        *(Kind(name, lambda t: len(t.records), _form(change)) for name, change in FORMS.items()),
        *(Kind(f"record signed anew with {which}", lambda t: len(t.records), _signer(which)) for which in SIGNERS),
    ]
