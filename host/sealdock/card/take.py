# SPDX-License-Identifier: Apache-2.0
"""Taking a whole card in: what its slots hold of segments whose records are archived, and staging of the others.

No receipt is given: only the recorder can take one, and the next dock states what came from the card like what came over the line.
"""

from dataclasses import dataclass, field
from pathlib import Path

from sealdock.archive import RecorderRow
from sealdock.errors import SignatureError
from sealdock.keys import check_signature, kid
from sealdock.station import Station
from sealdock.sync.branches import Refused
from sealdock.sync.progress import Progress, Quiet
from sealdock.text import say

from .image import Card, CardError, Slot
from .settle import Outcome, settle
from .staged import stage

_WRONG = {
    Outcome.WRONG: "card-wrong",
    Outcome.PART: "card-part",
    Outcome.CONTRADICTS: "card-contradicts",
    Outcome.CLOSED: "card-closed",
}


@dataclass
class Imported:
    """What a card gave: slots by what became of them, bytes taken or staged, `problems` as lines, `whole` unless the image ends early."""

    chain: bytes
    slots: int
    whole: bool
    taken: int = 0
    held: int = 0
    staged: int = 0
    bytes: int = 0
    problems: list[str] = field(default_factory=list)


def import_card(station: Station, path: Path, progress: Progress | None = None) -> Imported:
    """Takes a card image or block device. CardError when it is none of a recorder that is known here; Refused for one with an alarm."""
    with Card(path) as card:
        return _Import(station, card, progress or Quiet()).run()


class _Import:
    def __init__(self, station: Station, card: Card, progress: Progress) -> None:
        self.station = station
        self.card = card
        self.progress = progress
        self.recorder = _owner(station, card)
        self.chain = self.recorder.chain
        self.at = station.archive.position(self.chain)
        self.result = Imported(self.chain, card.super.slots, card.whole)

    def run(self) -> Imported:
        self.progress.begin("slots", self.card.slots_there)
        for slot in self.card.slots():
            self._slot(slot)
            self.progress.advance("slots", 1)
        self.progress.end("slots")
        if not self.card.whole:
            self._problem("card-ends", slot=self.card.slots_there, slots=self.card.super.slots)
        return self.result

    def _slot(self, slot: Slot) -> None:
        if slot.damaged:
            self._problem("card-slot-damaged", slot=slot.number)
        strange = self._strange(slot)
        if strange is not None:
            self._problem(strange, slot=slot.number)
            return
        outcome = settle(self.station, self.chain, slot)
        if outcome is Outcome.TAKEN:
            self.result.taken += 1
            self.result.bytes += slot.media_bytes
        elif outcome is Outcome.HELD:
            self.result.held += 1
        elif outcome is Outcome.UNKNOWN:
            self.result.staged += 1
            self.result.bytes += stage(self.station.archive, self.chain, slot)
        elif outcome in _WRONG:
            self._problem(_WRONG[outcome], slot=slot.number)

    def _strange(self, slot: Slot) -> str | None:
        """Why a slot is not this recorder's; None when it is, as far as can be told before its record is here."""
        header, copy = slot.header, slot.copy
        if header is not None and (header.card, header.chain, header.slot) != (self.card.super.card, self.chain, slot.number):
            return "card-slot-foreign"
        if copy is None:
            return None
        fields = copy.fields or {}
        if copy.chain != self.chain or fields["slot"] != slot.number:
            return "card-slot-foreign"
        if header is not None and (header.session, header.segment, header.generation) != (
            fields["session"], fields["number"], fields["generation"],
        ):  # fmt: skip
            return "card-slot-foreign"
        return None if self._signed(slot) else "card-forged"

    def _signed(self, slot: Slot) -> bool:
        """Of a copy beyond the archived chain: False when it names the epoch's key that is known here and is not signed by it."""
        copy = slot.copy
        if copy is None or self.at is None or copy.seq < self.at.seq or copy.kid != kid(self.at.key):
            return True  # settle() compares with the archived record, now or when it is here
        try:
            check_signature(self.at.key, copy.sign1.signed, copy.sign1.signature)
        except SignatureError:
            return False
        return True

    def _problem(self, key: str, **values: object) -> None:
        self.progress.note(key, **values)
        self.result.problems.append(say(key, **values))


def _owner(station: Station, card: Card) -> RecorderRow:
    recorder = station.archive.recorder(card.super.chain)
    if recorder is None:
        raise CardError(say("card-foreign", path=card.path, chain=card.super.chain.hex()[:12]))
    if recorder.alarm:
        raise Refused(say("recorder-refused", number=recorder.number, why=recorder.alarm))
    return recorder
