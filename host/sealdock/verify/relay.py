# SPDX-License-Identifier: Apache-2.0
"""Several recordings compared: recorders that relieve each other must name each other, in signed records of both chains.

A hand-over-out of one chain answers a hand-over-in of another when both hold the same token, and their clocks, where both are set, do not
stand further apart than a hand-over takes: there are 625 tokens, and the same recorders relieve each other day after day. They agree when
each names the other's chain; by the number alone when a chain is not named, since the officer entered the number by ear. They contradict
each other when one names a chain that does not name it back:

1. the other record with that token names a third chain, or is a third chain's;
2. the two name each other under different tokens, and the other's is of no hand-over that is known of this chain;
3. the recording of the recorder that is named goes over this time, is whole, and holds no such record.

Whether each record may be believed, each recording's own verdict has said before. What does not lead to the bureau's root says nothing of
another recording.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sealproto import records as rec

from .verdict import Findings, Verdict, conclude

KINDS = (rec.HANDOVER_OUT, rec.HANDOVER_IN)
APART_MS = 600_000  # between the two records of one hand-over, at most: 40 s by sound, a menu by ear, and what two clocks may differ


@dataclass(frozen=True)
class Handover:
    """One believed hand-over record. `peer` is None where it names no chain, `utc` (ms) where the clock was not set."""

    chain: bytes
    seq: int
    type: int
    utc: int | None
    peer: bytes | None
    token: bytes

    def answers(self, other: "Handover") -> bool:
        """Whether the two can be the two sides of one hand-over, whatever they say."""
        apart = 0 if self.utc is None or other.utc is None else abs(self.utc - other.utc)
        return self.type != other.type and self.chain != other.chain and apart <= APART_MS

    def accepts(self, chain: bytes) -> bool:
        return self.peer in (None, chain)


@dataclass(frozen=True)
class Side:
    """What one recording, or one archived chain, says of hand-overs. `whole`: it is a recording of which no record is missing; `spans` are
    first and last time (UTC in ms) of its parts, none where its clock was not set.
    """

    chain: bytes
    handovers: tuple[Handover, ...]
    whole: bool = False
    spans: tuple[tuple[int, int], ...] = ()

    def denies(self, handover: Handover) -> bool:
        """Whether that hand-over, which names this chain, would stand here if it had been. Without both times nobody knows."""
        if not self.whole or self.chain != handover.peer or handover.utc is None:
            return False
        return any(first <= handover.utc <= last for first, last in self.spans)


def side(chain: bytes, records: Iterable[rec.Record]) -> Side:
    """Of believed records of a chain; those of other types are left out."""
    return Side(chain, tuple(_handover(chain, record, record.fields) for record in records if record.type in KINDS and record.fields))


def _handover(chain: bytes, record: rec.Record, fields: dict) -> Handover:
    return Handover(chain, record.seq, record.type, _utc(record), fields["peer_chain"], fields["token"])


def _utc(record: rec.Record) -> int | None:
    return record.utc[0] if record.understood and record.utc else None


def side_of(verdict: Verdict) -> Side | None:
    """Of a recording as its verdict believes it; None when nothing of it can be believed."""
    evidence = verdict.session
    if evidence is None or evidence.chain.genesis is None:
        return None
    session = evidence.session.id
    mine = [record for record in evidence.chain.run if record.fields and record.fields.get("session") == session]
    whole = verdict.integrity == "intact" and verdict.completeness in ("complete", "gaps explained")
    return replace(side(evidence.chain.genesis.chain, mine), whole=whole, spans=_spans(mine))


def _spans(records: Sequence[rec.Record]) -> tuple[tuple[int, int], ...]:
    """Up to what a part signed before it ended: what a loss of power kept from being signed is not denied."""
    spans: list[tuple[int, int]] = []
    runs = False
    for record in records:
        utc = _utc(record)
        if utc is None:
            return ()
        begins = record.type in (rec.SESSION_OPEN, rec.RESUME)
        runs = begins or (runs and record.type not in (rec.INTERRUPT, rec.TAIL_FOUND))
        if begins:
            spans.append((utc, utc))
        elif runs:
            spans[-1] = (spans[-1][0], utc)
    return tuple(spans)


def compare(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts over several recordings, each with what the others say of its hand-overs."""
    sides = [side_of(verdict) for verdict in verdicts]
    heard = [found for found, verdict in zip(sides, verdicts, strict=True) if found and verdict.key != "untrusted"]
    return [
        judge(verdict, mine, [other for other in heard if other is not mine]) if mine else verdict
        for verdict, mine in zip(verdicts, sides, strict=True)
    ]


def judge(verdict: Verdict, mine: Side, others: Sequence[Side]) -> Verdict:
    """The verdict with a finding for each hand-over of its recording. `others` may hold further recordings of the same recorder."""
    findings = Findings()
    findings.all = list(verdict.findings)
    for handover in mine.handovers:
        _judge(findings, handover, [mine, *others])
    return conclude(findings, verdict.simulated, verdict.articles, verdict.root, verdict.session)


def _judge(findings: Findings, mine: Handover, sides: Sequence[Side]) -> None:
    opposite = [other for at in sides for other in at.handovers if mine.answers(other)]
    same = [other for other in opposite if other.token == mine.token != rec.NO_TOKEN]
    fitting = [other for other in same if mine.accepts(other.chain) and other.accepts(mine.chain)]
    both = [other for other in fitting if mine.peer is not None and other.peer is not None]
    if both:
        findings.add("relay-agrees", record=mine.seq, chain=both[0].chain.hex()[:12], other=both[0].seq)
    elif fitting:
        findings.add("relay-by-number", record=mine.seq, chain=fitting[0].chain.hex()[:12], other=fitting[0].seq)
    elif wrong := _contradiction(mine, opposite, same, {known.token for at in sides if at.chain == mine.chain for known in at.handovers}):
        findings.add("relay-contradicted", record=mine.seq, chain=wrong.chain.hex()[:12], other=wrong.seq)
    elif any(at.denies(mine) for at in sides):
        findings.add("relay-denied", record=mine.seq, chain=(mine.peer or b"").hex()[:12])
    else:
        findings.add("relay-alone", record=mine.seq)


def _contradiction(mine: Handover, opposite: list[Handover], same: list[Handover], known: set[bytes]) -> Handover | None:
    """The record of another chain that says otherwise; None when none of them is about this hand-over. known: tokens of this chain."""
    for other in same:
        if other.peer == mine.chain or other.chain == mine.peer:
            return other
    named = [other for other in opposite if mine.peer == other.chain and other.peer == mine.chain and other.token not in known]
    return named[0] if named else None
