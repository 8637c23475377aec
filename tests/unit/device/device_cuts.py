# SPDX-License-Identifier: Apache-2.0
"""Power fails at every single write of a recording, on whatever chip: what was sealed stays, the chain goes on, the tail is found.

Only what needs no officer and no station takes part: key store, chain, signer, capture, card, recovery.
"""

import gc
import os
from hashlib import sha256

import vfs
from fake_board import Board, Card, Cut, Flash, Keystore, PowerCut

from sealcam.chain import chain, keystore, recovery
from sealcam.chain.chain import Chain
from sealcam.chain.flash import mount
from sealcam.chain.history import History
from sealcam.chain.keystore import Keystore as Store
from sealcam.chain.signer import Signer
from sealcam.chain.snapshot import Snapshots, read
from sealcam.clockkeeping import Clockkeeper
from sealcam.ed25519 import Key
from sealcam.media import cardguard
from sealcam.media.capture import Capture
from sealcam.media.cardstore import CardStore
from sealcam.media.contentkey import ContentKey
from sealcam.x25519 import public
from sealproto import codes, records
from sealproto.merkle import LEAF_BYTES, root
from sealproto.slot import Trailer

cardguard.protect = lambda card: None  # the README for strange PCs needs sectors that the fake card does not keep
SLOT = (8 + 33 * 4) * 512
SLOTS = 6
SESSION = bytes(range(16))
RECIPIENTS = [(bytes([n] * 8), public(bytes([n] * 32))) for n in (1, 2)]
RATE = 3200  # 32 KiB in the five seconds of a segment: two leaves and a half


