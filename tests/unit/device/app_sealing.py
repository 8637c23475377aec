# SPDX-License-Identifier: Apache-2.0
"""A recorder without officer and station: makes a chain, records 12 s into the card, and prints what a test needs to open it."""

import asyncio

import board

from sealcam.chain import keystore
from sealcam.chain.chain import Chain
from sealcam.chain.flash import mount
from sealcam.chain.history import History
from sealcam.chain.keystore import Keystore
from sealcam.chain.signer import Signer
from sealcam.clockkeeping import Clockkeeper
from sealcam.crypto.randomness import Randomness
from sealcam.ed25519 import Key
from sealcam.media.capture import Capture
from sealcam.media.cardstore import CardStore
from sealcam.media.contentkey import ContentKey
from sealcam.x25519 import public
from sealproto import records

SESSION = bytes(range(16))
RECIPIENTS = [(bytes([n] * 8), public(bytes([n] * 32))) for n in (1, 2)]


async def record():
    store = Keystore(board.keystore)
    mount(board.flash, "/flash", store.blank)
    clock = Clockkeeper(board, "/flash")
    generator = Randomness(board, store, b"test")
    history = History()
    chain = Chain("/flash/chain", history)
    signer = Signer(chain, store, clock, generator.random)
    signer.see = history.see
    history.sign = signer.sign
    seed = generator.random(32)
    store.change({keystore.EPOCH: bytes(4) + seed})
    identity = Key(generator.random(32))
    body = records.body(
        records.GENESIS, identity=identity.public, epoch_key=Key(seed).public, board="unix", abilities={}, nonce=bytes(32), firmware="0",
        predecessor=None,
    )  # fmt: skip
    signer.begin(signer.genesis(identity, body), seed)
    cards = CardStore(board.card, board.SLOT_BYTES)
    cards.format(bytes(16), chain.id)
    capture = Capture(board, cards, signer, clock, history)
    content = ContentKey(generator.random, SESSION, 0, RECIPIENTS)
    capture.start_sensors()
    signer.sign(
        records.SESSION_OPEN, session=SESSION, activity=None, profile=bytes(32), prompts=bytes(32), assignment=None, wraps=content.wraps,
        content_key_hash=content.digest, media=capture.media(), order=0, mode=0, check=[],
    )  # fmt: skip
    capture.begin(SESSION, 0, content, 0, 0, 0)
    task = asyncio.create_task(capture.run())
    await asyncio.sleep_ms(12_000)
    capture.end()
    await task
    signer.sign(
        records.SESSION_CLOSE, session=SESSION, parts=1, segments=capture.number, frames=capture.frames, samples=capture.samples, fact=11,
        cause=16,
    )  # fmt: skip
    signer.rotate(records.ROTATE_CLOSE)
    board.trace("first-frame", capture.first_frame_ms)
    for raw in chain.read(0):
        board.trace("record", raw)
    while True:
        await asyncio.sleep_ms(1000)


asyncio.run(record())
