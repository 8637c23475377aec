# SPDX-License-Identifier: Apache-2.0
"""A bureau with real keys, and a recorder of fake chips with the real dock side, for tests under MicroPython.

>>> bureau = Bureau(); recorder = Recorder(Chips())
>>> recorder.enrol(bureau)
>>> recorder.put(messages.PUT_PROFILE, bureau.profile(1))
"""

import asyncio
import gc
import os
from hashlib import sha256

import vfs
from fake_board import BLOCK, FIRST, Card, Cut, Flash, Keystore, PowerCut

from sealcam import x25519
from sealcam.chain.chain import Chain
from sealcam.chain.history import History
from sealcam.chain.keystore import Keystore as SealedKeys
from sealcam.chain.signer import Signer
from sealcam.chain.snapshot import Snapshots, read
from sealcam.clockkeeping import Clockkeeper
from sealcam.dock import unfinished
from sealcam.dock.dock import Dock
from sealcam.dock.objects_store import ObjectsStore
from sealcam.dock.trust import Trust
from sealcam.ed25519 import Key
from sealcam.media.cardstore import CardStore
from sealproto import codes, cose, handshake, merkle, messages, objects, profile_keys, records
from sealproto.shape import pack

NOW = 1_741_000_000_000
YEAR = 365 * 24 * 3600 * 1000
SLOT = 2 * 16896 + 8 * 512
SESSION = bytes(range(16))
FOLDER = "/bench"


class Signer1:
    """An Ed25519 key of the bureau."""

    def __init__(self, number: int) -> None:
        self._key = Key(sha256(b"bureau" + bytes([number])).digest())
        self.public = self._key.public
        self.kid = sha256(self.public).digest()[:8]

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message, b"")


class Bureau:
    """Root and what it certifies. `certificates` are those that a recorder keeps."""

    def __init__(self, number: int = 0) -> None:
        self.root = Signer1(10 * number)
        self.station = Signer1(10 * number + 1)
        self.signer = Signer1(10 * number + 2)
        self.recipients = [x25519.public(sha256(bytes([number, n])).digest()) for n in (3, 4)]
        self.station_certificate = self.certify(objects.STATION, self.station.public)
        self.root_certificate = self.certify(objects.ROOT, self.root.public)
        self.certificates = [
            self.station_certificate,
            self.certify(objects.RECIPIENT, self.recipients[0]),
            self.certify(objects.ESCROW, self.recipients[1]),
            self.certify(objects.PROFILE_SIGNER, self.signer.public),
        ]
        self.log = [b"a log"]
        self.counter = 0

    def certify(self, role: int, key: bytes, by=None, since: int = NOW - YEAR, until: int = NOW + YEAR, **about) -> bytes:
        signer = by or self.root
        rest = {name: about.get(name) for name in ("chain", "genesis", "board", "abilities", "predecessor")}
        return objects.make(
            cose.CERTIFICATE,
            signer.kid,
            signer.sign,
            role=role,
            key=key,
            serial=1,
            name=None,
            **dict(rest, **{"from": since, "until": until}),
        )

    def certify_recorder(self, raw: bytes, **changed) -> bytes:
        record = records.Record(raw)
        about = {name: record.fields[name] for name in ("board", "abilities", "predecessor")}
        about.update({"chain": record.chain, "genesis": record.hash})
        about.update(changed)
        return self.certify(objects.RECORDER, about.pop("key", record.fields["identity"]), about.pop("by", self.station), **about)

    def revocations(self, number: int, entries: list, by=None) -> bytes:
        signer = by or self.root
        return objects.make(cose.REVOCATIONS, signer.kid, signer.sign, number=number, issued=NOW, entries=entries)

    def profile(self, number: int, by=None, name: str = "test", **changed) -> bytes:
        signer = by or self.signer
        data = pack(profile_keys.PROFILE, **profile_fields(name, number))
        data.update(changed.pop("data", {}))
        return objects.make(cose.PROFILE, signer.kid, signer.sign, id=name, number=number, data=data)

    def prompts(self, sounds: dict, by=None) -> tuple:
        """(signed list, sound) of {clip: bytes}."""
        signer = by or self.station
        rows = [[n, len(sounds[n]) * 2, len(sounds[n]), sha256(sounds[n]).digest()[:16]] for n in sorted(sounds)]
        blob = b"".join([sounds[n] for n in sorted(sounds)])
        raw = objects.make(cose.PROMPTS, signer.kid, signer.sign, profile="test", rate=16000, clips=rows, blob=sha256(blob).digest())
        return raw, blob

    def assignment(self, chain: bytes, by=None, until: int | None = None) -> bytes:
        signer = by or self.station
        return objects.make(cose.ASSIGNMENT, signer.kid, signer.sign, chain=chain, number=7, **{"from": NOW, "until": until})

    def receipt(self, recorder, ranges: list, by=None, log: list | None = None, more: list = (), **changed) -> bytes:
        """A receipt over the recorder's chain as it is; `changed` bends what is stated, before log and signature unless in `late`."""
        signer = by or self.station
        late = changed.pop("late", {})
        raws = [recorder.chain.get(seq) for first, last in ranges for seq in range(first, last + 1)]
        values = {
            "chain": recorder.chain.id, "counter": recorder.history.receipt_counter + 1, "head_seq": recorder.chain.seq,
            "head_hash": recorder.chain.head, "segments": ranges, "root": objects.segments_root(raws), "utc": NOW,
        }  # fmt: skip
        values.update(changed)
        log = self.log if log is None else log
        log.append(objects.log_entry(values))
        index = len(log) - 1
        log += more
        leaves = [merkle.leaf_hash(entry) for entry in log]
        values.update(
            {
                "log": leaves[0],
                "log_size": len(leaves),
                "log_root": merkle.root(leaves),
                "log_index": index,
                "log_proof": merkle.inclusion_proof(leaves, index),
            }
        )
        values.update(late)
        return objects.make(cose.RECEIPT, signer.kid, signer.sign, **values)


