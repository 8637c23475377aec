# SPDX-License-Identifier: Apache-2.0
"""Malformed messages at a simulated recorder: no crash, no hang, no growth of memory, and no change of state that was not earned.

A station with a certified key says every handshake message and every request cut at each byte, with each byte and each field changed,
twice, too long, out of order, with wrong counters, in the wrong state; and frames that break the rules, before and after the link is
open. What must come of each: the constant refusal, the error code that the tables name, or the end of the link. In between a good
station docks.
"""

import random
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import examples

from sealdock import enrol
from sealdock.station import Station, now_ms
from sealproto import messages
from sealproto.channel import MEDIA, TAIL
from sealproto.frame import CRC_BYTES
from sealproto.handshake_recorder import refusal
from sealproto.limits import ANSWER_STEP_MS, MESSAGE_MAX, MESSAGE_MAX_BEFORE
from sealproto.transport import OPEN, Transport

from . import demand, progress
from .hostile import HANG_S, Talk, Watch
from .malform import malformed, refielded
from .table import Table

SIZE, SAMPLE = 100_000, 60
INTERPRETER = True
OFFER_BYTES = 77
EVERY = 6  # cases between two looks; fewer than the attempts that a recorder allows in a minute
GROWTH_MAX = 32768  # bytes of heap: what a session's buffers and keys come to, never more with more cases
_COUNTER = 8

Case = Callable[["Target"], None]


class Target:
    """One recorder, and a session with it that is kept as long as it lasts."""

    def __init__(self, station: Station, url: str) -> None:
        self.station, self.url = station, url
        self.number = 0
        self.slowest = 0.0
        self.set_clock = False
        self._talk: Talk | None = None

    def open(self) -> Talk:
        self.hang_up()
        return Talk(self.station, self.url)

    def session(self) -> Talk:
        if self._talk is None:
            self._talk = self.open()
            self._talk.authenticate()
        return self._talk

    def hang_up(self) -> None:
        if self._talk is not None:
            self._talk.line.close()
            self._talk = None

    def in_time(self, talk: Talk, more_s: float = 0.0) -> None:
        self.slowest = max(self.slowest, talk.waited - more_s)
        demand(talk.waited < HANG_S + more_s, f"it took {talk.waited:.1f} s")


# Handshake


def _refused(target: Target, talk: Talk, offer_too: bool = False) -> None:
    """The refusal, or the end of the link."""
    answer = talk.answer()
    target.in_time(talk, ANSWER_STEP_MS / 1000)
    if answer is None or answer == refusal():
        return
    demand(offer_too and len(answer) == OFFER_BYTES, f"an answer of {len(answer)} bytes: {answer[:16].hex()}")


def hello(change: Callable[[bytes], bytes], target: Target) -> None:
    """A hello whose commitment, versions or suites changed may be a good one: the proof decides."""
    with target.open() as talk:
        talk.say(change(talk.hello()))
        _refused(target, talk, offer_too=True)


def proof(change: Callable[[bytes], bytes], target: Target) -> None:
    with target.open() as talk:
        talk.say(change(talk.proof()))
        _refused(target, talk)


def hello_twice(target: Target) -> None:
    with target.open() as talk:
        talk.say(talk.hello())
        talk.answer()
        talk.say(talk.hello())
        _refused(target, talk)


def proof_first(target: Target) -> None:
    with target.open() as other:
        early = other.proof()
    with target.open() as talk:
        talk.say(early)
        _refused(target, talk)


def request_first(target: Target) -> None:
    with target.open() as talk:
        talk.say(b"\0" + messages.write(messages.REQUESTS, messages.STATUS, 1))
        _refused(target, talk)


def of_length(size: int, sent: int, target: Target) -> None:
    """A message that says so many bytes and brings others, before anybody is known."""
    with target.open() as talk:
        talk.raw(size.to_bytes(4, "little") + bytes(sent))
        _refused(target, talk)


# Requests of a station that proved itself


def request(name: str, plain: bytes, target: Target) -> None:
    """The recorder's answer is what the tables say of these bytes."""
    talk = target.session()
    assert talk.channel is not None
    talk.say(talk.channel.seal(plain))
    try:
        kind, number, _ = messages.read(messages.REQUESTS, plain)
        code = None
    except messages.MessageError as error:
        kind, number, code = messages.ERROR, error.number or 0, error.code
    answer = talk.answer()
    target.in_time(talk)
    while answer is not None and answer[0] in (MEDIA, TAIL):  # a request that was changed into a good one
        answer = talk.answer()
    demand(answer is not None, f"{name}: the link ended")
    assert answer is not None
    said, again, fields = messages.read(messages.ANSWERS, talk.channel.open(answer))
    demand(again == number, f"{name}: an answer to {again}, not {number}")
    if code is not None:
        demand((said, fields.get("code")) == (messages.ERROR, code), f"{name}: {said} {fields}, not error {code}")
    demand(said in (messages.ERROR, kind), f"{name}: answer {said} to request {kind}")
    target.set_clock = target.set_clock or said == messages.SET_CLOCK
    if said == messages.BYE:
        target.hang_up()


