# SPDX-License-Identifier: Apache-2.0
"""Copying and comparing by words: the same as with slices, at every alignment."""

from sealcam.media import words

SOURCE = bytes([7 * n & 255 for n in range(400)])


def copies_are_those_of_slices():
    for count in (0, 1, 3, 4, 5, 31, 32, 33, 100, 129):
        for at in range(5):
            for first in range(5):
                to, wanted = bytearray(200), bytearray(200)
                words.copy(to, memoryview(SOURCE), count, at, first)
                wanted[at : at + count] = SOURCE[first : first + count]
                assert to == wanted, (count, at, first)


def test_copies_are_those_of_slices():
    assert words._UNALIGNED, "else the quick way is not tried here"
    copies_are_those_of_slices()


def test_also_on_a_processor_that_loads_no_word_from_an_odd_place():
    words._UNALIGNED = False
    try:
        copies_are_those_of_slices()
    finally:
        words._UNALIGNED = True


def test_a_view_is_copied_from_where_it_begins():
    to = bytearray(64)
    words.copy(to, memoryview(SOURCE)[3:203], 50, 1, 2)
    assert to == b"\x00" + SOURCE[5:55] + bytes(13)


def test_every_bit_is_compared():
    a, b = bytearray(SOURCE[:192]), bytearray(SOURCE[:192])
    assert words.same(memoryview(a), memoryview(b), 12)
    for bit in range(8 * 192):
        b[bit >> 3] ^= 1 << (bit & 7)
        assert not words.same(memoryview(a), memoryview(b), 12), bit
        b[bit >> 3] ^= 1 << (bit & 7)
