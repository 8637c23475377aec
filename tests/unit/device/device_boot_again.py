# SPDX-License-Identifier: Apache-2.0
"""A boot that full flash broke off: asked again when a station has come, it does what was left, and nothing twice."""

from mounted import Mounted

from sealcam import start
from sealcam.media.cardstore import NO_SPACE
from sealcam.officer import machine


class Parts:
    """As far as signing a boot asks: signer, history, session, board, cards and trust are itself. `room`: so many things can be signed."""

    FLASH_FREE_STOP_BYTES = 0
    withdrawn = flash_full = False
    interrupt = None

    def __init__(self, folder: str, room: int) -> None:
        self.signer = self.history = self.session = self.board = self.cards = self.trust = self
        self.proves = None
        self.folder = folder
        self.boot = 1  # is signed already
        self.room = room
        self.signed: list = []

    def sign(self, what: str) -> None:
        if self.room == 0:
            raise OSError(NO_SPACE)
        self.room -= 1
        self.signed.append(what)

    def rotate(self, reason: int) -> None:
        self.sign("key")

    def reset_cause(self) -> int:
        return 0

    def trace(self, *what) -> None:
        pass


def sign_cut(cards: Parts, history: Parts, signer: Parts, cause: int, proves: object) -> None:
    signer.sign("interrupt")
    signer.interrupt = (1,)


def test_a_key_that_found_no_room_is_changed_when_there_is():
    real, start.recovery.sign_cut = start.recovery.sign_cut, sign_cut
    try:
        with Mounted() as folder:
            for room, first in ((0, []), (1, ["interrupt"])):
                parts = Parts(folder, room)
                assert start.boot(parts) == machine.FAULT and parts.flash_full and parts.signed == first
                parts.room = 9
                assert start.boot(parts) == machine.INTERRUPTED and not parts.flash_full
                assert parts.signed == ["interrupt", "key"]
                assert start.boot(parts) == machine.INTERRUPTED and parts.signed == ["interrupt", "key"]
    finally:
        start.recovery.sign_cut = real
