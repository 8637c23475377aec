# SPDX-License-Identifier: Apache-2.0
"""The recorder on a simulated Cortex-M3 (QEMU's mps2-an385): the contract of ../board.pyi. It hears; it has no camera and no AES."""

import gc
import os
import time

import uctypes
import vfs
from mps2 import UART, Card
from mps2_parts import layout
from mps2_parts.flash import Flash
from mps2_parts.keystore import Keystore
from mps2_parts.line import Serial
from mps2_parts.panel import Buttons, Lights, Vibrator
from mps2_parts.power import Battery, Clock
from mps2_parts.sound import Microphone, Speaker

NAME = "qemu_mps2"
SIMULATED = True
RTC_BACKED = False
KEYSTORE_PHYSICAL_ERASE = True
BOOTLOADER_LOCKED = False
DEVELOPER_BUILD = True
ENTROPY_SOURCE = "the simulating computer's operating system"
FIRMWARE_CLIPS = "/rom/firmware.clips"
SLOT_BYTES = 13 * (16384 + 512)  # 12 leaves: five seconds of sound, and one more for a segment that ends late
CARD_PIECE_BYTES = 4096
LINE_WINDOW_BYTES = 2048
FLASH_FREE_STOP_BYTES = 128 * 1024
BATTERY_CURVE = ((4180, 100), (3980, 80), (3870, 60), (3790, 40), (3740, 20), (3680, 10), (3300, 0))
BATTERY_WARN_MV = 3680
BATTERY_STOP_MV = 3500

telling = False  # whether the developer's trace goes to the console


def trace(event, *details):
    if telling:
        print("trace", event, *details)


flash = Flash(layout.FLASH, layout.FLASH_BYTES)
card = Card(layout.CARD, layout.CARD_BYTES // 512)
keystore = Keystore(layout.KEYSTORE, layout.KEYSTORE_BYTES)
battery = Battery()
clock = Clock()
camera = None
microphone = Microphone()
speaker = Speaker()
buttons = Buttons(UART(2))
lights = Lights(trace)
vibrator = Vibrator(trace)
serial = Serial(UART(1), buttons)

ticks_ms = time.ticks_ms
entropy = os.urandom


def feed_watchdog():
    """There is none: whoever runs the simulation ends it."""


def reset_cause():
    return 0


# Collected early, so that what stays is put together at the heap's begin, and what is free stays in one piece.
gc.threshold(8192)
vfs.mount(vfs.VfsRom(uctypes.bytearray_at(layout.ROM, layout.ROM_BYTES)), "/rom")
