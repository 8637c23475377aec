# SPDX-License-Identifier: Apache-2.0
"""A card that lies about itself: damaged headers, an older state of it, a cut at the turn of a lap. What no receipt covers stays."""

from fake_board import Card

from sealcam.media import cardguard
from sealcam.media.cardstore import CardForeign, CardFull, CardStore
from sealproto.slot import Superblock

cardguard.protect = lambda card: None
SLOTS = 6
SECTORS = 8 + 33 * 2
CHAIN = bytes(range(32))
SESSION = bytes(16)


def fresh() -> tuple:
    card = Card(1 + SLOTS * SECTORS + 3)
    store = CardStore(card, SECTORS * 512)
    store.format(bytes(16), CHAIN)
    return card, store


def seal(store: CardStore, oldest, number: int) -> tuple:
    """One segment: header and one leaf. (slot, generation), as the chain would name them."""
    place = store.take(oldest, SESSION, 0, number, 1)
    store.block.data[:] = bytes([number]) * len(store.block.data)
    store.block.end_leaf(store.leaf_sector(place[0], 0), 0, True)
    return place


def lap_and_a_third() -> tuple:
    """Slots 0 to 5 written; 0, 1 and 2 receipted; 0 and 1 written again. Only slot 2 may be written now: (card, newest, oldest)."""
    card, store = fresh()
    for number in range(SLOTS):
        seal(store, 0, number) if number else seal(store, None, number)
    seal(store, 3, 6)
    newest = seal(store, 3, 7)
    assert newest == (1, 2) and store.free(3) == 1
    return card, newest, 3


def reopened(card: Card, newest) -> CardStore:
    store = CardStore(card, SECTORS * 512)
    store.open(CHAIN, newest)
    return store


def damage(card: Card, slot: int) -> None:
    card.data[(1 + slot * SECTORS) * 512] ^= 1


def content(card: Card) -> list:
    store = CardStore(card, SECTORS * 512)
    store.open(CHAIN)
    return [store.trailer(slot, 0)[0] for slot in range(SLOTS)]


def fill(store: CardStore, oldest: int) -> int:
    """Seals until the card is full; how many."""
    count = 0
    while True:
        try:
            seal(store, oldest, 100 + count)
        except CardFull:
            return count
        count += 1
        assert count <= SLOTS


def test_damaged_headers_free_no_slot():
    for slots in ([0], [1], [5], [0, 1], [0, 5], list(range(SLOTS))):
        card, newest, oldest = lap_and_a_third()
        for slot in slots:
            damage(card, slot)
        assert fill(reopened(card, newest), oldest) == 1, slots
        assert content(card) == [6, 7, 100, 3, 4, 5], slots


def test_a_card_that_names_other_slots_than_it_has_is_not_written():
    """Where the ring is counted otherwise, what no receipt covers would look free."""
    for slots in (2, 3, 5, SLOTS + 1, 4000):
        card, newest, oldest = lap_and_a_third()
        before = content(card)
        good = bytes(card.data[:512])
        card.data[:512] = Superblock(bytes(16), CHAIN, SECTORS, slots).pack()
        for known in (newest, None):
            try:
                fill(reopened(card, known), oldest)
            except CardForeign:
                continue
            raise AssertionError(slots)
        card.data[:512] = good
        assert content(card) == before


def test_an_older_state_of_the_card_frees_no_slot():
    card, store = fresh()
    for number in range(4):
        newest = seal(store, None if number == 0 else 0, number)
    old = bytearray(card.data)
    for number in range(4, SLOTS):
        newest = seal(store, 0, number)
    card.data[:] = old
    store = reopened(card, newest)
    assert (store.next, store.generation, store.free(0)) == (0, 2, 0)


def test_a_cut_at_the_turn_of_a_lap_keeps_the_count_of_laps():
    for known in (True, False):
        card, store = fresh()
        for number in range(2 * SLOTS):
            newest = seal(store, None, number)  # all are receipted
        damage(card, 0)  # the header of the next lap, torn
        store = reopened(card, newest if known else None)
        assert (store.next, store.generation) == (0, 3)


def test_slots_claimed_and_never_sealed_are_not_written_at_once():
    """A tail lies there, which the boot is about to sign."""
    card, store = fresh()
    newest = seal(store, None, 0)
    seal(store, 0, 1)
    assert reopened(card, newest).next == 2
    assert reopened(card, None).next == 2
