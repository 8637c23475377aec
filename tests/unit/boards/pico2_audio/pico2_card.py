# SPDX-License-Identifier: Apache-2.0
"""The card driver against a card that keeps the SD specification, and against ones that do not."""

import errno
import time

from machine import SPI, Pin
from pico2_parts import sdcrc
from pico2_parts.card import Card
from pico2_parts.sdspi import SdSpi
from sdcard import SdCard, crc7, crc16
from world import WORLD

SWITCH = 6


def socket(sectors: int = 8192) -> tuple:
    """(board's card, the chip in the socket)."""
    WORLD.pins.clear()
    chip = WORLD.wired["spi"] = SdCard(sectors)
    driver = SdSpi(SPI(0, 400_000, Pin(2), Pin(3), Pin(4)), Pin(5, Pin.OUT, value=1), time.ticks_ms)
    switch = Pin(SWITCH, Pin.IN, Pin.PULL_UP, value=0)
    return Card(driver, switch, Pin.IRQ_FALLING | Pin.IRQ_RISING), chip


def error(function, *arguments) -> int:
    try:
        function(*arguments)
    except OSError as reason:
        return reason.args[0]
    return 0


def pattern(sectors: int, seed: int) -> bytearray:
    return bytearray([(place * 31 + (place >> 9) * 7 + seed) & 255 for place in range(512 * sectors)])


def test_checksums_are_those_of_the_specification():
    for frame, check in ((b"\x40\0\0\0\0", 0x95), (b"\x48\0\0\x01\xaa", 0x87), (b"\x51\0\0\0\0", 0x55)):
        assert sdcrc.crc7(frame, 5) == check == crc7(frame)
    assert sdcrc.crc16(b"\xff" * 512, 512) == 0x7FA1
    data = bytes(pattern(1, 5))
    assert sdcrc.crc16(data, 512) == int.from_bytes(crc16(data), "big")


def test_wakes_slowly_then_runs_fast():
    card, chip = socket()
    assert card.present() and card.sectors() == 8192
    assert chip.commands[:3] == [0, 8, 59] and [call[1] for call in WORLD.calls if call[0] == "spi"][-2:] == [400_000, 20_000_000]


def test_writes_and_reads_one_sector_and_a_leaf():
    card, chip = socket()
    for sector, count in ((0, 1), (7, 33), (8192 - 33, 33)):
        data = pattern(count, sector)
        card.write(sector, data)
        assert chip.data[sector * 512 : (sector + count) * 512] == data
        back = bytearray(len(data))
        card.read(sector, back)
        assert back == data


def test_refuses_what_lies_outside():
    card, _ = socket()
    assert error(card.read, 8192, bytearray(512)) == errno.EIO
    assert error(card.write, 8191, bytearray(1024)) == errno.EIO
    assert error(card.write, 0, bytearray(100)) == errno.EINVAL


def test_a_wrong_checksum_on_the_way_is_tried_again():
    for knob in ("garble_reads", "garble_writes", "garble_commands"):
        card, chip = socket()
        data = pattern(33, 1)
        card.sectors()
        setattr(chip, knob, 2)
        card.write(3, data)
        back = bytearray(len(data))
        card.read(3, back)
        assert back == data and card._driver.retries == 2, knob


def test_checksums_that_stay_wrong_are_an_error():
    for knob in ("garble_reads", "garble_writes"):
        card, chip = socket()
        card.sectors()
        setattr(chip, knob, 1000)
        buf = pattern(2, 1)
        assert error(card.read if knob == "garble_reads" else card.write, 3, buf) == errno.EIO


def test_a_refused_block_is_an_error_and_the_card_works_again_after_it():
    for count in (1, 4):
        card, chip = socket()
        card.sectors()
        chip.refuses = True
        assert error(card.write, 5, pattern(count, 2)) == errno.EIO
        chip.refuses = False
        card.write(5, pattern(count, 3))
        assert chip.data[5 * 512 : (5 + count) * 512] == pattern(count, 3)


def test_a_status_that_tells_of_a_failed_write_is_an_error():
    card, chip = socket()
    card.sectors()
    chip.status = 0x04
    assert error(card.write, 5, pattern(1, 2)) == errno.EIO


def test_a_card_may_be_busy_for_half_a_second_but_not_for_ever():
    card, chip = socket()
    card.sectors()
    chip.busy_ms = 450
    start = WORLD.us
    card.write(1, pattern(1, 1))
    assert 450_000 <= WORLD.us - start < 600_000
    chip.stuck = True
    start = WORLD.us
    assert error(card.write, 1, pattern(1, 1)) == errno.EIO
    assert WORLD.us - start < 1_000_000


def test_many_slow_blocks_end_before_sound_is_lost():
    card, chip = socket()
    card.sectors()
    chip.busy_ms = 100
    start = WORLD.us
    assert error(card.write, 1, pattern(33, 1)) == errno.EIO
    assert WORLD.us - start < 1_600_000  # the limit, and what the card takes to stop


def test_an_empty_socket():
    card, _ = socket()
    WORLD.level(SWITCH, 1)
    assert not card.present() and error(card.sectors) == errno.ENODEV
    assert error(card.read, 0, bytearray(512)) == errno.ENODEV


def test_a_card_that_does_not_answer_is_none():
    card, chip = socket()
    chip.gone = True
    start = WORLD.us
    assert error(card.sectors) == errno.ENODEV
    assert WORLD.us - start < 1_000_000


def test_pulled_out_in_the_middle_of_a_write():
    card, chip = socket()
    card.sectors()
    chip.busy_ms = 50
    original = chip._end_block

    def pull():
        original()
        chip.gone = True
        WORLD.level(SWITCH, 1)

    chip._end_block = pull
    assert error(card.write, 1, pattern(4, 1)) == errno.ENODEV
    assert not card.present()


def test_a_card_swapped_between_two_looks_is_seen():
    card, _ = socket()
    assert card.present() and card.sectors() == 8192
    WORLD.level(SWITCH, 1)
    other = WORLD.wired["spi"] = SdCard(4096)
    WORLD.level(SWITCH, 0)
    assert error(card.write, 0, bytearray(512)) == errno.ENODEV
    assert not card.present()
    assert card.present() and card.sectors() == 4096
    assert other.data == bytearray(4096 * 512)


def test_a_card_that_stores_nothing_is_found_by_reading_back():
    card, chip = socket()
    chip.drops = True
    card.write(9, pattern(1, 4))
    back = bytearray(512)
    card.read(9, back)
    assert back != pattern(1, 4)
