# SPDX-License-Identifier: Apache-2.0
"""The recorder's end of the dock line: bytes of `board.serial` <-> transport <-> handshake <-> requests for the application.

    link = Link(board, crypto, rules, {messages.STATUS: status, ...})
    await link.run()                                   # until cancelled

Each handler is `async def handler(call, fields) -> dict`: the fields of the request in, those of the answer out; `call` has the session and
sends media. A handler raises Refuse(code) to refuse and OSError for failing storage; anything else is a fault of ours and goes to the
supervisor. What a stranger on the line can make happen is bounded here: attempts a minute, their length, and when a refusal leaves.
"""

import asyncio

from sealproto import messages
from sealproto.channel import MEDIA, TAIL, Channel, ChannelError, Splitter, head, media_head
from sealproto.frame import BROKEN, CLOSED
from sealproto.handshake import Session
from sealproto.handshake_recorder import RecorderHandshake, refusal
from sealproto.limits import ANSWER_STEP_MS, ATTEMPTS_PER_MINUTE, HANDSHAKE_MS, MESSAGE_MAX, PART_MAX
from sealproto.transport import LOST, OPEN, Transport

_TICKS_MASK = 0x3FFFFFFF
_UNPLUGGED_MS = 500  # how often an empty socket is looked at
_FULL_MS = 1  # how long a full port is left alone
_MINUTE_MS = 60000
_RECEIVE = 4096  # bytes kept for receiving at most: what comes is little
_LINGER_MS = 2000  # how long a last answer may take to get through
_MOST = MESSAGE_MAX // 4 + PART_MAX  # of a request: an object's part, or an enrolment's certificates


class LinkClosed(Exception):
    """The link that this work belonged to is gone."""


