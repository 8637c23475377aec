# SPDX-License-Identifier: Apache-2.0
"""Runs on the simulated Cortex-M3 before the whole recorder: tells what lies between a press and the first sound that is recorded.

trace start INSTRUCTIONS PAGES FLASH_ERASES KEY_ERASES CARD_WRITES CARD_SECTORS: pages of 256 bytes programmed in flash and key store.
trace wait, with the same numbers: what the supervisor did in one turn about the key's age, while which no press is served.
The board has no AES: the key agreements of a content key are done all the same, its wraps made of zeros; they stand in the record.
"""

import os
import sys

import vfs
from mps2_parts.counter import Counter
from mps2_parts.flash import Flash
from mps2_parts.keystore import Keystore

from sealcam import supervisor, x25519
from sealcam.chain.chain import FILE_BYTES
from sealcam.media import capture, session
from sealcam.officer import machine, recorder

SHIFT_BYTES = 2_000_000  # of records, in a shift of eight hours (boot.py)
RECORD_BYTES = 340
counts = [0] * 5
window: list = []


class NoAes:
    aes = None


sys.modules["cryptolib"] = NoAes  # type: ignore[assignment]
from sealcam.crypto import aes_kw  # noqa: E402
from sealcam.media import contentkey  # noqa: E402

aes_kw.wrap = lambda key, secret: bytes(40)
RECIPIENTS = [(bytes((n,)) * 8, x25519.public(bytes((n,)) * 32)) for n in (1, 2)]


def counted(cls, name: str, count) -> None:
    """Has each call of a method counted."""
    method = getattr(cls, name)

    def call(*arguments):
        count(*arguments)
        return method(*arguments)

    setattr(cls, name, call)


def flash_write(flash, block, buf, offset=0) -> None:
    counts[0] += (offset % 256 + len(buf) + 255) // 256


def flash_ioctl(flash, op, arg) -> None:
    counts[1] += op == 6


def key_erase(store, block) -> None:
    counts[2] += 1


def key_write(store, block, data) -> None:
    counts[0] += (len(data) + 255) // 256


class Card:
    """The board's, counting."""

    def __init__(self, card) -> None:
        self.present, self.sectors, self.read, self._write = card.present, card.sectors, card.read, card.write

    def write(self, sector, buf) -> None:
        counts[3] += 1
        counts[4] += len(buf) // 512
        self._write(sector, buf)


def pressed(officer, event) -> None:
    if event in (machine.RECORD_PRESSED, machine.RECORD_HELD) and officer.machine.state != machine.RECORDING:
        window[:] = [Counter()]
        counts[:] = [0] * 5
        window[0].start()


def begin(sessions, number, part):
    found = plain_begin(sessions, number, part)
    sessions.key = contentkey.ContentKey(sessions._parts.random, number, part, RECIPIENTS)
    return found


def turn(taker) -> None:
    plain_turn(taker)
    if window and taker.first_frame_ms is not None:
        window[0].stop()
        print("trace start", window.pop().instructions, *counts)


def shift() -> None:
    """Flash holds as many files as after a shift, and what is signed next is the first record of its file."""
    vfs.mount(vfs.VfsLfs2(board.flash), "/flash")  # noqa: F821
    if "shift" not in os.listdir("/flash"):  # else by the run before
        os.mkdir("/flash/shift")
        for start in range(0, SHIFT_BYTES, FILE_BYTES):
            fill(f"/flash/shift/{start:010d}")
    vfs.umount("/flash")
    counted(recorder.Recorder, "post", lambda officer, event: setattr(officer.parts.chain, "_bytes", FILE_BYTES))


def fill(path: str) -> None:
    with open(path, "wb") as file:
        for _ in range(FILE_BYTES // RECORD_BYTES):
            file.write(bytes(RECORD_BYTES))


def renew(watcher) -> None:
    before = list(counts)
    counter = Counter()
    counter.start()
    plain_renew(watcher)
    counter.stop()
    print("trace wait", counter.instructions, *[counts[n] - before[n] for n in range(len(counts))])


plain_renew, supervisor.Supervisor._renew_key = supervisor.Supervisor._renew_key, renew
plain_begin, session.Sessions._begin = session.Sessions._begin, begin
session.Sessions._wraps = lambda sessions: sessions.key.wraps
session.Sessions._digest = lambda sessions: sessions.key.digest
plain_turn, capture.Capture.turn = capture.Capture.turn, turn
counted(recorder.Recorder, "post", pressed)
counted(Flash, "writeblocks", flash_write)
counted(Flash, "ioctl", flash_ioctl)
counted(Keystore, "erase", key_erase)
counted(Keystore, "write", key_write)
board.card = Card(board.card)  # noqa: F821
