# SPDX-License-Identifier: Apache-2.0
"""A recorder's officer's side in virtual time under CPython: the real machine, menus, sessions and history over hardware made of numbers.

Real: machine, recorder and all its units, buttons, words and menus, voice's queue, sessions, history, recovery, and the record bodies.
Made of numbers: sensors, card, battery, clock, and signing, which here only appends. Nothing is encrypted.

>>> field = Field("caofeidian"); field.press(RECORD, 300); field.wait(20_000); field.power_cut()
>>> field.chain                       # every record since the recorder was enrolled
"""

import gc
import sys
import types
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sealdock import profile
from sealproto import cbor, codes, profile_keys
from sealproto import records as rec
from sealproto.shape import unpack

ROOT = Path(__file__).parents[2]
RECORD, MARK, MENU = 1, 2, 4
CLIP_MS = 300
SEGMENT_MS = 5000
START_UTC = 1_772_400_000_000


def _import() -> SimpleNamespace:
    """The recorder's modules. What needs the recorder's interpreter, and is not of the officer's side, is empty."""
    if str(ROOT / "device") not in sys.path:
        sys.path.insert(0, str(ROOT / "device"))
    gc.threshold = lambda *_: -1  # type: ignore[attr-defined]
    stubs = {
        "micropython": (),
        "sealcam.sound.adpcm": ("Decoder",),
        "sealcam.media.contentkey": ("ContentKey",),
        "sealcam.media.trailercrc": ("LIVE_BYTES", "close", "images"),
        "sealcam.media.words": ("copy", "same"),
        "sealcam.crypto.hmac_sha256": ("Keyed", "hmac_sha256"),
    }
    for name in stubs.keys() - sys.modules.keys():
        sys.modules[name] = types.ModuleType(name)
        for member in stubs[name]:
            setattr(sys.modules[name], member, type(member, (), {}))
    vars(sys.modules["micropython"]).setdefault("native", lambda function: function)
    from sealcam import faults
    from sealcam.chain import history, recovery
    from sealcam.media import session
    from sealcam.media.capture import SensorLost
    from sealcam.officer import buttons, choices, deadlines, machine, recorder
    from sealcam.sound import voice

    return SimpleNamespace(
        buttons=buttons, choices=choices,
        deadlines=deadlines, faults=faults, history=history, machine=machine, recorder=recorder, recovery=recovery,
        session=session, voice=voice, SensorLost=SensorLost,
    )  # fmt: skip


device = _import()


class Entry:
    """A record as far as history and the verifier's rules ask."""

    def __init__(self, seq: int, boot: int, ms: int, utc: list | None, kind: int, body: dict) -> None:
        self.seq, self.boot, self.ms, self.utc, self.type = seq, boot, ms, utc, kind
        cbor.encode(body)  # refuses what a record cannot hold
        self.fields, unknown = unpack(rec.BODIES[kind], body)
        assert not unknown
        self.name = rec.NAMES[kind]


class Capture:
    """16 samples a millisecond, a segment every five seconds."""

    def __init__(self, field: "Field") -> None:
        self.field = field
        self.running = False
        self.samples = self.number = self.frames = 0
        self._sealed = 0
        self._begun_ms = 0
        self.begun_after: list[int] = []  # of each part, the type of the record signed last before its first sound was taken

    def media(self) -> list:
        return [[640, 480, 15] if self.field.board.camera else None, [16000, 16, 1]]

    def start_sensors(self) -> None:
        if self.field.broken_sensor:
            raise device.SensorLost("lost")

    def stop_sensors(self) -> None: ...

    def begin(self, session: bytes, part: int, content: object, number: int, frames: int, samples: int) -> None:
        self._session, self._part = session, part
        self.number, self.frames, self.samples, self._sealed = number, frames, samples, samples
        self._begun_ms = self.field.now
        self.running = True

    def turn(self) -> None:
        self.begun_after.append(self.field.chain[-1].type)

    def advance(self, ms: int) -> None:
        if not self.running:
            return
        self.samples += 16 * ms
        if self.field.now - self._begun_ms >= SEGMENT_MS:
            self._seal()

    def _seal(self) -> None:
        count = self.samples - self._sealed
        if not count:
            return
        self.field.sign(
            rec.SEGMENT,
            session=self._session, part=self._part, number=self.number, slot=self.number, generation=1, plain_bytes=count * 2,
            stored_bytes=count * 2, root=bytes(32), first_frame=self.frames, frames=0, first_sample=self._sealed, samples=count,
            start_ms=self._begun_ms, end_ms=self.field.now, lost_frames=0, lost_samples=0,
        )  # fmt: skip
        self.number += 1
        self._sealed, self._begun_ms = self.samples, self.field.now

    def end(self) -> None:
        self._seal()
        self.drop()

    def drop(self) -> None:
        self.running = False
        self.samples = self._sealed