def sealed(change: Callable[[bytes], bytes], target: Target) -> None:
    """What does not open ends the link, and is not answered."""
    talk = target.session()
    assert talk.channel is not None
    talk.say(change(talk.channel.seal(messages.write(messages.REQUESTS, messages.STATUS, 1))))
    _ended(target, talk)


def _ended(target: Target, talk: Talk) -> None:
    answer = talk.answer()
    target.in_time(talk)
    target.hang_up()
    demand(answer is None, f"it was answered with {len(answer or b'')} bytes")


def replayed(target: Target) -> None:
    talk = target.session()
    assert talk.channel is not None
    body = talk.channel.seal(messages.write(messages.REQUESTS, messages.STATUS, 1))
    talk.say(body)
    answer = talk.answer()
    assert answer is not None
    talk.channel.open(answer)
    talk.say(body)
    _ended(target, talk)


def one_left_out(target: Target) -> None:
    talk = target.session()
    assert talk.channel is not None
    talk.channel.seal(messages.write(messages.REQUESTS, messages.STATUS, 1))
    talk.say(talk.channel.seal(messages.write(messages.REQUESTS, messages.STATUS, 2)))
    _ended(target, talk)


def swapped(target: Target) -> None:
    talk = target.session()
    assert talk.channel is not None
    first, second = (talk.channel.seal(messages.write(messages.REQUESTS, messages.STATUS, n)) for n in (1, 2))
    talk.say(second)
    talk.say(first)
    _ended(target, talk)


def reflected(target: Target) -> None:
    """The recorder's own answer, sent back to it."""
    talk = target.session()
    assert talk.channel is not None
    talk.say(talk.channel.seal(messages.write(messages.REQUESTS, messages.STATUS, 1)))
    answer = talk.answer()
    assert answer is not None
    talk.say(answer)
    _ended(target, talk)


def hello_again(target: Target) -> None:
    talk = target.session()
    talk.say(talk.hello())
    _ended(target, talk)


def length_within(size: int, target: Target) -> None:
    talk = target.session()
    talk.raw(size.to_bytes(4, "little") + bytes(64))
    _ended(target, talk)


# Frames


def frames(data: bytes, opened: bool, target: Target) -> None:
    """Line bytes that are no link's, or break an open one's rules; whatever the recorder says to that, it must be there afterwards."""
    target.hang_up()
    host, port = target.url.removeprefix("socket://").split(":")
    with socket.create_connection((host, int(port))) as line:
        line.settimeout(0.02)
        if opened:
            _open(line)
        line.sendall(b"\0" + data + b"\0")
        said = _heard(line)
    demand(len(said) <= 2 * OFFER_BYTES, f"{len(said)} bytes were said to a broken frame")


def _open(line: socket.socket) -> None:
    transport = Transport(True, random.getrandbits(32), 0)
    for _ in range(100):
        now = time.monotonic_ns() // 1_000_000
        out = bytes(transport.output(now))
        transport.sent(len(out))
        line.sendall(out)
        transport.feed(_heard(line), now)
        if transport.state == OPEN:
            return
    demand(False, "the link did not open")


def _heard(line: socket.socket) -> bytes:
    try:
        return line.recv(4096)
    except TimeoutError:
        return b""


# All of them


def cases() -> list[tuple[str, Case]]:
    return [*_handshakes(), *_requests(), *_seals(), *_frames()]


def _bound(act: Callable[..., None], *values: object) -> Case:
    return lambda target: act(*values, target)


def _changes(size: int) -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    """malformed() for a message that does not exist yet, of about so many bytes."""
    for at in range(1, size):
        yield f"cut by {at} bytes", lambda raw, at=at: raw[:-at] or raw[:1]
    for at in range(size):
        yield f"byte {at} changed", lambda raw, at=at: _flipped(raw, at % len(raw))
    yield "said twice", lambda raw: raw + raw
    yield "one byte longer", lambda raw: raw + b"\0"
    yield "as long as allowed", lambda raw: raw + bytes(MESSAGE_MAX_BEFORE - len(raw))
    yield "too long", lambda raw: raw + bytes(MESSAGE_MAX_BEFORE)


def _flipped(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :]


