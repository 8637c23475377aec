# SPDX-License-Identifier: Apache-2.0
"""Secrets through every power cut: the old set or the new one, never a mixture, and never both for longer than a boot."""

from fake_board import BLOCK, Cut, Keystore, PowerCut

from sealcam.chain import keystore
from sealcam.chain.keystore import KeystoreError

OLD = {keystore.IDENTITY: b"i" * 32, keystore.EPOCH: b"\x01\x00\x00\x00" + b"e" * 32}
NEW = {keystore.EPOCH: b"\x02\x00\x00\x00" + b"f" * 32, keystore.SEED: b"s" * 32}


def held(store) -> tuple:
    return store.get(keystore.IDENTITY), store.get(keystore.EPOCH), store.get(keystore.SEED)


BEFORE = (OLD[keystore.IDENTITY], OLD[keystore.EPOCH], None)
AFTER = (OLD[keystore.IDENTITY], NEW[keystore.EPOCH], NEW[keystore.SEED])


def on_chip(blocks, secret: bytes) -> bool:
    return any([secret in bytes(block) for block in blocks.blocks])


def test_a_blank_store_holds_nothing():
    store = keystore.Keystore(Keystore())
    assert store.blank and held(store) == (None, None, None)


def test_what_was_replaced_is_gone_from_the_chip():
    chip = Keystore(blocks=3)
    store = keystore.Keystore(chip)
    store.change(OLD)
    store.change(NEW)
    assert not on_chip(chip, b"e" * 32) and on_chip(chip, b"f" * 32)
    store.change({keystore.SEED: None})
    assert not on_chip(chip, b"s" * 32)
    assert keystore.Keystore(chip).get(keystore.IDENTITY) == b"i" * 32


def test_old_or_new_at_every_cut():
    for torn in (True, False):
        for after in range(20):
            cut = Cut()
            chip = Keystore(cut, 3)
            store = keystore.Keystore(chip)
            for _ in range(4):  # so that the ring of blocks has gone round
                store.change(OLD)
            cut.after, cut.torn = cut.count + after, torn
            try:
                store.change(NEW)
                assert held(store) == AFTER
                done = True
            except PowerCut:
                done = False
            chip = chip.after_cut()
            again = keystore.Keystore(chip)
            assert held(again) in ((AFTER,) if done else (BEFORE, AFTER))
            if held(again) == AFTER:
                assert not on_chip(chip, b"e" * 32), "the replaced secret outlived a boot"
            again.change(NEW)
            assert held(keystore.Keystore(chip)) == AFTER
            if done:
                return
    raise AssertionError("no run came to its end")


def test_each_block_is_erased_once_for_each_time_it_is_written():
    """An erase takes 45 ms, in which nothing else runs. What an earlier boot left is erased again: a cut may have come into its erasing."""
    for blocks in (2, 3):
        chip = Keystore(blocks=blocks)
        keystore.Keystore(chip).change(OLD)
        again = keystore.Keystore(chip)
        assert erases(chip, again, blocks - 1) == 2 * (blocks - 1)
        assert erases(chip, again, 6) == 6


def erases(chip, store, changes: int) -> int:
    erased = []
    chip.erase = lambda block: (erased.append(block), Keystore.erase(chip, block))
    for _ in range(changes):
        store.change(NEW)
    del chip.erase
    return len(erased)


def test_a_block_that_did_not_take_a_set_is_erased_before_the_next():
    chip = Keystore()
    store = keystore.Keystore(chip)
    store.change(OLD)
    store.change(OLD)
    chip.write = lambda block, data: Keystore.write(chip, block, data[:9])
    try:
        store.change(NEW)
        raise AssertionError("half a set counted as one")
    except KeystoreError:
        del chip.write
    store.change(NEW)
    assert held(store) == held(keystore.Keystore(chip)) == AFTER


def test_a_cut_on_a_new_recorder_leaves_it_usable():
    for torn in (True, False):
        for after in range(6):
            cut = Cut(after, torn)
            chip = Keystore(cut)
            try:
                keystore.Keystore(chip).change(OLD)
                done = True
            except PowerCut:
                done = False
            chip = chip.after_cut()
            store = keystore.Keystore(chip)
            assert held(store) == BEFORE if done else store.blank or held(store) == BEFORE
            store.change(OLD)
            assert held(keystore.Keystore(chip)) == BEFORE


def test_damage_is_no_blank_store():
    chip = Keystore()
    keystore.Keystore(chip).change(OLD)
    for block in chip.blocks:
        if bytes(block) != b"\xff" * BLOCK:
            block[20] ^= 1
    try:
        keystore.Keystore(chip)
    except KeystoreError:
        return
    raise AssertionError("a damaged store passed for a whole or a blank one")


def test_every_changed_bit_of_the_set_is_found():
    chip = Keystore()
    keystore.Keystore(chip).change(OLD)
    place = next(n for n in range(2) if bytes(chip.blocks[n]) != b"\xff" * BLOCK)
    size = len(bytes(chip.blocks[place]).rstrip(b"\xff"))
    for at in range(size):
        chip.blocks[place][at] ^= 0x10
        try:
            store = keystore.Keystore(Keystore(None, 0, chip.blocks))
            assert held(store) == BEFORE, at
            raise AssertionError("byte {} changed and nobody saw it".format(at))
        except KeystoreError:
            pass
        chip.blocks[place][at] ^= 0x10


def test_a_store_that_does_not_keep_is_named():
    chip = Keystore()
    chip.write = lambda block, data: None
    try:
        keystore.Keystore(chip).change(OLD)
    except KeystoreError:
        return
    raise AssertionError("secrets that were never stored counted as stored")
