# SPDX-License-Identifier: Apache-2.0
"""A card that was swapped while nobody looked at its switch: nothing is written over what the other holds, and nothing is signed of it."""

from device_cuts import SESSION, SLOT, SLOTS, Chips, Life
from fake_board import Card, Cut

from sealcam.media.cardstore import CardStore, CardSwapped
from sealproto import records

CARD_SECTORS = 1 + SLOTS * SLOT // 512


def recording() -> Life:
    """In its second segment, of which two leaves lie on the card."""
    life = Life(*Chips().fresh(Cut()))
    life.boot()
    life.signer.sign(
        records.SESSION_OPEN, session=SESSION, activity=None, profile=bytes(32), prompts=bytes(32), assignment=None, wraps=None,
        content_key_hash=None, media=life.capture.media(), order=0, mode=0, check=[],
    )  # fmt: skip
    life.capture.begin(SESSION, 0, None, 0, 0, 0)
    turns(life, 18)
    assert life.capture.number == 1
    return life


def turns(life: Life, count: int) -> None:
    for _ in range(count):
        life.board.pass_ms(500)
        life.capture.turn()


def others(life: Life, chain: bytes | None = None) -> bytearray:
    """Another card: of the same recorder, or of another's chain."""
    card = Card(CARD_SECTORS)
    CardStore(card, SLOT).format(b"another card...!", chain or life.chain.id)
    return card.data


def sealed(life: Life) -> int:
    return len([raw for raw in life.chain.read(0) if records.Record(raw).type == records.SEGMENT])


def swaps(act, *values) -> None:
    try:
        act(*values)
    except CardSwapped:
        return
    raise AssertionError("not noticed")


def test_a_segment_on_two_cards_is_not_signed():
    for chain in (None, b"c" * 32):
        life = recording()
        own, life.board.card.data = life.board.card.data, others(life, chain)
        swaps(turns, life, 8)
        assert sealed(life) == 1 and not life.cards.ready
        life.board.card.data = own
        assert life.cards.swapped(), "only opening tells where the ring goes on"
        life.cards.open(life.chain.id, life.history.newest)
        assert life.cards.ready and not life.cards.swapped()
        life.end()


def test_nor_when_the_other_card_is_a_copy_of_the_own_one():
    """Made before the segment began, so with the same superblock: what was recorded since is not on it."""
    for kept in (512, CARD_SECTORS * 512):
        life = recording()
        own = life.board.card.data
        copy = own[:kept] + bytes(len(own) - kept)
        turns(life, 8)
        assert sealed(life) == 2 and life.capture.number == 2
        life.board.card.data = copy
        swaps(turns, life, 12)
        assert sealed(life) == 2 and not life.cards.ready and life.cards.swapped()
        life.cards.open(life.chain.id, life.history.newest)
        assert life.cards.ready
        life.end()


def test_no_slot_of_another_card_is_taken():
    """Not even of the recorder's own second one, where what no receipt covers may lie at that very place."""
    life = recording()
    life.capture.end()
    life.board.card.data = others(life)
    before = bytes(life.board.card.data)
    swaps(life.cards.take, None, SESSION, 0, 9, 1)
    assert life.board.card.data == before
    life.end()


def test_a_card_that_cannot_be_read_is_not_called_another():
    life = recording()
    life.board.card.gone = True
    assert not life.cards.swapped()
    life.board.card.gone = False
    turns(life, 8)
    assert sealed(life) == 2
    life.end()


def test_a_card_that_could_not_be_read_when_it_was_opened_is_looked_at_again():
    """No switch may tell that it can be now: it was in all the time, or there is no switch."""
    life = recording()
    life.capture.end()
    life.board.card.gone = True
    try:
        life.cards.open(life.chain.id, life.history.newest)
        raise AssertionError("opened")
    except OSError:
        assert not life.cards.swapped() and not life.cards.ready
    life.board.card.gone = False
    assert life.cards.swapped(), "which has it opened"
    life.cards.open(life.chain.id, life.history.newest)
    assert life.cards.ready and not life.cards.swapped()
    life.end()
