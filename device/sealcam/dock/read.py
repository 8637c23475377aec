# SPDX-License-Identifier: Apache-2.0
"""What a station may read: status, records, leaves of segments, leaves of an unsealed tail, the time.

While a session is being recorded only status, records and time are answered: leaves would take the card away from what is being sealed.
"""

from sealcam import FIRMWARE
from sealcam.dock.link import Refuse
from sealproto import messages, records
from sealproto.limits import RECORDS_MAX
from sealproto.merkle import LEAF_BYTES
from sealproto.slot import SECTOR, SlotError, Trailer

_RECORDS_BYTES = min(RECORDS_MAX, 2048)  # in one answer: it is held in RAM four times while it is sealed


class Reading:
    """Handlers over a Dock's parts."""

    def __init__(self, parts) -> None:
        self._parts = parts
        self._found: tuple = (-1, None)  # the record that leaves were asked of last

    async def status(self, call, fields: dict) -> dict:
        """What a station must know first; null is what does not exist yet, or cannot be told now."""
        p = self._parts
        enrolled = p.chain.id is not None
        return {
            "chain": p.chain.id,
            "head_seq": p.chain.seq if enrolled else None,
            "head_hash": p.chain.head if enrolled else None,
            "first_seq": p.chain.first() if enrolled else None,
            "boot": p.signer.boot,
            "ms": p.clock.ms(),
            "utc": p.clock.utc_ms(),
            "slots_used": p.cardstore.slots - p.cardstore.free(p.history.oldest_slot) if p.cardstore.ready else None,
            "slots_total": p.cardstore.slots if p.cardstore.ready else None,
            "enrolled": enrolled,
            "session_open": p.history.session is not None,
            "board": p.board.NAME,
            "firmware": FIRMWARE,
            "battery_mv": self._battery(),
            "receipt": p.history.receipt_counter or None,
            "revocations": p.trust.revocations.number or None,
            "profile": p.objects.profile_hash,
            "prompts": p.objects.prompts_hash,
            "assignment": p.objects.assignment_hash,
        }

    def _battery(self) -> int | None:
        try:
            return self._parts.board.battery.read_mv()
        except OSError:
            return None

    async def time(self, call, fields: dict) -> dict:
        p = self._parts
        return {"boot": p.signer.boot, "ms": p.clock.ms(), "utc": p.clock.utc_ms()}

    async def records(self, call, fields: dict) -> dict:
        """Whole records in order, at least one as long as there is one; what was dropped is not held."""
        chain = self._parts.chain
        first, room = fields["from"], min(fields["bytes"], _RECORDS_BYTES)
        if first < chain.first():
            raise Refuse(messages.NOT_HELD)
        found: list = []
        if first <= chain.seq:
            for raw in chain.read(first):
                room -= len(raw)
                if found and room < 0:
                    break
                found.append(raw)
        return {"records": found, "next": first + len(found)}

    async def leaves(self, call, fields: dict) -> dict:
        """`count` leaves of a segment's record, from leaf `first` on, as stored. Refuse when the slot holds them no longer."""
        segment, first, count = fields["segment"], fields["first"], fields["count"]
        what = self._segment(segment)
        for index in range(first, first + count):
            size = min(LEAF_BYTES, what["stored_bytes"] - index * LEAF_BYTES)
            if size <= 0:
                raise Refuse(messages.NOT_HELD)
            self._demand_card()  # once more for each leaf: recording never waits for a station
            await call.media(segment, index, size)
            await self._send(call, what["slot"], index, size)
        return {"sent": count}

    def _segment(self, seq: int) -> dict:
        """The fields of a segment's record whose slot still holds it."""
        self._demand_card()
        if self._found[0] != seq:
            raw = self._parts.chain.get(seq)
            record = records.Record(raw) if raw is not None else None
            if record is None or record.type != records.SEGMENT or record.fields is None:
                raise Refuse(messages.NOT_HELD)
            self._found = (seq, record.fields)
        what = self._found[1]
        header = self._parts.cardstore.header(what["slot"]) if what["slot"] < self._parts.cardstore.slots else None
        if header is None or (header.generation, header.segment, header.session) != (what["generation"], what["number"], what["session"]):
            raise Refuse(messages.NOT_HELD)
        return what

    async def tail(self, call, fields: dict) -> dict:
        """The same of a slot that was never sealed, each leaf with its trailer."""
        slot, first, count = fields["slot"], fields["first"], fields["count"]
        self._demand_card()
        header = self._parts.cardstore.header(slot) if slot < self._parts.cardstore.slots else None
        if header is None:
            raise Refuse(messages.NOT_HELD)
        for index in range(first, first + count):
            if index >= self._parts.cardstore.leaves():
                raise Refuse(messages.NOT_HELD)
            self._demand_card()
            sector = bytes(self._parts.cardstore.trailer(slot, index))
            size = self._length(header, index, sector)
            await call.tail(slot, index, sector, size)
            await self._send(call, slot, index, size)
        return {"sent": count}

    def _length(self, header, index: int, sector: bytes) -> int:
        """Stored bytes of the leaf, when its trailer belongs to what the slot's header says."""
        try:
            trailer, _ = Trailer.unpack(sector)
        except SlotError:
            raise Refuse(messages.NOT_HELD)
        mine = (trailer.segment, trailer.generation, trailer.part, trailer.boot, trailer.index)
        if mine != (header.segment, header.generation, header.part, header.boot, index) or not 0 < trailer.length <= LEAF_BYTES:
            raise Refuse(messages.NOT_HELD)
        return trailer.length

    def _demand_card(self) -> None:
        if self._parts.events.recording():
            raise Refuse(messages.NOT_NOW)
        if not self._parts.cardstore.ready:
            raise Refuse(messages.STORAGE)

    async def _send(self, call, slot: int, index: int, size: int) -> None:
        """The bytes of a leaf. Those that were announced must come, so a card that fails now ends the link."""
        store = self._parts.cardstore
        place = 0
        while place < size:
            room = max(SECTOR, min(await call.room(SECTOR), len(store.block.check)) // SECTOR * SECTOR)
            piece = store.block.check[:room]  # given away before anybody else can read from the card
            try:
                store.read_leaf(slot, index, place, piece)
            except OSError:
                call.give_up()
            call.piece(piece[: size - place])
            place += room