class Life:
    """One boot over the chips, from mounting to `end`."""

    def __init__(self, flash, keys, card) -> None:
        self.chips = flash, keys, card
        self.board = Board(card, rate=RATE)
        mount(flash, "/cut", False)
        try:
            self._build(keys)
        except BaseException:
            vfs.umount("/cut")
            raise

    def _build(self, keys) -> None:
        self.store = Store(keys)
        clock = Clockkeeper(self.board, "/cut")
        self.history = History()
        chain.FILE_BYTES = 1024  # every few records a file, and with it a snapshot
        self.chain = Chain("/cut/chain", self.history, read("/cut"))
        self.signer = Signer(self.chain, self.store, clock, os.urandom)
        self.signer.see = Snapshots("/cut", self.chain, self.history).see
        self.history.sign = self.signer.sign
        self.cards = CardStore(self.board.card, SLOT)
        self.capture = Capture(self.board, self.cards, self.signer, clock, self.history)
        self.capture.start_sensors()

    def enrol(self) -> None:
        seed = os.urandom(32)
        self.store.change({keystore.EPOCH: bytes(4) + seed})
        identity = Key(os.urandom(32))
        body = records.body(
            records.GENESIS, identity=identity.public, epoch_key=Key(seed).public, board="fake", abilities={}, nonce=bytes(32),
            firmware="0", predecessor=None,
        )  # fmt: skip
        self.signer.begin(self.signer.genesis(identity, body), seed)
        self.cards.format(bytes(16), self.chain.id)

    def boot(self) -> None:
        """What `sealcam.start` does of it."""
        self.signer.load(self.history.epoch, self.history.epoch_key)
        self.signer.boot = self.history.boot + 1
        self.cards.open(self.chain.id, self.history.newest)
        recovery.repair_copy(self.cards, self.chain)
        session = self.history.session
        if session and session.interrupt is None:
            recovery.sign_cut(self.cards, self.history, self.signer, 0, lambda fact: codes.CAUSE_NOT_STATED)
            self.signer.rotate(records.ROTATE_INTERRUPT)

    def record(self, sealed: list) -> None:
        """Opens or resumes, records 12 s, closes. `sealed` gets the number of each segment when it was sealed."""
        past = self.history.session
        part = past.part + 1 if past else 0
        content = ContentKey(os.urandom, SESSION, part, RECIPIENTS)
        common = {
            "session": SESSION, "profile": bytes(32), "prompts": bytes(32), "assignment": None, "wraps": content.wraps,
            "content_key_hash": content.digest, "media": self.capture.media(), "mode": 0, "check": [],
        }  # fmt: skip
        if past:
            seq, fact, cause = past.interrupt[:3]
            about = {"part": part, "interrupt": seq, "fact": fact, "cause": cause, "from_utc": None, "length_ms": None}
            about.update(common)
            self.signer.sign(records.RESUME, **about)
        else:
            self.signer.sign(records.SESSION_OPEN, activity=None, order=0, **common)
        now = self.history.session
        self.capture.begin(SESSION, part, content, now.segments, now.frames, now.samples)
        for _ in range(24):
            self.board.pass_ms(500)
            before = self.capture.number
            self.capture.turn()
            sealed += range(before, self.capture.number)
        self.capture.end()
        sealed.append(self.capture.number - 1)
        self.signer.sign(
            records.SESSION_CLOSE, session=SESSION, parts=part + 1, segments=self.capture.number, frames=0, samples=self.capture.samples,
            fact=codes.FACT_STOP_PRESSED, cause=codes.CAUSE_ENFORCEMENT_ENDED,
        )  # fmt: skip
        self.signer.rotate(records.ROTATE_CLOSE)

    def end(self) -> None:
        try:
            self.chain.close()
        except OSError:
            assert self.chips[0].cut.dead
        vfs.umount("/cut")
        gc.collect()

    # What must be true after any boot

    def check(self, sealed: list) -> None:
        """Every segment that was sealed has its record, and every record its leaves; numbers, frames and samples follow each other."""
        number = samples = 0
        seen = []
        for raw in self.chain.read(0):
            record = records.Record(raw)
            fields = record.fields
            if record.type == records.SEGMENT:
                assert (fields["number"], fields["first_sample"]) == (number, samples)
                number += 1
                samples += fields["samples"]
                seen.append(fields["number"])
                assert self.root(fields["slot"], fields["stored_bytes"]) == fields["root"], "a sealed segment is not on the card"
                assert self.cards.copy(fields["slot"]) == raw
            elif record.type == records.TAIL_FOUND:
                assert fields["number"] == number and fields["leaves"] > 0
                number += 1
                assert self.root(fields["slot"], None, fields["leaves"]) == fields["root"]
            elif record.type == records.INTERRUPT:
                assert (fields["segments"], fields["samples"]) == (number, samples)
        assert [n for n in sealed if n not in seen] == [], "a sealed segment has no record"
        replayed = History()
        Chain("/cut/chain", replayed).close()
        assert replayed.state() == self.history.state(), "a boot from a snapshot knows something else than one from the whole chain"

    def root(self, slot: int, stored: int | None, leaves: int = 0) -> bytes:
        hashes = []
        for index in range(leaves or -(-stored // LEAF_BYTES)):
            block = memoryview(bytearray(LEAF_BYTES + 512))
            self.cards.read_leaf(slot, index, 0, block)
            size = Trailer.unpack(bytes(block[LEAF_BYTES:]))[0].length
            assert stored is None or size == min(LEAF_BYTES, stored - index * LEAF_BYTES)
            hashes.append(sha256(b"\x00" + bytes(block[:size])).digest())
        return root(hashes)


class Chips:
    """The state of flash, key store and card after enrolment, to begin each run from."""

    def __init__(self) -> None:
        flash = Flash(40)
        vfs.VfsLfs2.mkfs(flash)
        keys, card = Keystore(), Card(1 + SLOTS * SLOT // 512)
        life = Life(flash, keys, card)
        life.enrol()
        life.end()
        self._saved = bytes(flash.data), [bytes(block) for block in keys.blocks], bytes(card.data)
        self._flash, self._card = flash.data, card.data

    def fresh(self, cut: Cut) -> tuple:
        self._flash[:], self._card[:] = self._saved[0], self._saved[2]
        return Flash(0, cut, self._flash), Keystore(cut, 0, [bytearray(block) for block in self._saved[1]]), Card(0, cut, self._card)


def cut_at(chips: Chips, after: int, torn: bool) -> bool:
    """Records, with a cut; boots, checks, records on, boots and checks again. True when the cut never came."""
    cut = Cut(after, torn)
    flash, keys, card = chips.fresh(cut)
    sealed: list[int] = []
    life = None
    try:
        life = Life(flash, keys, card)
        life.boot()
        life.record(sealed)
    except (PowerCut, OSError):
        assert cut.dead
    if life:
        life.end()
    for _ in range(2):
        flash, keys, card = flash.after_cut(), keys.after_cut(), card.after_cut()
        life = Life(flash, keys, card)
        life.boot()
        life.check(sealed)
        if life.history.session and after % 6 == 0:  # it was cut off: go on with it
            life.record(sealed)
            life.check(sealed)
        life.end()
    return not cut.dead


def test_nothing_sealed_is_lost_at_any_cut():
    chips = Chips()
    after = 0
    while not cut_at(chips, after, True):
        after += 1
    assert after > 75, after
    for few in range(0, after, 7):
        cut_at(chips, few, False)
