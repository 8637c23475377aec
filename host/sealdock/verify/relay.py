# SPDX-License-Identifier: Apache-2.0
"""Several recordings compared: recorders that relieve each other must name each other, in signed records of both chains.

A hand-over-out of one chain answers a hand-over-in of another when both hold the same token. They agree when each names the other's
chain; by the number alone when a chain is not named, since the officer entered the number by ear. They contradict each other when one
names a chain that does not name it back:

1. the other record with that token names a third chain, or is a third chain's;
2. the two name each other under different tokens;
3. the recorder that is named is among the recordings and holds no such record (only where `whole`: all of it is at hand).

Whether each record may be believed, each recording's own verdict has said before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sealproto import records as rec

from .verdict import Findings, Verdict, conclude

KINDS = (rec.HANDOVER_OUT, rec.HANDOVER_IN)


@dataclass(frozen=True)
class Handover:
    """One believed hand-over record. `peer` is None where it names no chain."""

    chain: bytes
    session: bytes
    seq: int
    type: int
    peer: bytes | None
    token: bytes

    def answers(self, other: "Handover") -> bool:
        """Whether the two can be the two sides of one hand-over, whatever they say."""
        return self.type != other.type and self.chain != other.chain

    def accepts(self, chain: bytes) -> bool:
        return self.peer in (None, chain)


@dataclass(frozen=True)
class Side:
    """What one recording, or one archived chain, says of hand-overs."""

    chain: bytes
    handovers: tuple[Handover, ...]


def side(chain: bytes, records: Iterable[rec.Record]) -> Side:
    """Of believed records of a chain; those of other types are left out."""
    return Side(chain, tuple(_handover(chain, record.seq, record.type, record.fields) for record in records if _speaks(record)))


def _speaks(record: rec.Record) -> bool:
    return record.type in KINDS and record.fields is not None


def _handover(chain: bytes, seq: int, kind: int, fields: dict | None) -> Handover:
    assert fields is not None
    return Handover(chain, fields["session"], seq, kind, fields["peer_chain"], fields["token"])


def side_of(verdict: Verdict) -> Side | None:
    """Of a recording as its verdict believes it; None when nothing of it can be believed."""
    evidence = verdict.session
    if evidence is None or evidence.chain.genesis is None:
        return None
    session = evidence.session.id
    mine = (record for record in evidence.chain.run if record.fields and record.fields.get("session") == session)
    return side(evidence.chain.genesis.chain, mine)


def compare(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts over several recordings, each with what the others say of its hand-overs."""
    sides = [side_of(verdict) for verdict in verdicts]
    known = [found for found in sides if found is not None]
    return [
        judge(verdict, mine, [other for other in known if other is not mine], True) if mine else verdict
        for verdict, mine in zip(verdicts, sides, strict=True)
    ]


def judge(verdict: Verdict, mine: Side, others: Sequence[Side], whole: bool) -> Verdict:
    """The verdict with a finding for each hand-over of its recording. whole: `others` hold all that their recorders say of the time."""
    findings = Findings()
    findings.all = list(verdict.findings)
    for handover in mine.handovers:
        _judge(findings, handover, others, whole)
    return conclude(findings, verdict.simulated, verdict.articles, verdict.root, verdict.session)


def _judge(findings: Findings, mine: Handover, others: Sequence[Side], whole: bool) -> None:
    opposite = [other for at in others for other in at.handovers if mine.answers(other)]
    same = [other for other in opposite if other.token == mine.token != rec.NO_TOKEN]
    fitting = [other for other in same if mine.accepts(other.chain) and other.accepts(mine.chain)]
    both = [other for other in fitting if mine.peer is not None and other.peer is not None]
    if both:
        findings.add("relay-agrees", record=mine.seq, chain=both[0].chain.hex()[:12], other=both[0].seq)
    elif fitting:
        findings.add("relay-by-number", record=mine.seq, chain=fitting[0].chain.hex()[:12], other=fitting[0].seq)
    elif wrong := _contradiction(mine, opposite, same):
        findings.add("relay-contradicted", record=mine.seq, chain=wrong.chain.hex()[:12], other=wrong.seq)
    elif whole and mine.peer in [at.chain for at in others]:
        findings.add("relay-denied", record=mine.seq, chain=(mine.peer or b"").hex()[:12])
    else:
        findings.add("relay-alone", record=mine.seq)


def _contradiction(mine: Handover, opposite: list[Handover], same: list[Handover]) -> Handover | None:
    """The record of another chain that says otherwise; None when none of them is about this hand-over."""
    for other in same:
        if other.peer == mine.chain or other.chain == mine.peer:
            return other
    named = [other for other in opposite if mine.peer == other.chain and other.peer == mine.chain]
    return named[0] if named else None
