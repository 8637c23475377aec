# SPDX-License-Identifier: Apache-2.0
"""The recorder's sealing core on this board: makes a chain, records 12 s, and leaves the card's image and the records.

micropython app_sealing.py CARD RECORDS: while it records, the card is busy for 450 ms again and again and garbles blocks, the recorder
speaks, and erases of flash stop all interrupts. Prints what was lost, erased, played and repeated.
"""

import sys
import time

from rtcchip import RtcChip
from sdcard import SdCard
from world import WORLD

card = WORLD.wired["spi"] = SdCard(16384)
WORLD.wired["i2c", 0x68] = RtcChip(28)
WORLD.wired["adc", 26] = lambda: 3900 * 65_535 // 6600
WORLD.wired["adc", 8] = lambda: 14_000

import board  # noqa: E402 - the chips must be wired before

WORLD.pins[6].level = 0  # the card is in

from sealcam.chain import keystore  # noqa: E402
from sealcam.chain.chain import Chain  # noqa: E402
from sealcam.chain.flash import mount  # noqa: E402
from sealcam.chain.history import History  # noqa: E402
from sealcam.chain.keystore import Keystore  # noqa: E402
from sealcam.chain.signer import Signer  # noqa: E402
from sealcam.clockkeeping import Clockkeeper  # noqa: E402
from sealcam.crypto.randomness import Randomness  # noqa: E402
from sealcam.ed25519 import Key  # noqa: E402
from sealcam.media.capture import Capture  # noqa: E402
from sealcam.media.cardstore import CardStore  # noqa: E402
from sealcam.media.contentkey import ContentKey  # noqa: E402
from sealcam.sound.firmware_clips import FirmwareClips  # noqa: E402
from sealcam.x25519 import public  # noqa: E402
from sealproto import records  # noqa: E402

SESSION = bytes(range(16))
RECIPIENTS = [(bytes([n] * 8), public(bytes([n] * 32))) for n in (1, 2)]
UTC = 1_772_323_199_640


class ChargedSigner(Signer):
    """Signing takes 100 ms on a Cortex-M33 at 150 MHz: a portable signature with its verification, by the bench's instruction counts."""

    def sign_raw(self, *args, **fields) -> bytes:
        WORLD.pass_ms(100)
        return super().sign_raw(*args, **fields)


def begin() -> tuple:
    store = Keystore(board.keystore)
    mount(board.flash, "/flash", store.blank)
    clock = Clockkeeper(board, "/flash")
    clock.set(UTC, 50)
    generator = Randomness(board, store, b"test")
    history = History()
    chain = Chain("/flash/chain", history)
    signer = ChargedSigner(chain, store, clock, generator.random)
    signer.see = history.see
    history.sign = signer.sign
    seed = generator.random(32)
    store.change({keystore.EPOCH: bytes(4) + seed})
    identity = Key(generator.random(32))
    body = records.body(
        records.GENESIS, identity=identity.public, epoch_key=Key(seed).public, board=board.NAME, abilities={}, nonce=bytes(32),
        firmware="0", predecessor=None,
    )  # fmt: skip
    signer.begin(signer.genesis(identity, body), seed)
    cards = CardStore(board.card, board.SLOT_BYTES)
    cards.format(bytes(16), chain.id)
    return signer, chain, generator, Capture(board, cards, signer, clock, history)


def record(signer, generator, capture) -> None:
    content = ContentKey(generator.random, SESSION, 0, RECIPIENTS)
    capture.start_sensors()
    signer.sign(
        records.SESSION_OPEN, session=SESSION, activity=None, profile=bytes(32), prompts=bytes(32), assignment=None, wraps=content.wraps,
        content_key_hash=content.digest, media=capture.media(), order=0, mode=0, check=[],
    )  # fmt: skip
    capture.begin(SESSION, 0, content, 0, 0, 0)
    until = WORLD.us + 12_000_000
    turn = 0
    while WORLD.us < until:
        turn += 1
        card.busy_ms = 450 if turn % 100 == 50 else 1
        card.garble_reads = 1 if turn % 40 == 0 else card.garble_reads
        card.garble_writes = 1 if turn % 60 == 0 else card.garble_writes
        board.speaker.write(memoryview(b"\x01\x02" * 320))
        capture.turn()
        WORLD.pass_ms(20)
    card.busy_ms = 1
    capture.end()
    signer.sign(
        records.SESSION_CLOSE, session=SESSION, parts=1, segments=capture.number, frames=capture.frames, samples=capture.samples, fact=11,
        cause=16,
    )  # fmt: skip
    signer.rotate(records.ROTATE_CLOSE)


def main(image: str, out: str) -> None:
    assert FirmwareClips(board.FIRMWARE_CLIPS).clip(5) == (16, 4, 2)
    assert board.reset_cause() == 0 and board.battery.read_mv() in range(3898, 3903)
    board.feed_watchdog()
    signer, chain, generator, capture = begin()
    record(signer, generator, capture)
    with open(out, "w") as file:
        for raw in chain.read(0):
            file.write(raw.hex() + "\n")
    with open(image, "wb") as file:
        file.write(card.data)
    board.speaker.pending_ms()
    erases = sum([call[0] == "erase" for call in WORLD.calls])
    spoken = sum([sample != 0 for sample in WORLD.wired["dma"][1].played])
    print(
        "lost", board.microphone.lost(), "erases", erases, "spoken", spoken, "ticks", time.ticks_ms(), "retries", board.card._driver.retries
    )


main(*sys.argv[1:])
