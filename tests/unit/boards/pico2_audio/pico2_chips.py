# SPDX-License-Identifier: Apache-2.0
"""Clock, battery, flash, key store, buttons, lights and the dock line, each against its chip."""

import errno
import time

import rp2
import vfs
from machine import ADC, I2C, WDT, Pin, Timer
from pico2_parts import civil, usbserial
from pico2_parts.battery import Battery
from pico2_parts.buttons import Buttons
from pico2_parts.ds3231 import Clock
from pico2_parts.flash import Pages
from pico2_parts.keystore import Keystore
from pico2_parts.panel import Lights, Vibrator
from pico2_parts.watchdog import Watchdog
from rtcchip import RtcChip
from world import WORLD

from sealcam.chain import flash as littlefs
from sealcam.chain import keystore as secrets
from sealcam.officer.buttons import Buttons as Debounced

TICK = 28
UTC = 1_772_323_199_640  # 2026-02-28 23:59:59.640


def error(function, *arguments) -> int:
    try:
        function(*arguments)
    except OSError as reason:
        return reason.args[0]
    return 0


# --- calendar clock -----------------------------------------------------------------------------------------------------------


def clock(wired: bool = True) -> tuple:
    WORLD.pins.clear()
    WORLD.timers.clear()
    tick = Pin(TICK, Pin.IN, Pin.PULL_UP)
    chip = WORLD.wired["i2c", 0x68] = RtcChip(TICK if wired else None)
    return Clock(I2C(1, Pin(14), Pin(15), 400_000), tick, Pin.IRQ_FALLING, time.ticks_ms), chip


def again(chip) -> Clock:
    """The recorder after a power cut, with the same chip."""
    tick = WORLD.pins.pop(TICK)
    del tick
    return Clock(I2C(1, Pin(14), Pin(15), 400_000), Pin(TICK, Pin.IN, Pin.PULL_UP), Pin.IRQ_FALLING, time.ticks_ms)


def test_days_of_the_calendar():
    for seconds, parts in (
        (0, (1970, 1, 1, 0, 0, 0)),
        (951_782_399, (2000, 2, 28, 23, 59, 59)),
        (951_868_800, (2000, 3, 1, 0, 0, 0)),
        (1_772_323_199, (2026, 2, 28, 23, 59, 59)),
        (1_830_297_599, (2027, 12, 31, 23, 59, 59)),
        (4_102_444_799, (2099, 12, 31, 23, 59, 59)),
    ):
        assert civil.from_seconds(seconds) == parts and civil.to_seconds(*parts) == seconds
    for seconds in range(946_684_800, 4_102_444_800, 86_400 * 37 + 12_345):
        assert civil.to_seconds(*civil.from_seconds(seconds)) == seconds


def test_a_clock_that_stood_still_says_nothing():
    rtc, chip = clock()
    assert rtc.read_ms() is None
    rtc.set_ms(UTC)
    assert abs(rtc.read_ms() - UTC) < 20
    chip.registers[0x0F] |= 0x80
    assert rtc.read_ms() is None


