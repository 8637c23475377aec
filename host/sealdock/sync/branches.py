# SPDX-License-Identifier: Apache-2.0
"""A recorder whose chain is not the one that was archived: found out, kept as evidence, refused.

A head below the archived one with the archived hash was rolled back (or cut off). A record signed by the chain's key that continues
something else is a fork: two branches under one key prove a cloned key or a restored storage. Both are kept.
"""

from hashlib import sha256

from sealdock import chain as chains
from sealdock import durable, log
from sealdock.chain import ChainError, Position
from sealdock.errors import ExitCode, SealdockError
from sealdock.station import Station, now_ms
from sealdock.text import say

from .dock import Dock, Gone, Status

ROLLED_BACK = 1
FORKED = 2
ALTERED = 3
_EVIDENCE_BYTES = 4 << 20
NAMES = {ROLLED_BACK: "rolled-back", FORKED: "forked", ALTERED: "altered"}


class Refused(SealdockError):
    """The recorder's chain contradicts the archive. An alarm was raised and the recorder is refused from now on."""

    exit_code = ExitCode.VERIFICATION_FAILED


def check_head(station: Station, dock: Dock, status: Status) -> None:
    """Refused when the recorder's head cannot continue what is archived; nothing when it can, as far as the head alone tells."""
    at = station.archive.position(status.chain)
    if at is None:
        return
    if status.head_seq + 1 > at.seq:
        return
    known = station.archive.record_hash(status.chain, status.head_seq)
    if known != status.head_hash:
        raise forked(station, dock, status)
    if status.head_seq + 1 < at.seq:
        text = say("rolled-back", have=status.head_seq + 1, known=at.seq)
        raise _alarm(station, status.chain, ROLLED_BACK, text, _shown(dock, status.head_seq))


def contradicts(station: Station, dock: Dock, status: Status, raws: list[bytes], error: ChainError) -> Refused:
    """What a record that does not continue the archive means: a fork that began earlier, or an alteration. The error to raise.

    After a fork both sides change their epoch keys, so the first record seen of the other branch may look like a forgery.
    """
    at = station.archive.position(status.chain)
    try:
        if at is not None and _parting(station, dock, status, at.seq - 1) < at.seq:
            return forked(station, dock, status)
    except Gone:  # what it will not show cannot be judged; what it showed is kept
        pass
    return _alarm(station, status.chain, ALTERED, say("altered", seq=at.seq if at else 0, why=error), raws)


def forked(station: Station, dock: Dock, status: Status) -> Refused:
    """Fetches the other branch, keeps it, raises the alarm; the error to raise."""
    try:
        return _forked(station, dock, status)
    except Gone as error:  # the head that it named is proof enough, whatever it will not show
        return _alarm(station, status.chain, ALTERED, say("altered", seq=status.head_seq, why=error), [])


def _forked(station: Station, dock: Dock, status: Status) -> Refused:
    at = station.archive.position(status.chain)
    assert at is not None
    parting = _parting(station, dock, status, min(at.seq - 1, status.head_seq))
    branch = _fetch(dock, parting, status.head_seq)
    if not branch:
        raise Gone(say("records-missing", first=parting))
    why = _not_signed(_position_before(station, status.chain, parting), branch)
    if why is not None:
        return _alarm(station, status.chain, ALTERED, say("altered", seq=parting, why=why), branch)
    return _alarm(station, status.chain, FORKED, say("forked", seq=parting), branch)


def broken_promise(station: Station, status: Status) -> Refused:
    """The records do not lead to the head that the recorder named; the error to raise."""
    why = "it is not the head that was named"
    return _alarm(station, status.chain, ALTERED, say("altered", seq=status.head_seq, why=why), [])


def _parting(station: Station, dock: Dock, status: Status, high: int) -> int:
    """The first sequence number at which the two chains differ: everything before it is common."""
    low = status.first
    while low <= high:
        middle = (low + high) // 2
        ours = station.archive.record_hash(status.chain, middle)
        theirs = sha256(dock.records(middle, middle)[0]).digest()
        if ours == theirs:
            low = middle + 1
        else:
            high = middle - 1
    return low


def _fetch(dock: Dock, first: int, last: int) -> list[bytes]:
    """The records, or as many as are evidence enough: a hostile recorder could go on for ever."""
    out: list[bytes] = []
    while first + len(out) <= last and sum(map(len, out)) < _EVIDENCE_BYTES:
        out += dock.records(first + len(out), last)
    return out


def _shown(dock: Dock, seq: int) -> list[bytes]:
    try:
        return _fetch(dock, seq, seq)
    except Gone:
        return []


def _position_before(station: Station, chain: bytes, seq: int) -> Position | None:
    at: Position | None = None
    if seq > 0:
        for raw in station.archive.records(chain, 0, seq - 1):
            at = (chains.follow(at, raw) if at else chains.begin(raw))[1]
    return at


def _not_signed(at: Position | None, branch: list[bytes]) -> str | None:
    """Why the other branch's first record is no valid continuation either; None when it is, which makes it a fork."""
    try:
        if at is None:
            chains.begin(branch[0])
        else:
            chains.follow(at, branch[0])
    except ChainError as error:
        return str(error)
    return None


def _alarm(station: Station, chain: bytes, code: int, text: str, found: list[bytes]) -> Refused:
    utc = now_ms()
    evidence = b"".join(found)
    name = f"branches/{chain.hex()}-{utc}.cbor"
    durable.write_file(station.archive.folder / name, evidence)
    station.log.append(log.ALARM, chain, code, sha256(evidence).digest(), utc)
    with station.archive.transaction() as db:
        db.execute("INSERT INTO alarm(chain, code, text, utc, evidence) VALUES (?, ?, ?, ?, ?)", (chain, NAMES[code], text, utc, name))
        db.execute("UPDATE recorder SET alarm = ? WHERE chain = ?", (NAMES[code], chain))
    return Refused(text)