class Refuse(Exception):
    """A handler refuses a request with an error code of `sealproto.messages`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Call:
    """What a handler may know and do beside answering: `session` (mode, peer's public key, digits), and leaves before the answer."""

    def __init__(self, link: "Link", opening: int, session: object) -> None:
        self.session = session
        self._link = link
        self._opening = opening

    async def media(self, segment: int, index: int, size: int) -> None:
        """Announces one leaf as stored; its `size` bytes must follow by piece(). LinkClosed when the station is gone."""
        await self._link.send(self._opening, size, media_head(MEDIA, segment, index))

    async def tail(self, slot: int, index: int, trailer: bytes, size: int) -> None:
        """Announces one leaf of an unsealed tail, with its trailer sector of 512 bytes."""
        await self._link.send(self._opening, size, media_head(TAIL, slot, index), trailer)

    async def room(self, least: int) -> int:
        """Waits until piece() takes at least so many bytes; how many it takes."""
        return await self._link.room(self._opening, least)

    def piece(self, data: bytes) -> None:
        """The next bytes of the leaf, no more than there is room for; the buffer may be used again at once."""
        self._link.give(data)

    def give_up(self) -> None:
        """What was announced cannot come: ends the link, and raises LinkClosed."""
        self._link.break_off(self._opening)


class Link:
    """The dock line of one board; `run` serves it."""

    def __init__(self, board, crypto, rules, handlers: dict, window: int = 32768, ring: int = 0, now: int = 0, attempts=None) -> None:
        """window: bytes kept for sending (a power of two); ring: what the port holds unread, 0: any number; now: the caller's ms;
        attempts: when handshakes began that did not succeed, by that clock, kept by the caller for the next link.
        """
        self._board = board
        self._serial = board.serial
        self._crypto = crypto
        self._rules = rules
        self._handlers = handlers
        self._ticks = board.ticks_ms()
        self._time = now
        self._work = asyncio.Event()  # the pump has something to do
        self._news = asyncio.Event()  # bytes came, or room, or the link changed
        self._splitter = Splitter()
        self._attempts = [] if attempts is None else attempts  # of the last minute, dropped ones too
        self._transport = Transport(False, self._token(), now, window, min(window // 4, _RECEIVE), ring)
        self.session: Session | None = None  # of the station that is authenticated now

    async def run(self) -> None:
        """Serves the line for ever. Raises what a handler raised beyond its rights."""
        tasks = [asyncio.create_task(work()) for work in (self._read, self._pump, self._serve)]
        try:
            await asyncio.gather(*tasks)
        finally:
            self.session = None
            for task in tasks:
                task.cancel()

    def release(self) -> None:
        """Gives its buffers back, once run() has ended."""
        self._transport = self._splitter = self._handlers = self._rules = self._crypto = None

    def _token(self) -> int:
        return int.from_bytes(self._crypto.random(2), "little")

    # Line

    def _now(self) -> int:
        ticks = self._board.ticks_ms()
        self._time += (ticks - self._ticks) & _TICKS_MASK
        self._ticks = ticks
        return self._time

    async def _read(self) -> None:
        while True:
            try:
                data = await self._serial.read()
            except OSError:
                self._hang_up()
                await asyncio.sleep_ms(_UNPLUGGED_MS)
                continue
            self._transport.feed(data, self._now())
            self._work.set()
            self._news.set()

    def _hang_up(self) -> None:
        if self._transport.state == OPEN:
            self._transport.listen(self._now(), self._token())
            self._news.set()

    async def _pump(self) -> None:
        while True:
            transport = self._transport
            now = self._now()
            transport.tick(now)
            full = self._write(now)
            if transport.state == LOST:
                if transport.due(now) is None:  # a last word is out
                    transport.listen(now, self._token())
                self._news.set()
            due = transport.due(now)
            transport = None  # a suspended function keeps what it has
            if full:
                await asyncio.sleep_ms(_FULL_MS)
            else:
                await self._wait(self._work, due, now)

    async def _wait(self, event: asyncio.Event, due: "int | None", now: int) -> None:
        if due is None:
            await event.wait()
        else:
            try:
                await asyncio.wait_for_ms(event.wait(), max(0, due - now))
            except asyncio.TimeoutError:
                return
        event.clear()

    def _write(self, now: int) -> bool:
        """Writes what there is; True when the port took less."""
        while True:
            out = self._transport.output(now)
            if not len(out):
                return False
            try:
                count = self._serial.write(out)
            except OSError:
                self._transport.sent(len(out))  # the cable is out; the reader sees it too
                return False
            self._transport.sent(count)
            if count < len(out):
                return True

    # Messages. An opening's number stands for one link: work of an earlier one ends with LinkClosed.

    def _check(self, opening: int) -> None:
        if self._transport.state != OPEN or self._transport.openings != opening:
            raise LinkClosed()

    async def _changed(self) -> None:
        self._work.set()
        await self._news.wait()
        self._news.clear()

    async def send(self, opening: int, later: int, *parts: bytes) -> None:
        """Gives one message to the stream, waiting for room; `later` bytes of it follow by give()."""
        await self._push(opening, head(later + sum([len(part) for part in parts])))
        for part in parts:
            await self._push(opening, part)

    def break_off(self, opening: int) -> None:
        """Ends the link in the middle of a message, and raises LinkClosed."""
        if self._transport.openings == opening:
            self._transport.close(BROKEN)
            self._work.set()
        raise LinkClosed()

    async def room(self, opening: int, least: int) -> int:
        """Waits until give() takes at least so many bytes; how many it takes."""
        while True:
            self._check(opening)
            room = self._transport.room()
            if room >= least:
                return room
            await self._changed()

    def give(self, data: bytes) -> None:
        """Gives bytes to the stream for which there is room."""
        self._transport.send(data)
        self._work.set()

    async def _push(self, opening: int, data: bytes) -> None:
        view = memoryview(data)
        while True:
            self._check(opening)
            view = view[self._transport.send(view) :]
            if not len(view):
                self._work.set()
                return
            await self._changed()

    async def _receive(self, opening: int) -> bytes:
        while True:
            self._check(opening)
            if not self._transport.ready():
                await self._changed()
                continue
            body = self._splitter.feed(self._transport.receive(min(self._splitter.missing(), 4096)))
            self._work.set()  # there is room again, which the peer may be waiting for
            if body is not None:
                return body

    async def _flushed(self, opening: int) -> None:
        until = self._now() + _LINGER_MS
        while not self._transport.idle() and self._now() < until:
            self._check(opening)
            await asyncio.sleep_ms(10)

    # Sessions

    async def _serve(self) -> None:
        while True:
            while self._transport.state != OPEN:
                await self._changed()
            opening = self._transport.openings
            self._splitter = Splitter()
            try:
                reason = await self._session(opening)
                await self._flushed(opening)
                self._transport.close(reason)
            except LinkClosed:
                pass
            self.session = None
            self._work.set()

    async def _session(self, opening: int) -> int:
        """One station from its first message to its last; the reason to close with."""
        try:
            session = await asyncio.wait_for_ms(self._shake(opening), HANDSHAKE_MS)
        except (asyncio.TimeoutError, ChannelError):
            return BROKEN
        if session is None:
            return CLOSED
        self.session = session
        self._splitter.limit = _MOST
        channel = Channel(session)
        call = Call(self, opening, session)
        while True:
            try:
                plain = channel.open(await self._receive(opening))
            except ValueError:
                return BROKEN
            if not await self._answer(channel, call, opening, plain):
                return CLOSED

    async def _shake(self, opening: int) -> object:
        begun = self._now()
        self._attempts[:] = [at for at in self._attempts if begun - at < _MINUTE_MS]
        allowed, counted = len(self._attempts) < ATTEMPTS_PER_MINUTE, False
        shake = RecorderHandshake(self._crypto, self._rules)
        while not shake.session:
            body = await self._receive(opening)
            came = self._now()
            if allowed and not counted:
                self._attempts.append(begun)  # before it is answered: who sees an offer and drops the line has used one
                counted = True
            answer = shake.take(body) if allowed else refusal()
            refused = shake.failed or not allowed
            if refused:
                await asyncio.sleep_ms(ANSWER_STEP_MS - (self._now() - came) % ANSWER_STEP_MS)
            await self.send(opening, 0, answer)
            if refused:
                return None
        self._attempts[:] = []
        return shake.session

    async def _answer(self, channel: Channel, call: Call, opening: int, plain: bytes) -> bool:
        """Answers one request; False when it was the last."""
        kind = number = 0
        try:
            kind, number, fields = messages.read(messages.REQUESTS, plain)
            handler = self._handlers.get(kind)
            if handler:
                fields = await handler(call, fields)
            elif kind != messages.BYE:
                raise Refuse(messages.UNKNOWN_TYPE)
            answer = messages.write(messages.ANSWERS, kind, number, **(fields or {}))
        except messages.MessageError as error:
            answer = messages.write(messages.ANSWERS, messages.ERROR, error.number or 0, code=error.code)
        except Refuse as error:
            answer = messages.write(messages.ANSWERS, messages.ERROR, number, code=error.code)
        except OSError:
            answer = messages.write(messages.ANSWERS, messages.ERROR, number, code=messages.STORAGE)
        await self.send(opening, 0, channel.seal(answer))
        return kind != messages.BYE
