# SPDX-License-Identifier: Apache-2.0
"""A recorder that only keeps a chain, and changes its key when a button is pressed. Says its whole chain at boot."""

import asyncio
import struct

import board

from sealcam.chain import keystore
from sealcam.chain.chain import Chain
from sealcam.chain.flash import mount
from sealcam.chain.history import History
from sealcam.chain.keystore import Keystore, KeystoreError
from sealcam.chain.signer import Signer
from sealcam.clockkeeping import Clockkeeper
from sealcam.crypto.randomness import Randomness
from sealcam.ed25519 import Key
from sealproto import records

HASTY = False


def hasty_rotate(signer, store, random):
    """What a careless recorder does: the old secret goes before the chain names the new one."""
    seed = random(32)
    raw = struct.pack("<I", signer.epoch + 1) + seed
    store.change({keystore.EPOCH: raw})
    signer.sign(records.ROTATE_KEY, epoch=signer.epoch + 1, key=Key(seed).public, reason=0)


async def main():
    store = Keystore(board.keystore)
    mount(board.flash, "/flash", store.blank)
    clock = Clockkeeper(board, "/flash")
    generator = Randomness(board, store, b"test")
    history = History()
    chain = Chain("/flash/chain", history)
    signer = Signer(chain, store, clock, generator.random)
    signer.see = history.see
    if chain.id is None:
        seed = generator.random(32)
        store.change({keystore.EPOCH: bytes(4) + seed})
        identity = Key(generator.random(32))
        body = records.body(
            records.GENESIS, identity=identity.public, epoch_key=Key(seed).public, board="unix", abilities={}, nonce=bytes(32),
            firmware="0", predecessor=None,
        )  # fmt: skip
        signer.begin(signer.genesis(identity, body), seed)
    try:
        signer.load(history.epoch, history.epoch_key)
    except KeystoreError as error:
        board.trace("hard-fault", str(error))
        await asyncio.Event().wait()
    signer.boot = history.boot + 1
    signer.sign(
        records.BOOT, reason=0, firmware="0", entropy="x", battery_mv=None, card=None, free_slots=None, open_session=None, keystore=0
    )
    for raw in chain.read(0):
        board.trace("record", raw)
    while not board.buttons.read():
        await asyncio.sleep_ms(10)
    if HASTY:
        hasty_rotate(signer, store, generator.random)
    else:
        signer.rotate(0)
    board.trace("rotated", signer.epoch)
    while True:
        await asyncio.sleep_ms(1000)


asyncio.run(main())