def _handshakes() -> Iterator[tuple[str, Case]]:
    for what, change in _changes(48):
        yield f"hello {what}", _bound(hello, change)
    for what, change in _changes(520):
        yield f"proof {what}", _bound(proof, change)
    yield from (("hello twice", hello_twice), ("a proof first", proof_first), ("a request first", request_first))
    for size, sent in ((0, 0), (1, 1), (MESSAGE_MAX_BEFORE + 1, 64), (1 << 31, 64), (MESSAGE_MAX_BEFORE, MESSAGE_MAX_BEFORE)):
        yield f"a length of {size}", _bound(of_length, size, sent)


def _requests() -> Iterator[tuple[str, Case]]:
    for kind, fields in examples.REQUESTS.items():
        plain = messages.write(messages.REQUESTS, kind, 5, **fields)
        for what, changed in (*malformed(plain), *refielded(plain)):
            name = f"{messages.NAMES[kind]} {what}"
            yield name, _bound(request, name, changed)


def _seals() -> Iterator[tuple[str, Case]]:
    for what, change in _changes(1 + 16 + 16):
        yield f"sealed {what}", _bound(sealed, change)
    for act in (replayed, one_left_out, swapped, reflected, hello_again):
        yield act.__name__, act
    for size in (0, MESSAGE_MAX + 1, (1 << 32) - 1):
        yield f"a length of {size} within", _bound(length_within, size)


def _frames() -> Iterator[tuple[str, Case]]:
    for name, raw in examples.FRAMES:
        for opened in (False, True):
            where = f"{name} {'on an open link' if opened else 'before'}"
            for what, changed in malformed(raw):  # with a right CRC: a hostile peer's, not noise
                if len(changed) >= 2 and changed[0] & 15 not in (1, 2):  # an opening opens
                    yield f"{where} {what}", _bound(frames, examples.frame(changed[:180]), opened)
            line = examples.frame(raw)
            for what, changed in malformed(line[:-CRC_BYTES]):
                yield f"{where} on the wire {what}", _bound(frames, changed, opened)


# Running


@contextmanager
def target(speed: float = 1.0) -> Iterator[tuple[Target, Watch]]:
    with tempfile.TemporaryDirectory(prefix="sealdock-malformed-") as folder:
        table = Table(Path(folder), 1)
        (recorder,) = table.recorders
        try:
            table.record(recorder, 2500)
            recorder.real(speed)
            url = recorder.plug()
            with Station.open(table.home) as station:
                yield Target(station, url), Watch(station, recorder, url)
        finally:
            table.close()


def run(size: int, seed: int = 0, only: str = "", break_it: Callable[[Watch], None] | None = None) -> dict[str, int | float]:
    """So many cases, in an order of the seed; all when there are no more."""
    todo = [case for case in cases() if only in case[0]]
    random.Random(seed).shuffle(todo)
    with target() as (at, watch):
        done = todo[:size]
        for number, (name, act) in enumerate(done, 1):
            try:
                act(at)
            except Exception as error:
                raise type(error)(f"{name}: {error}") from error
            if number % EVERY == 0 or number == len(done):
                _look(at, watch, name, break_it)
            progress("malformed", number, len(done), 500)
        demand(watch.grown < GROWTH_MAX, f"the heap grew by {watch.grown} bytes")
        slowest, next_dock = at.slowest, watch.slowest
    return {
        "malformed.cases": len(done),
        "malformed.all_cases": len(todo),
        "malformed.crashes": 0,
        "malformed.state_changes": 0,
        "malformed.slowest_s": round(slowest, 2),  # of the answers, beyond the step at which refusals leave
        "malformed.next_dock_s": round(next_dock, 2),  # a good station's handshake and first answer: its own step and its arithmetic
        "malformed.heap_growth": watch.grown,
    }


def _look(at: Target, watch: Watch, name: str, break_it: Callable[[Watch], None] | None) -> None:
    at.hang_up()
    if break_it is not None:
        break_it(watch)
    if at.set_clock:
        watch.earned()
        at.set_clock = False
    watch.check(name)
    demand(watch.slowest < 2 * HANG_S, f"after {name}: the next dock took {watch.slowest:.1f} s")


def _reboot(watch: Watch) -> None:
    """As a message would that crashed it: the watchdog starts it again."""
    watch.recorder.restart()


def _clock(watch: Watch) -> None:
    """As a message would that had a record signed without saying so."""
    with enrol.dock(watch.station, watch.url) as client:
        client.request(messages.SET_CLOCK, utc=now_ms(), uncertainty_ms=3, drift_ppb=None)


CONTROLS = (lambda: run(6, only="status", break_it=_reboot), lambda: run(6, only="status", break_it=_clock))