def profile_fields(name: str, number: int) -> dict:
    announce = pack(
        profile_keys.ANNOUNCE, duty=True, activities=[], order=1, order_otherwise=1, orders=[], means=[], on_resume=True, on_relay_in=False,
        cue=False, prerecord=0, urgent=False, claims=[], wording="w", wording_hash=bytes(32), prescribed=True,
    )  # fmt: skip
    interruption = pack(profile_keys.INTERRUPTION, regime=0, causes=[], open=True, spoken_reason=True, proves=[])
    return {
        "schema": profile_keys.SCHEMA, "id": name, "version": number, "tz_minutes": 480, "interrupted": "a", "stored": "b",
        "announce": announce, "interruption": interruption, "no_record": pack(profile_keys.NO_RECORD, rows=[], open=False),
        "activities": [], "marks": [], "store": pack(profile_keys.STORE, kind=0, handover_counts=False),
        "place": pack(profile_keys.PLACE, same_place=0, say_place=False, place_change_ends=False), "checks": [],
    }  # fmt: skip


class SparseCard(Card):
    """Keeps the sectors that were written, the partition table and the README too, since formatting reads them again."""

    COUNT = FIRST + 8 * SLOT // 512 + 1

    def __init__(self, cut: Cut | None = None, kept: dict | None = None) -> None:
        super().__init__(0, cut)
        self.kept = {} if kept is None else kept

    def after_cut(self) -> "SparseCard":
        return SparseCard(None, self.kept)

    def sectors(self) -> int:
        return self.COUNT

    def read(self, sector: int, buf: bytearray) -> None:
        for at in range(0, len(buf), 512):
            buf[at : at + 512] = self.kept.get(sector + at // 512) or bytes(512)

    def write(self, sector: int, buf: bytes) -> None:
        if self.cut.dead:
            return
        torn = self.cut.step()
        for at in range(0, len(buf) // 1024 * 512 if torn else len(buf), 512):
            if any(memoryview(buf)[at : at + 512]) or sector + at // 512 in self.kept:
                self.kept[sector + at // 512] = bytes(memoryview(buf)[at : at + 512])
        if torn:
            raise PowerCut()


_FLASH = bytearray(64 * BLOCK)  # one for all tests: so large a piece is not found again in a used heap


class Chips:
    """What a power cut leaves. New ones begin erased; only one set is in use at a time."""

    def __init__(self, flash=None, keys=None, card=None, cut: Cut | None = None) -> None:
        if flash is None:
            for at in range(0, len(_FLASH), BLOCK):
                _FLASH[at : at + BLOCK] = b"\xff" * BLOCK
        self.flash = flash or Flash(0, cut, _FLASH)
        self.keys = keys or Keystore(cut)
        self.card = card or SparseCard(cut)
        self.time = [NOW]

    def after_cut(self) -> "Chips":
        return Chips(self.flash.after_cut(), self.keys.after_cut(), self.card.after_cut())


class Board:
    """As much of a board as the dock side wants."""

    NAME = "fake"
    SIMULATED = True
    RTC_BACKED = KEYSTORE_PHYSICAL_ERASE = BOOTLOADER_LOCKED = DEVELOPER_BUILD = True
    FLASH_FREE_STOP_BYTES = 16384
    LINE_WINDOW_BYTES = 8192
    camera = None
    microphone = object()
    serial = None

    def __init__(self, chips: Chips) -> None:
        self.card = chips.card
        self.clock = self.battery = self
        self._time = chips.time

    def ticks_ms(self) -> int:
        return 1000

    def read_ms(self) -> int:
        return self._time[0]

    def set_ms(self, utc: int) -> None:
        self._time[0] = utc

    def read_mv(self) -> int:
        return 4000


class Events:
    """The application's part: what it was told, and what it answers."""

    def __init__(self) -> None:
        self.source_error = None
        self.told = []
        self.is_enrolling = self.confirms = True
        self.records = False

    def enrolling(self) -> bool:
        return self.is_enrolling

    def before_identity(self) -> None:
        if self.source_error is not None:
            raise self.source_error

    def recording(self) -> bool:
        return self.records

    def speak_digits(self, text: str) -> None:
        self.told.append(text)

    async def confirmed(self) -> bool:
        return self.confirms

    def enrolled(self) -> None:
        self.told.append("enrolled")

    def arrived(self) -> None:
        pass

    def docked(self, docked: bool) -> None:
        self.told.append(docked)

    def object_installed(self, kind: str) -> None:
        self.told.append(kind)


class Session:
    def __init__(self, mode: int, peer: bytes) -> None:
        self.mode = mode
        self.peer = peer
        self.digits = "123456"


class Call:
    """What a handler gets beside its request; keeps the leaves that it sends."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.sent = []

    async def media(self, segment: int, index: int, size: int) -> None:
        self.sent.append((segment, index, b""))
        self._wanted = size

    async def tail(self, slot: int, index: int, trailer: bytes, size: int) -> None:
        self.sent.append((slot, index, bytes(trailer), b""))
        self._wanted = size

    async def room(self, least: int) -> int:
        return 700

    def piece(self, data: bytes) -> None:
        about, leaf = self.sent[-1][:-1], self.sent[-1][-1]
        self._wanted -= len(data)
        assert self._wanted >= 0
        self.sent[-1] = about + (leaf + bytes(data),)  # noqa: RUF005 - MicroPython has no (*x, y)


class Recorder:
    """One boot. close() ends it; then the same chips may boot again."""

    _noise = 0

    def __init__(self, chips: Chips) -> None:
        self.chips = chips
        self.board = Board(chips)
        mount(chips.flash)
        self.store = SealedKeys(chips.keys)
        self.clock = Clockkeeper(self.board, FOLDER)
        self.history = History()
        self.chain = Chain(FOLDER + "/chain", self.history, read(FOLDER))
        self.signer = Signer(self.chain, self.store, self.clock, self.random)
        self.signer.see = Snapshots(FOLDER, self.chain, self.history).see
        self.history.sign = self.signer.sign
        self.trust = Trust(self.store, FOLDER, self.clock.utc_ms)
        self.objects = ObjectsStore(FOLDER, self.trust, self.history)
        self.cards = CardStore(chips.card, SLOT)
        self.finished = self.chain.id is None and unfinished.finish(self.store, self.chain, self.signer, self.trust)
        if self.chain.id is not None:
            self.signer.load(self.history.epoch, self.history.epoch_key)
            self.signer.boot = self.history.boot + 1
            self.cards.open(self.chain.id, self.history.newest)
        self.events = Events()
        self.dock = Dock(
            self.board, self.store, self.chain, self.signer, self.history, self.clock, self.cards, self.trust, self.objects,
            self.random, self.events,
        )  # fmt: skip

    def random(self, n: int) -> bytes:
        """Never the same, and no need for a good source here."""
        Recorder._noise += 1
        out = b""
        while len(out) < n:
            out += sha256(Recorder._noise.to_bytes(8, "big") + len(out).to_bytes(8, "big")).digest()
        return out[:n]

    def close(self) -> None:
        self.chain.close()
        unmount()

    def reboot(self) -> "Recorder":
        self.close()
        return Recorder(self.chips)

    # Asking

    def ask(self, request: int, call: Call | None = None, mode: int = handshake.DOCK, peer: bytes = b"", **fields) -> dict:
        """The answer to one request; Refuse as the handler raises it. Checked against the tables, both ways."""
        messages.write(messages.REQUESTS, request, 1, **fields)
        answer = asyncio.run(self.dock._handlers()[request](call or Call(Session(mode, peer)), fields))
        messages.write(messages.ANSWERS, request, 1, **answer)
        return answer

    def put(self, kind: int, raw: bytes, step: int = 4096) -> None:
        """As the station does it."""
        about = {"kind": kind, "hash": sha256(raw).digest(), "total": len(raw)}
        have = self.ask(messages.PUT, offset=0, data=b"", **about)["have"]
        if have >= len(raw):
            have = len(raw) - 1
        while have < len(raw):
            have = self.ask(messages.PUT, offset=have, data=raw[have : have + step], **about)["have"]

    # Enrolling, as the station's side of the handshake would have it

    def shake(self, bureau: Bureau, mode: int = handshake.ENROL, revocations: bytes | None = None, certificate: bytes | None = None):
        """The station proved itself: the recorder's identity."""
        self.dock.station(mode, [certificate or bureau.station_certificate], revocations)
        return self.dock.identity(mode, bytes(32))

    def begin(self, bureau: Bureau, predecessor: list | None = None) -> bytes:
        self.shake(bureau)
        return self.ask(messages.ENROL_BEGIN, mode=handshake.ENROL, utc=NOW, predecessor=predecessor)["genesis"]

    def finish(self, bureau: Bureau, genesis: bytes, **changed) -> None:
        fields = {
            "certificate": bureau.certify_recorder(genesis),
            "root": bureau.root_certificate,
            "certificates": bureau.certificates,
            "revocations": None,
        }
        fields.update(changed)
        self.ask(messages.ENROL_FINISH, mode=handshake.ENROL, peer=bureau.station.public, **fields)

    def enrol(self, bureau: Bureau) -> "Recorder":
        self.finish(bureau, self.begin(bureau))
        return self

    # Recording, as far as the chain shows it

    def open_session(self) -> None:
        self.signer.sign(
            records.SESSION_OPEN, session=SESSION, activity=None, profile=bytes(32), prompts=bytes(32), assignment=None, wraps=None,
            content_key_hash=None, media=[None, [16000, 16, 1]], order=0, mode=4, check=[],
        )  # fmt: skip

    def close_session(self) -> None:
        self.signer.sign(
            records.SESSION_CLOSE, session=SESSION, parts=1, segments=0, frames=0, samples=0, fact=codes.FACT_STOP_PRESSED, cause=0,
        )  # fmt: skip

    def segment(self, number: int) -> int:
        """A segment's record, without media; its sequence number."""
        return self.signer.sign(
            records.SEGMENT, session=SESSION, part=0, number=number, slot=number, generation=1, plain_bytes=1, stored_bytes=16,
            root=bytes(32), first_frame=0, frames=0, first_sample=0, samples=0, start_ms=0, end_ms=0, lost_frames=0, lost_samples=0,
        )  # fmt: skip


def mount(flash) -> None:
    if FOLDER[1:] in os.listdir("/"):  # a test that failed left it
        unmount()
    try:
        files = vfs.VfsLfs2(flash)
    except OSError:
        vfs.VfsLfs2.mkfs(flash)
        files = vfs.VfsLfs2(flash)
    vfs.mount(files, FOLDER)


def unmount() -> None:
    """Files that nobody closed are closed by the collector, which must come before the next mount."""
    vfs.umount(FOLDER)
    gc.collect()


def refused(code: int, act, *values, **named) -> None:
    """act must raise Refuse with this code."""
    from sealcam.dock.link import Refuse

    try:
        act(*values, **named)
    except Refuse as error:
        assert error.code == code, error.code
        return
    raise AssertionError("not refused")