def test_counts_milliseconds_over_the_end_of_a_month_and_a_power_cut():
    rtc, chip = clock()
    rtc.set_ms(UTC)
    begun = WORLD.us
    for _ in range(9):
        WORLD.pass_ms(777)
        assert abs(rtc.read_ms() - UTC - (WORLD.us - begun) // 1000) < 20
    rtc = again(chip)
    WORLD.pass_ms(1500)
    assert abs(rtc.read_ms() - UTC - (WORLD.us - begun) // 1000) < 20


def test_without_the_wire_of_the_square_wave_it_counts_seconds():
    rtc, _ = clock(wired=False)
    rtc.set_ms(UTC)
    WORLD.pass_ms(5300)
    assert abs(rtc.read_ms() - UTC - 5000) < 20


def test_a_chip_that_is_missing_or_talks_nonsense_is_an_error():
    rtc, chip = clock()
    rtc.set_ms(UTC)
    chip.registers[5] = 0x1F
    assert error(rtc.read_ms) == errno.EIO
    del WORLD.wired["i2c", 0x68]
    assert error(rtc.read_ms) == errno.EIO


# --- battery ------------------------------------------------------------------------------------------------------------------


def gauge(mv: int, noise: int = 0, spikes: int = 0) -> Battery:
    WORLD.pins.clear()
    count = [0]

    def cell() -> int:
        count[0] += 1
        wrong = 40_000 if count[0] % 16 == 5 and spikes else 0
        return min(65_535, mv * 65_535 // 6600 + (count[0] * 7919) % (2 * noise + 1) - noise + wrong)

    WORLD.wired["adc", 26] = cell
    WORLD.wired["adc", 8] = lambda: 697_000 * 65_535 // 3_300_000
    return Battery(ADC(Pin(26)), ADC(ADC.CORE_TEMP))


def test_voltage_through_divider_noise_and_one_wild_reading():
    for mv in (3000, 3415, 3700, 4200):
        assert abs(gauge(mv).read_mv() - mv) <= 2
        assert abs(gauge(mv, noise=150).read_mv() - mv) <= 10
        assert abs(gauge(mv, spikes=1).read_mv() - mv) <= 2


def test_a_wire_that_is_off_is_an_error():
    assert error(gauge(30).read_mv) == errno.EIO and error(gauge(6000).read_mv) == errno.EIO


def test_temperature_of_the_chip():
    assert 31 <= gauge(3700).temperature() <= 33  # 697 mV


# --- flash and key store --------------------------------------------------------------------------------------------------------


def region(blocks: int = 16, start: int = 0) -> Pages:
    rp2.Flash.chip[:] = b"\xff" * len(rp2.Flash.chip)
    rp2.Flash.worn = None
    return Pages(rp2.Flash(start=start * 4096, len=blocks * 4096))


def test_programs_pieces_without_touching_their_neighbours():
    pages = region()
    pages.writeblocks(1, b"first", 10)
    pages.writeblocks(1, b"second" * 60, 200)
    pages.writeblocks(1, bytes(256), 1024)
    back = bytearray(4096)
    pages.readblocks(1, back)
    assert back[10:15] == b"first" and back[200:560] == b"second" * 60 and back[1024:1280] == bytes(256)
    assert back.count(b"\xff") == 4096 - 5 - 360 - 256
    assert error(pages.writeblocks, 1, bytes(256), 4000) == errno.EINVAL


def test_littlefs_lives_on_it():
    pages = region(64)
    littlefs.mount(pages, "/flash", True)
    for number in range(20):
        with open("/flash/chain", "ab") as file:
            file.write(bytes((number,)) * 500)
    vfs.umount("/flash")
    littlefs.mount(pages, "/flash", False)
    with open("/flash/chain", "rb") as file:
        assert file.read() == b"".join([bytes((number,)) * 500 for number in range(20)])
    vfs.umount("/flash")


def test_secrets_are_erased_from_the_chip():
    store = Keystore(region(4, 700))
    keys = secrets.Keystore(store)
    keys.change({secrets.IDENTITY: b"i" * 32, secrets.EPOCH: bytes(4) + b"e" * 32})
    keys.change({secrets.EPOCH: bytes(4) + b"f" * 32})
    assert b"e" * 32 not in rp2.Flash.chip and b"f" * 32 in rp2.Flash.chip
    assert secrets.Keystore(store).get(secrets.IDENTITY) == b"i" * 32


def test_a_block_that_does_not_hold_or_was_not_erased_is_an_error():
    store = Keystore(region(4))
    store.write(0, b"secret")
    assert error(store.write, 0, b"other") == errno.EIO
    rp2.Flash.worn = 3
    assert error(store.erase, 0) == errno.EIO
    rp2.Flash.worn = 4096
    assert error(store.write, 1, b"secret") == errno.EIO
    assert error(store.read, 4) == errno.EINVAL


# --- panel ----------------------------------------------------------------------------------------------------------------------


def buttons() -> Buttons:
    WORLD.pins.clear()
    return Buttons(tuple([Pin(number, Pin.IN, Pin.PULL_UP) for number in (22, 21, 16)]), Pin.IRQ_FALLING)


def test_a_press_during_a_long_computation_is_not_lost():
    board = buttons()
    recorder = Debounced()
    assert board.read() == 0
    WORLD.level(21, 0)
    WORLD.pass_ms(80)
    WORLD.level(21, 1)
    WORLD.pass_ms(600)
    events = []
    for turn in range(10):
        events += recorder.feed(board.read(), turn * 20)
    assert len(events) == 1 and board.read() == 0


def test_a_bouncing_press_is_one_press():
    board, recorder = buttons(), Debounced()
    events = []
    for turn in range(60):
        down = 5 <= turn < 20
        if turn in (5, 20):
            for level in (0, 1, 0, 1):
                WORLD.level(22, level)
        WORLD.level(22, 0 if down else 1)
        events += recorder.feed(board.read(), turn * 20)
    assert len(events) == 1


def test_buttons_together_and_held():
    board = buttons()
    WORLD.level(22, 0)
    WORLD.level(16, 0)
    assert [board.read() for _ in range(5)] == [5] * 5
    WORLD.level(22, 1)
    assert board.read() == 4


def shown(ms: int, pins: tuple) -> list:
    """Levels of the pins every 125 ms."""
    seen = []
    for _ in range(ms // 125):
        WORLD.pass_ms(125)
        seen.append(tuple([WORLD.pins[number].level for number in pins]))
    return seen


def changes(levels: list) -> int:
    return sum([levels[place] != levels[place - 1] for place in range(1, len(levels))])


def test_lights_blink_by_themselves():
    WORLD.pins.clear()
    WORLD.timers.clear()
    lights = Lights(tuple([Pin(number, Pin.OUT, value=0) for number in (7, 8, 9)]), Timer(), Timer.PERIODIC)
    lights.set(1, 2, 3)
    seen = shown(2000, (7, 8, 9))
    green, red, yellow = ([level[place] for level in seen] for place in range(3))
    assert green == [1] * 16 and sum(red) == 8 and sum(yellow) == 8
    assert changes(red) in (3, 4) and changes(yellow) == 15
    lights.set(0, 0, 0)
    assert set(shown(1000, (7, 8, 9))) == {(0, 0, 0)}


def test_the_motor_stops_by_itself():
    WORLD.pins.clear()
    WORLD.timers.clear()
    motor = Vibrator(Pin(13, Pin.OUT, value=0), Timer(), Timer.ONE_SHOT)
    motor.buzz(300)
    WORLD.pass_ms(250)
    motor.buzz(300)
    WORLD.pass_ms(250)
    assert WORLD.pins[13].level == 1
    WORLD.pass_ms(60)
    assert WORLD.pins[13].level == 0


def test_the_watchdog_runs_from_its_first_feeding():
    WORLD.calls.clear()
    dog = Watchdog(WDT)
    assert not WORLD.calls
    dog.feed()
    dog.feed()
    assert [call[0] for call in WORLD.calls] == ["wdt", "wdt-fed", "wdt-fed"] and 8000 <= WORLD.calls[0][1] <= 8388


# --- the dock line --------------------------------------------------------------------------------------------------------------


class Port:
    """Both ends of the USB port: `coming` is what the host sent, `room` what the port's buffer still takes."""

    def __init__(self) -> None:
        self.coming = b""
        self.sent = b""
        self.room = 256

    def read(self, count: int) -> bytes:
        if count > len(self.coming):
            raise RuntimeError("would wait for ever")
        data, self.coming = self.coming[:count], self.coming[count:]
        return data

    def write(self, buf) -> int:
        count = min(len(buf), self.room)
        if count < len(buf):
            WORLD.pass_ms(500)  # the port's own patience with a stalled host
        self.sent += bytes(buf[:count])
        self.room -= count
        return count


class Poll:
    def __init__(self, ready) -> None:
        self._ready = ready

    def poll(self, timeout: int) -> list:
        assert timeout == 0
        return [1] if self._ready() else []


class Pauses:
    """Stands for asyncio: a pause lets time pass and calls `meanwhile`."""

    def __init__(self, meanwhile) -> None:
        self._meanwhile = meanwhile

    def sleep_ms(self, ms: int):
        WORLD.pass_ms(ms)
        self._meanwhile()
        yield


def line() -> tuple:
    WORLD.pins.clear()
    port = Port()
    power = Pin(24, Pin.IN)
    power.level = 1
    readable, writable = Poll(lambda: bool(port.coming)), Poll(lambda: port.room > 0)
    return usbserial.Serial(power, port, port, readable, writable), port


def received(serial, meanwhile) -> bytes:
    usbserial.asyncio = Pauses(meanwhile)
    reading = serial.read()
    while True:
        try:
            reading.send(None)
        except StopIteration as end:
            return end.value


def test_reads_what_is_there_and_never_more():
    serial, port = line()
    data = bytes(range(256)) * 2  # with every control character

    def arrive() -> None:
        port.coming += data

    assert serial.connected() and received(serial, arrive) == data
    port.coming = bytes(5000)
    assert len(received(serial, arrive)) == 4096


def test_writes_what_fits_and_bears_a_host_that_stalls():
    serial, port = line()
    assert serial.write(memoryview(bytes(100))) == 64
    sent = 64
    for _ in range(10):
        before = WORLD.us
        sent += serial.write(memoryview(bytes(100)))
        assert WORLD.us - before < 600_000
    assert sent == 256 == len(port.sent) and serial.write(b"x") == 0
    before = WORLD.us
    assert serial.write(b"x") == 0 and WORLD.us - before < 1000


def test_an_unplugged_cable_is_told_also_to_who_waits():
    serial, _ = line()

    def unplug() -> None:
        WORLD.pins[24].level = 0

    assert error(received, serial, unplug) == errno.ENODEV
    assert not serial.connected() and error(serial.write, b"x") == errno.ENODEV
