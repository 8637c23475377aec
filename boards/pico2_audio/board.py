# SPDX-License-Identifier: Apache-2.0
"""Raspberry Pi Pico 2 with an I2S microphone and amplifier: the contract of ../board.pyi. Wiring: README.md."""

import os
import select
import sys
import time

import firmware_sound
import machine
import rp2
import vfs
from machine import ADC, I2C, SPI, WDT, Pin, Timer
from pico2_parts import i2s_programs, pins
from pico2_parts.battery import Battery
from pico2_parts.buttons import Buttons
from pico2_parts.card import Card
from pico2_parts.clipsfs import FILE, ClipsFs
from pico2_parts.ds3231 import Clock
from pico2_parts.flash import BLOCK, Pages
from pico2_parts.keystore import Keystore
from pico2_parts.microphone import Microphone
from pico2_parts.panel import Lights, Vibrator
from pico2_parts.pcmring import RATE, rings
from pico2_parts.sdspi import SdSpi
from pico2_parts.speaker import Speaker
from pico2_parts.usbserial import Serial
from pico2_parts.watchdog import Watchdog

NAME = "pico2_audio"
SIMULATED = False
RTC_BACKED = True
KEYSTORE_PHYSICAL_ERASE = True
BOOTLOADER_LOCKED = False
DEVELOPER_BUILD = False
ENTROPY_SOURCE = "os.urandom of rp2: ring oscillator, 8 samples a microsecond apart for each byte"
FIRMWARE_CLIPS = "/rom/" + FILE
SLOT_BYTES = 13 * (16384 + 512)  # 12 leaves: five seconds of sound, and one more for a segment that ends late
CARD_PIECE_BYTES = 16384
FLASH_FREE_STOP_BYTES = 64 * 1024
LINE_WINDOW_BYTES = 32768
BATTERY_CURVE = (
    (4200, 100), (4060, 90), (3980, 80), (3920, 70), (3870, 60), (3820, 50), (3790, 40), (3770, 30), (3740, 20), (3680, 10), (3450, 5),
    (3000, 0),
)  # fmt: skip
BATTERY_WARN_MV = 3650
BATTERY_STOP_MV = 3400

_KEYSTORE_BLOCKS = 4
_RECEIVE, _SEND = 4, 8  # DMA requests of PIO 0's and PIO 1's first state machine

_storage = rp2.Flash()
_blocks = _storage.ioctl(4, 0) - _KEYSTORE_BLOCKS
_mic_ring, _amp_ring = rings(2)
_input, _output = select.poll(), select.poll()
_input.register(sys.stdin, select.POLLIN)
_output.register(sys.stdout, select.POLLOUT)


def ticks_ms() -> int:
    return time.ticks_ms() & 0x3FFF_FFFF


def _down(number: int) -> Pin:
    """An input that a switch pulls to ground."""
    return Pin(number, Pin.IN, Pin.PULL_UP)


def _out(number: int) -> Pin:
    return Pin(number, Pin.OUT, value=0)


flash = Pages(rp2.Flash(start=0, len=_blocks * BLOCK))
keystore = Keystore(Pages(rp2.Flash(start=_blocks * BLOCK, len=_KEYSTORE_BLOCKS * BLOCK)))
card = Card(
    SdSpi(
        SPI(0, baudrate=400_000, sck=Pin(pins.CARD_SCK), mosi=Pin(pins.CARD_MOSI), miso=Pin(pins.CARD_MISO, Pin.IN, Pin.PULL_UP)),
        Pin(pins.CARD_CS, Pin.OUT, value=1),
        ticks_ms,
    ),
    _down(pins.CARD_DETECT),
    Pin.IRQ_FALLING | Pin.IRQ_RISING,
)
battery = Battery(ADC(Pin(pins.BATTERY)), ADC(ADC.CORE_TEMP))
clock = Clock(I2C(1, sda=Pin(pins.RTC_SDA), scl=Pin(pins.RTC_SCL), freq=400_000), _down(pins.RTC_TICK), Pin.IRQ_FALLING, ticks_ms)
camera = None
microphone = Microphone(
    _mic_ring,
    rp2.StateMachine(
        0, i2s_programs.microphone, freq=RATE * i2s_programs.MIC_CYCLES,
        in_base=Pin(pins.MIC_SD, Pin.IN, Pin.PULL_DOWN), sideset_base=Pin(pins.MIC_SCK),
    ),
    rp2.DMA(), _RECEIVE, ticks_ms,
)  # fmt: skip
speaker = Speaker(
    _amp_ring,
    rp2.StateMachine(
        4, i2s_programs.amplifier, freq=RATE * i2s_programs.AMP_CYCLES, out_base=Pin(pins.AMP_SD), set_base=Pin(pins.AMP_SD),
        sideset_base=Pin(pins.AMP_SCK),
    ),
    rp2.DMA(), _SEND, _out(pins.AMP_ENABLE), ticks_ms,
)  # fmt: skip
buttons = Buttons((_down(pins.BUTTON_RECORD), _down(pins.BUTTON_MARK), _down(pins.BUTTON_MENU)), Pin.IRQ_FALLING)
lights = Lights((_out(pins.GREEN), _out(pins.RED), _out(pins.YELLOW)), Timer(), Timer.PERIODIC)
vibrator = Vibrator(_out(pins.VIBRATOR), Timer(), Timer.ONE_SHOT)
serial = Serial(Pin(pins.VBUS, Pin.IN), sys.stdin.buffer, sys.stdout.buffer, _input, _output)

entropy = os.urandom
feed_watchdog = Watchdog(WDT).feed


def reset_cause() -> int:
    """The chip cannot tell a reset by software from the watchdog's; this firmware makes none."""
    return 2 if machine.reset_cause() == machine.WDT_RESET else 0


def trace(event: str, *details: object) -> None:
    """Nothing: the one line that could carry it belongs to the dock."""


vfs.mount(ClipsFs(firmware_sound.DATA), "/rom")
