# SPDX-License-Identifier: Apache-2.0
"""A slot that fills before five seconds are over: the segment ends there, and the next one goes on with the very next sample."""

from device_cuts import RATE, SESSION, SLOT, Chips, Life
from fake_board import Cut

from sealproto import records
from sealproto.merkle import LEAF_BYTES

STALL_MS = 15_000  # as after a card that kept the recorder waiting: more sound than a slot takes
CAPACITY = (SLOT // 512 - 8) // 33 * LEAF_BYTES


def recorded() -> tuple:
    """[segment's fields, ...] and how often the card was asked how much a slot takes."""
    life = Life(*Chips().fresh(Cut()))
    try:
        life.boot()
        asked = count_leaves(life.cards)
        life.signer.sign(
            records.SESSION_OPEN, session=SESSION, activity=None, profile=bytes(32), prompts=bytes(32), assignment=None, wraps=None,
            content_key_hash=None, media=life.capture.media(), order=0, mode=0, check=[],
        )  # fmt: skip
        life.capture.begin(SESSION, 0, None, 0, 0, 0)
        life.board.pass_ms(STALL_MS)
        for _ in range(4):
            life.capture.turn()
        life.capture.end()
        found = [records.Record(raw) for raw in life.chain.read(0)]
        return [record.fields for record in found if record.type == records.SEGMENT], len(asked)
    finally:
        life.end()


def count_leaves(cards) -> list:
    asked = []
    leaves = cards.leaves

    def counted() -> int:
        asked.append(1)
        return leaves()

    cards.leaves = counted
    return asked


def test_a_full_slot_is_sealed_and_the_next_sample_begins_another():
    found, _ = recorded()
    assert len(found) == 2, len(found)
    assert sum(fields["samples"] for fields in found) == STALL_MS * RATE // 1000
    assert found[1]["first_sample"] == found[0]["samples"]
    assert all(fields["plain_bytes"] <= CAPACITY for fields in found)
    assert found[0]["plain_bytes"] > CAPACITY - 10 * 1024, "a slot is used, but for one turn's sound"


def test_how_much_a_slot_takes_is_asked_once_for_each_segment():
    found, asked = recorded()
    assert asked == len(found), asked
