# SPDX-License-Identifier: Apache-2.0
"""The simulated recorder on MicroPython's unix port: the contract of ../board.pyi, driven by the simulator."""

import gc
import io
import sys

from unix_parts import ioqueue, settings
from unix_parts.camera import Camera
from unix_parts.card import Card
from unix_parts.chance import Entropy
from unix_parts.control import Control
from unix_parts.flash import Flash
from unix_parts.keystore import Keystore
from unix_parts.line import Serial
from unix_parts.microphone import Microphone
from unix_parts.panel import Buttons, Lights, Vibrator
from unix_parts.power import Battery
from unix_parts.rawfile import PowerCut, RawFile
from unix_parts.reel import Reel
from unix_parts.rtc import Clock
from unix_parts.speaker import Speaker
from unix_parts.watchdog import Watchdog
from unix_parts.world import World

_set = settings.load()
_world = World(_set["world_ms"], _set["ticks_start"])
_control = Control(_set["control_port"], _world)
_cut = PowerCut(_control)
_reel = Reel(_set["reel"], _set["reel_epoch_ms"])
_entropy = Entropy(_set["entropy_seed"], _set["entropy_fault"], _control)
_watchdog = Watchdog(_world, _control)

NAME = "unix"
SIMULATED = True
RTC_BACKED = _set["rtc_backed"]
KEYSTORE_PHYSICAL_ERASE = _set["keystore_physical_erase"]
BOOTLOADER_LOCKED = _set["bootloader_locked"]
DEVELOPER_BUILD = _set["developer_build"]
ENTROPY_SOURCE = _entropy.SOURCE
FIRMWARE_CLIPS = _set["firmware_clips"]
SLOT_BYTES = _set["slot_bytes"]
CARD_PIECE_BYTES = 16384
FLASH_FREE_STOP_BYTES = _set["flash_free_stop_bytes"]
LINE_WINDOW_BYTES = 65536
BATTERY_CURVE = tuple(tuple(point) for point in _set["battery_curve"])
BATTERY_WARN_MV = _set["battery_warn_mv"]
BATTERY_STOP_MV = _set["battery_stop_mv"]

flash = Flash(RawFile(_set["flash"], "flash", _cut), _set["wear"], _control)
card = Card(_set["card"], _cut, _world, _control)
keystore = Keystore(RawFile(_set["keystore"], "keystore", _cut), _control)
battery = Battery(_set["battery_points"], _set["temperature"], _set["battery_ripple_mv"], _set["seed"], _world, _control)
clock = Clock(_set["rtc"], _world, _control)
camera = Camera(_reel, _world, _control) if _set["camera"] else None
speaker = Speaker(_set["sound_log"], _world, _control)
microphone = Microphone(_reel, speaker, _set, _world, _control)
buttons = Buttons(_world, _control)
lights = Lights(_control)
vibrator = Vibrator(_control)
serial = Serial(_control)

ticks_ms = _world.ticks_polled
entropy = _entropy.read
feed_watchdog = _watchdog.feed


def reset_cause():
    return _set["reset_cause"]


def trace(event, *details):
    if DEVELOPER_BUILD:
        _control.event("trace", what=event, details=[_plain(detail) for detail in details])


def _plain(detail):
    """What JSON can carry: bytes as hexadecimal digits, errors with where they came from, the rest as text."""
    if detail is None or isinstance(detail, (bool, int, str)):
        return detail
    if isinstance(detail, (bytes, bytearray)):
        return detail.hex()
    if isinstance(detail, BaseException):
        text = io.StringIO()
        sys.print_exception(detail, text)
        return text.getvalue()
    return str(detail)


def _on_time():
    speaker.settle()
    _watchdog.check()


def _look(op):
    """{"op": "look", "collect": bool}: what an engineer with probes would see; "heap_used" without garbage when asked so."""
    if op.get("collect"):
        gc.collect()
    return {
        "ticks": _world.ticks(),
        "real": _world.real,
        "lights": lights.shown,
        "pending_ms": speaker.pending_ms(),
        "writes": _cut.writes,
        "card": card.present(),
        "card_bytes": card.written,
        "rtc": clock.read_ms(),
        "serial": serial.connected(),
        "heap_used": gc.mem_alloc(),
        "heap_free": gc.mem_free(),
    }


_control.on("look", _look)
ioqueue.install(_world, _control, _on_time)
if _set["real"]:
    _world.follow_real(_set["speed"])
# The allocator searches linearly through garbage; collecting early makes an idle hour five times shorter.
gc.threshold(128 * 1024)
_control.event("boot", real=_world.real)
