# SPDX-License-Identifier: Apache-2.0
"""What a boot finds and signs: missing copies in slots, leaves that no record covers, a session that was cut off."""

from sealcam.media.cardstore import tail
from sealproto import codes, records
from sealproto.merkle import root
from sealproto.slot import Trailer

_WATCHDOG = 2


def repair_copy(store, chain) -> None:
    """A cut between record and copy leaves the last slot without its copy: it is put there from the chain."""
    header = store.last()
    if header is None or store.copy(header.slot) is not None:
        return
    for raw in chain.read(max(0, chain.seq - 40)):
        record = records.Record(raw)
        if record.type == records.SEGMENT and record.fields["slot"] == header.slot and record.fields["generation"] == header.generation:
            store.put_copy(header.slot, raw)


def find_tail(store, history) -> tuple | None:
    """(header, [(Trailer, hash), ...]) of leaves in the last slot that no record covers, or None."""
    header = store.last()
    session = history.session
    if header is None or session is None or header.session != session.id or header.segment < session.segments:
        return None
    leaves = tail(store, header)
    return (header, leaves) if leaves else None


def sign_tail(store, history, signer) -> Trailer | None:
    """Signs an unsealed tail, if there is one, and returns the trailer of its last leaf. From then on its number is taken; its frames and
    samples are not counted, since only the station can tell which of them hold.
    """
    found = find_tail(store, history) if store.ready else None
    if found is None:
        return None
    header, leaves = found
    last = leaves[-1][0]
    signer.sign(
        records.TAIL_FOUND,
        session=header.session, part=header.part, number=header.segment, slot=header.slot, generation=header.generation,
        leaves=len(leaves), root=root([item[1] for item in leaves]), last_ms=last.ms, last_boot=last.boot,
    )  # fmt: skip
    return last


def sign_cut(store, history, signer, reset_cause: int, proves) -> None:
    """Signs what was found after a session was cut off: the unsealed tail, then the interruption.

    `proves(fact)` is the cause that a measured fact proves under the profile.
    """
    session = history.session
    try:
        tail_end = sign_tail(store, history, signer)
    except OSError:  # of the card; flash would fail again below
        tail_end = None
    last_ms, last_boot = (tail_end.ms, tail_end.boot) if tail_end else (session.last_ms, session.boot)
    fact = codes.FACT_WATCHDOG_RESTART if reset_cause == _WATCHDOG else codes.FACT_POWER_LOST
    signer.sign(
        records.INTERRUPT,
        session=session.id, part=session.part, fact=fact, cause=proves(fact), measured={records.MEASURED_RESET: reset_cause},
        at_next_boot=True, segments=session.segments, frames=session.frames, samples=session.samples,
        last_ms=last_ms, last_boot=last_boot,
    )  # fmt: skip
