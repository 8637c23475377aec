# SPDX-License-Identifier: Apache-2.0
"""From power-on to a recorder that knows what it is: mounts flash, loads keys and chain, signs the boot and what it found."""

from sealcam import FIRMWARE
from sealcam.chain import keystore, recovery, spare
from sealcam.chain.chain import Chain, ChainError
from sealcam.chain.flash import FlashError, mount
from sealcam.chain.history import History
from sealcam.chain.keystore import Keystore, KeystoreError
from sealcam.chain.signer import Signer
from sealcam.chain.snapshot import Snapshots, read
from sealcam.clockkeeping import Clockkeeper
from sealcam.crypto.health import HealthFault
from sealcam.crypto.randomness import Randomness
from sealcam.dock import unfinished
from sealcam.media.cardstore import NO_SPACE, CardForeign
from sealcam.officer import machine
from sealcam.parts import Parts
from sealcam.scrub import scrub
from sealproto import records

FOLDER = "/flash"


class HardFault(Exception):
    """Nothing may be recorded until a person has repaired the recorder."""


def build(board) -> tuple:
    """(Parts, state of the machine). HardFault, with the reason for the trace."""
    try:
        store = Keystore(board.keystore)
        mount(board.flash, FOLDER, store.blank)
        return _assemble(board, store)
    except (KeystoreError, FlashError, ChainError, HealthFault, OSError) as error:
        raise HardFault(type(error).__name__ + ": " + str(error))


def _assemble(board, store: Keystore) -> tuple:
    history = History()
    chain = Chain(FOLDER + "/chain", history, read(FOLDER))
    if chain.id is not None and store.get(keystore.IDENTITY) is None:  # before anything is written: what is lost stays as it was found
        raise KeystoreError("the chain's keys are lost")
    clock = Clockkeeper(board, FOLDER)
    generator = Randomness(board, store, board.NAME.encode())
    generator.carry(store)
    signer = Signer(chain, store, clock, generator.random)
    signer.see = Snapshots(FOLDER, chain, history).see
    history.sign = signer.sign
    parts = Parts(board, FOLDER, store, clock, chain, history, signer, generator)
    if chain.id is None and not unfinished.finish(store, chain, signer, parts.trust):
        if store.get(keystore.IDENTITY) is not None:
            raise KeystoreError("the chain of these keys is lost")
        return parts, machine.UNENROLLED
    signer.load(history.epoch, history.epoch_key)
    signer.boot = history.boot + 1
    return parts, boot(parts)


def boot(parts: Parts) -> int:
    """Signs the boot, repairs, signs a cut; the machine's state. OSError.

    On a full flash that is `FAULT`, with `parts.flash_full`. Then it is asked again when a station has come, and signs nothing twice.
    """
    try:
        state = _boot(parts)
    except OSError as error:
        if error.args[0] != NO_SPACE:
            raise
        parts.board.trace("flash-full")
        parts.flash_full = True
        return machine.FAULT
    parts.flash_full = False
    spare.keep(parts.trust.folder, parts.board.FLASH_FREE_STOP_BYTES)
    return state


def _boot(parts: Parts) -> int:
    if parts.history.boot < parts.signer.boot:
        _sign_boot(parts)
    session = parts.history.session
    if session is None:
        return machine.WITHDRAWN if parts.history.withdrawn else machine.IDLE
    cut = session.interrupt is None
    if cut:
        recovery.sign_cut(parts.cards, parts.history, parts.signer, parts.board.reset_cause(), parts.proves)
    if cut or parts.flash_full:  # the first time there may have been room for the interruption and none for the new key
        parts.signer.rotate(records.ROTATE_INTERRUPT)
        scrub()
    return machine.WITHDRAWN if parts.history.withdrawn else machine.INTERRUPTED


def _sign_boot(parts: Parts) -> None:
    board = parts.board
    card = None
    try:
        parts.open_card()
        card = parts.cards.card_id
        recovery.repair_copy(parts.cards, parts.chain)
    except (CardForeign, OSError) as error:
        board.trace("card", str(error))
    session = parts.history.session
    parts.signer.sign(
        records.BOOT,
        reason=board.reset_cause(), firmware=FIRMWARE, entropy=board.ENTROPY_SOURCE, battery_mv=_mv(board), card=card,
        free_slots=parts.cards.free(parts.history.oldest_slot) if card else None,
        open_session=session.id if session else None, keystore=0,
    )  # fmt: skip


def _mv(board) -> int | None:
    try:
        return board.battery.read_mv()
    except OSError:
        return None