class Voice(device.voice.Voice):
    """The real queue; a clip lasts CLIP_MS, and what a broken speaker says is not complete."""

    def __init__(self, field: "Field") -> None:
        self.field = field
        board = SimpleNamespace(speaker=SimpleNamespace(clear=lambda: None), trace=field.board.trace)
        super().__init__(board, field.clock, lambda: None, lambda: field.capture.samples if field.capture.running else None, lambda _: None)

    def advance(self) -> None:
        now = self._now
        if now is not None:
            if self._cut(now):
                self._over(now, False)
            elif self.field.now - now.start_ms >= CLIP_MS * len(now.clips):
                self._over(now, not self.field.mute)
        if self._now is None and self._queue:
            self._now = self._queue.pop(0)
            self._now.start_ms = self.field.now
            self._now.first_sample = self._position()

    def _over(self, utterance: Any, complete: bool) -> None:
        utterance.complete = complete
        self._now = None
        if not complete and self.field.mute:
            self.field.faults.seen(device.faults.SPEAKER, 0, OSError(5), self.field.now)
        elif complete:
            self.field.faults.over(device.faults.SPEAKER)
        self._finish(utterance)


class Field:
    """One recorder over all its boots. Knobs: `mute`, `unfit` prompts, `broken_sensor`, `mv`, `free` slots, `card_in`, `utc_known`."""

    def __init__(self, name: str, camera: bool = True) -> None:
        self.rules = profile_keys.read(profile.compile(profile.load(name)))
        self.chain: list[Entry] = []
        self.now = self.world_ms = 0
        self.boots = -1
        self.mute = self.unfit = self.broken_sensor = False
        self.utc_known = True
        self.mv, self.free, self.card_in = 4000, 100, True
        self.board: Any = SimpleNamespace(
            trace=lambda *_: None, vibrator=SimpleNamespace(buzz=lambda _: None), camera=object() if camera else None,
            card=SimpleNamespace(present=lambda: self.card_in), battery=SimpleNamespace(temperature=lambda: 40), FLASH_FREE_STOP_BYTES=1000,
        )  # fmt: skip
        self.boot()

    # --- boots --------------------------------------------------------------------------------------------------------

    def boot(self) -> None:
        """What sealcam.start does: the history is read again, the boot is signed, and a session that was cut off."""
        self.boots += 1
        self.now = 0
        self.history = device.history.History()
        for entry in self.chain:
            self.history.see(entry)
        self.clock = SimpleNamespace(ms=lambda: self.now, utc_ms=self._utc)
        self._build()
        open_session = self.history.session
        self.sign(
            rec.BOOT, reason=0, firmware="model", entropy="model", battery_mv=self.mv, card=bytes(16), free_slots=self.free,
            open_session=open_session.id if open_session else None, keystore=0,
        )  # fmt: skip
        machine = device.machine
        state = machine.IDLE
        if open_session is not None:
            if open_session.interrupt is None:
                device.recovery.sign_cut(self.parts.cards, self.history, self.parts.signer, 0, self.parts.proves)
            state = machine.INTERRUPTED
        self.recorder = device.recorder.Recorder(self.parts, machine.WITHDRAWN if self.history.withdrawn else state)
        self.buttons = device.buttons.Buttons()
        self.recorder.begin()

    def _build(self) -> None:
        self.capture = Capture(self)
        self.voice = Voice(self)
        self.faults = device.faults.Faults(self.board, SimpleNamespace(id=bytes(32)), SimpleNamespace(sign=self.sign))
        self.parts: Any = SimpleNamespace(
            board=self.board, history=self.history, clock=self.clock, capture=self.capture, voice=self.voice, faults=self.faults,
            relay=None,
            signer=SimpleNamespace(sign=self.sign, rotate=lambda why: None, boot=self.boots), chain=SimpleNamespace(id=bytes(32)),
            objects=SimpleNamespace(
                profile=self.rules, profile_hash=bytes(32), prompts=object(), prompts_hash=bytes(32), assignment_hash=None,
            ),
            cards=SimpleNamespace(ready=True, free=lambda _: self.free if self.card_in else 0, last=lambda: None),
            trust=SimpleNamespace(recipients=lambda: [0, 1]), random=self._random, proves=self._proves, flash_free=lambda: 10_000,
            flash_full=False, free_segments=lambda _: self.free if self.card_in else 0,
            left_ms=lambda: self.free * 5000, docked_days=lambda: 1, open_card=lambda: None, fit_to_announce=self._fit,
            battery=SimpleNamespace(mv=None, empty=False, percent=lambda: 50), deadline=lambda: None,
            self_test=SimpleNamespace(begin=lambda: None, running=False, level=None, deaf=False),
        )  # fmt: skip
        self.parts.sessions = device.session.Sessions(self.parts, lambda error: self.recorder.starting.failed(error))
        self.parts.sessions.scrub = lambda: None

    def _utc(self) -> int | None:
        return START_UTC + self.world_ms if self.utc_known else None

    def _random(self, count: int) -> bytes:
        return (len(self.chain) * 7919 + count).to_bytes(count, "big")

    def _proves(self, fact: int) -> int:
        return profile_keys.proven(self.rules["interruption"], fact)

    def _fit(self) -> bool:
        if self.unfit:
            self.faults.seen(device.faults.PROMPTS, 0, ValueError("unfit"), self.now)
        else:
            self.faults.over(device.faults.PROMPTS)
        return not self.unfit

    def sign(self, kind: int, **fields: Any) -> int:
        utc = self._utc()
        entry = Entry(len(self.chain), self.boots, self.now, None if utc is None else [utc, 1, 10], kind, rec.body(kind, **fields))
        self.chain.append(entry)
        self.history.see(entry)
        return entry.seq

    # --- what happens to it -------------------------------------------------------------------------------------------

    @property
    def state(self) -> int:
        return self.recorder.machine.state

    def wait(self, ms: int, down: int = 0) -> None:
        """Time passes, with these buttons held down."""
        step = 20 if down or ms < 1000 else 500
        while ms > 0:
            self._pass(min(step, ms))
            ms -= step
            for event in self.buttons.feed(down, self.now):
                self.recorder.post(event)
            if self.now // 500 != (self.now - step) // 500:
                self.recorder.tick()
            self.recorder.work()

    def _pass(self, ms: int) -> None:
        self.now += ms
        self.world_ms += ms
        self.capture.advance(ms)
        self.voice.advance()
        self.parts.battery.mv = self.mv
        self.parts.battery.empty = self.mv <= 3500

    def press(self, down: int, ms: int) -> None:
        self.wait(ms, down)
        self.wait(60)

    def post(self, event: int) -> None:
        self.recorder.post(event)
        self.recorder.work()

    def check_out(self) -> None:
        """A station assigns the recorder anew."""
        self.sign(rec.ASSIGN, assignment=b"assignment")
        self.post(device.machine.ASSIGNED)

    def power_cut(self, off_ms: int = 60_000) -> None:
        """The battery falls out and comes back. The open segment is lost: here no tail is found."""
        self.world_ms += off_ms
        self.boot()

    def cause(self) -> int:
        return self.history.session.interrupt[2] if self.history.session and self.history.session.interrupt else codes.CAUSE_NOT_STATED
