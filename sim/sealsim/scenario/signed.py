# SPDX-License-Identifier: Apache-2.0
"""What must stand in the chain: record types in order, with the fields that the story names."""

from dataclasses import dataclass

from sealproto import records as rec
from sealsim.scenario.amounts import time_ms
from sealsim.scenario.names import RECORDS, value_of
from sealsim.scenario.tree import Node

TOLERANCE_MS = 30_000  # of lengths that a story gives in words


@dataclass(frozen=True)
class Length:
    """A time in ms, about."""

    ms: int


KNOWN = "known"  # of a field: anything but null


@dataclass(frozen=True)
class Expected:
    """A record that must, or must not, be there."""

    where: str
    name: str
    fields: dict[str, object]

    def fits(self, record: rec.Record) -> bool:
        if record.type != RECORDS[self.name] or record.fields is None:
            return False
        return all(_fits(wanted, record.fields[name]) for name, wanted in self.fields.items())

    def __str__(self) -> str:
        return self.name + (f" {self.fields}" if self.fields else "")


def expected(node: Node) -> Expected:
    """`type` or `type: {field: value}`."""
    name, about = node.single()
    if name not in RECORDS:
        raise node.wrong(f"{name!r} is no record: there are {', '.join(RECORDS)}")
    known = [field for field, _ in rec.BODIES[RECORDS[name]]]
    fields = {} if about.value is None else {field: _wanted(name, field, value) for field, value in about.fields(*known).items()}
    return Expected(node.where, name, fields)


def missing(wanted: list[Expected], found: list[rec.Record]) -> list[str]:
    """What is not there in that order, one line each."""
    lines = []
    at = 0
    for one in wanted:
        place = next((number for number, record in enumerate(found[at:], at) if one.fits(record)), None)
        if place is None:
            lines.append(f"{one.where}: not signed here: {one}; signed were: {_told(one, found[at:])}")
        else:
            at = place + 1
    return lines


def surplus(unwanted: list[Expected], found: list[rec.Record]) -> list[str]:
    """What is there and must not be."""
    return [f"{one.where}: signed, but should not be: {one} (record {r.seq})" for one in unwanted for r in found if one.fits(r)]


def _wanted(record: str, field: str, node: Node) -> object:
    if field.endswith("_ms") and isinstance(node.value, str):
        return Length(time_ms(node))
    return value_of(record, field, node)


def _fits(wanted: object, held: object) -> bool:
    if isinstance(wanted, Length):
        return isinstance(held, int) and abs(held - wanted.ms) <= TOLERANCE_MS
    if wanted == KNOWN:
        return held is not None
    return held == wanted and type(held) is type(wanted)


def _told(one: Expected, found: list[rec.Record]) -> str:
    """The records that could have been meant."""
    alike = [record for record in found if record.type == RECORDS[one.name]]
    told = [f"{r.name} { ({name: r.fields[name] for name in one.fields} if r.fields else '') }" for r in alike]
    return ", ".join(told or [record.name for record in found]) or "nothing"
