# SPDX-License-Identifier: Apache-2.0
"""A reliable, ordered byte stream in both directions over a serial line that loses, changes, repeats and inserts bytes. No I/O.

States: CONNECTING (the side that opens sends SYN until answered), LISTENING (waits for a SYN), OPEN, LOST (why is in `reason`). A LISTENING
side that gets a SYN is OPEN at once and answers SYN_ACK; an OPEN listener that gets a SYN with another token starts afresh and counts up
`openings`, because its peer has started afresh. Nothing here is secret or trusted: who the peer is, is the handshake's matter.

`now` is milliseconds as a plain growing integer. The driver's loop: feed() what came, tick(), write output() and report it with sent(),
then sleep until due() or new bytes.
"""

from .frame import (
    ACK,
    ACK_HEADER,
    ACK_LINE_MAX,
    BROKEN,
    CLOSED,
    DATA,
    DATA_HEADER,
    OPEN_BYTES,
    OVERHEAD,
    PING,
    PING_BYTES,
    RESET,
    RESET_BYTES,
    SYN,
    SYN_ACK,
    UNKNOWN_CONNECTION,
    Decoder,
    Encoder,
    line_bytes,
)
from .inbound import Inbound
from .limits import DEAD_MS, DEAF_MS, KEEPALIVE_MS, OPEN_EVERY_MS, OPEN_FOR_MS, PAYLOAD_MAX, PAYLOAD_MIN, WINDOW_MAX
from .outbound import Outbound

VERSION = 1
CONNECTING = 0
LISTENING = 1
OPEN = 2
LOST = 3

# Why a link was lost: reasons of a RESET from the peer, and these
NOBODY = 16  # no answer to our opening
SILENCE = 17  # an open link fell silent
OTHER_VERSION = 18
ENDED = 19  # closed on this side

_BATCH = 512  # line bytes that small frames are gathered to
_LARGE = 65536, 16384  # from such a window on so many: each writing costs a computer as much as copying that


class Transport:
    """One end of the link. The token tells this opening from any other; it need not be secret, only fresh."""

    def __init__(self, opens: bool, token: int, now: int, send: int = 32768, receive: int = 4096, ring: int = 0) -> None:
        """send, receive: windows in bytes (powers of two, at most 64 KiB); ring: bytes that this side's port holds unread, 0: any."""
        self.state = CONNECTING if opens else LISTENING
        self.reason = ENDED
        self.openings = 0
        self._opens = opens
        self._token = token & 0xFFFFFFFF
        self._connection = token >> 8 & 15
        self._window = min(receive, WINDOW_MAX)
        self._ring = ring
        self._takes = min(PAYLOAD_MAX, receive)  # payload of a frame, at most, either way
        self._sends = min(PAYLOAD_MAX, send // 4)
        self._decoder = Decoder(self._take, self._takes)
        self._encoder = Encoder(self._sends)
        self._batch = _LARGE[1] if send >= _LARGE[0] else _BATCH
        self._pending = bytearray(line_bytes(self._sends) + self._batch + 1)
        self._view = memoryview(self._pending)
        self._start = 0  # of what is pending
        self._end = 0
        self._answer = 0  # kind of a frame to send soon: SYN_ACK or RESET
        self._answer_connection = 0
        self._answer_reason = 0
        self._now = now
        self._opened = now - OPEN_EVERY_MS
        self._since = now  # when this state began
        self._heard = now  # when a sound frame of this connection came
        self._asked = now  # when the peer was asked for one
        self.inbound = Inbound(receive, ring)
        self.outbound = Outbound(send)
        self._restart(self._sends, 0, 0, now)

    # The application's side

    def room(self) -> int:
        """Bytes that send() takes now."""
        return self.outbound.room() if self.state == OPEN else 0

    def send(self, data: bytes | memoryview) -> int:
        """Gives bytes to the stream; the count taken, 0 when the window is full or the link is not open."""
        return self.outbound.append(data) if self.state == OPEN else 0

    def ready(self) -> int:
        """Bytes that receive() can give."""
        return self.inbound.ready()

    def receive(self, most: int = 65536) -> bytes:
        """The next bytes of the stream, in order and without gaps."""
        return self.inbound.receive(most)

    def idle(self) -> bool:
        """Whether the peer has everything that was sent."""
        return self.outbound.idle()

    def close(self, reason: int = CLOSED) -> None:
        """Ends the link: the peer is told once, what is under way is dropped. A listener may be used again after listen()."""
        if self.state == OPEN:
            self._reply(RESET, self._connection, reason)
        self._lose(ENDED)

    def listen(self, now: int, token: int = 0) -> None:
        """Waits for the next SYN. A fresh token hides from the next peer how many came since it was last here."""
        self.state = LISTENING
        self._connection = (self._connection + token % 15) & 15  # the SYN adds one: never the same as before
        self._restart(self._sends, 0, 0, now)

    # The line's side

    def feed(self, data: bytes, now: int) -> None:
        """Bytes came from the line."""
        self._now = now
        self.inbound.heard(len(data), now)
        self._decoder.feed(data)

    def noise(self) -> tuple[int, int]:
        """How many sound frames came, and how many stretches between zeros that were none."""
        return self._decoder.good, self._decoder.bad

    def output(self, now: int) -> memoryview:
        """What should be written next, perhaps nothing; stays the same until sent() says how much of it was."""
        if self._start == self._end:
            self._start = self._end = 0
            self._gather(now)
        return self._view[self._start : self._end]

    def sent(self, count: int) -> None:
        """So many bytes of output() were written."""
        self._start += count

    def tick(self, now: int) -> None:
        """Time passed."""
        self._now = now
        if self.state == CONNECTING and now - self._since >= OPEN_FOR_MS:
            self._lose(NOBODY)
        if self.state != OPEN:
            return
        due = self.outbound.due()
        if due is not None and now >= due:
            self.outbound.silent(now)
        if now - self._heard >= DEAF_MS or now - self.inbound.heard_at >= DEAD_MS:
            self._lose(SILENCE)
        elif now - max(self._heard, self._asked) >= KEEPALIVE_MS:
            self._asked = now
            self.outbound.ping()

    def due(self, now: int) -> int | None:
        """When tick() and output() must be called at the latest; None: not before new bytes."""
        if self._start < self._end or self._answer:
            return now
        if self.state == CONNECTING:
            return self._opened + OPEN_EVERY_MS
        if self.state != OPEN:
            return None
        due = max(self._heard, self._asked) + KEEPALIVE_MS
        for other in (self.inbound.due(), self.outbound.due()):
            if other is not None and other < due:
                due = other
        return due

    # Sending frames

    def _gather(self, now: int) -> None:
        if self._answer:
            self._frame_answer()
        if self.state == CONNECTING and now - self._opened >= OPEN_EVERY_MS:
            self._opened = now
            self._pending[self._end] = 0  # ends whatever the line made up before
            self._end += 1
            self._frame_opening(SYN, 0)
        if self.state != OPEN:
            return
        due = self.inbound.due()
        if due is not None and now >= due:
            self._frame(ACK, self._connection, self.inbound.acknowledge(self._encoder.raw))
        while self._end < self._batch:
            length = self.outbound.packet(self._encoder.raw, now)
            if not length:
                return
            self._frame(PING if length == PING_BYTES else DATA, self._connection, length)

    def _frame(self, kind: int, connection: int, length: int) -> None:
        self._encoder.raw[0] = kind | connection << 4
        self._end = self._encoder.close(length, self._pending, self._end)

    def _frame_answer(self) -> None:
        kind = self._answer
        self._answer = 0
        if kind == SYN_ACK:
            self._frame_opening(kind, self._connection)
            return
        self._encoder.raw[1] = self._answer_reason
        self._frame(RESET, self._answer_connection, RESET_BYTES)

    def _frame_opening(self, kind: int, connection: int) -> None:
        raw = self._encoder.raw
        raw[1:5] = self._token.to_bytes(4, "little")
        raw[5] = VERSION
        raw[6:8] = self._takes.to_bytes(2, "little")
        raw[8:10] = self._window.to_bytes(2, "little")
        raw[10:12] = self._ring.to_bytes(2, "little")
        self._frame(kind, connection, OPEN_BYTES)

    def _reply(self, kind: int, connection: int, reason: int = 0) -> None:
        self._answer = kind
        self._answer_connection = connection
        self._answer_reason = reason

    # Taking frames

    def _take(self, frame: memoryview) -> None:
        kind = frame[0] & 15
        connection = frame[0] >> 4
        if kind in (SYN, SYN_ACK):
            if len(frame) == OPEN_BYTES:
                self._take_opening(kind, connection, frame)
        elif self.state != OPEN or connection != self._connection:
            if kind != RESET and self.state != CONNECTING:
                self._reply(RESET, connection, UNKNOWN_CONNECTION)
        elif kind == RESET:
            self._lose(frame[1])
        elif self._take_open(kind, frame):
            self._heard = self._now
        else:
            self.close(BROKEN)

    def _take_open(self, kind: int, frame: memoryview) -> bool:
        """A frame of the open connection; False when it breaks the rules, which a damaged one cannot (its CRC was right)."""
        size = len(frame)
        number = frame[1] | frame[2] << 8 if size >= PING_BYTES else 0
        if kind == DATA and size > DATA_HEADER:
            self.inbound.take(number, frame[3] | frame[4] << 8 | frame[5] << 16, frame[DATA_HEADER:])
            return True
        if kind == PING and size == PING_BYTES:
            self.inbound.take(number, 0, frame[:0])
            return True
        if kind != ACK or size < ACK_HEADER:
            return False
        offset = frame[3] | frame[4] << 8 | frame[5] << 16
        return self.outbound.confirmed(number, offset, frame[6] | frame[7] << 8, frame[ACK_HEADER:], self._now)

    def _take_opening(self, kind: int, connection: int, frame: memoryview) -> None:
        token = int.from_bytes(frame[1:5], "little")
        payload = frame[6] | frame[7] << 8
        credit = frame[8] | frame[9] << 8
        ring = frame[10] | frame[11] << 8
        if kind == SYN_ACK:
            if self.state == CONNECTING and token == self._token:
                self._connection = connection
                self._open(frame[5], payload, credit, ring)
        elif not self._opens and self.state != LOST:
            if self.state != OPEN or token != self._token:
                self._token = token
                self._connection = (self._connection + 1) & 15
                self._open(frame[5], payload, credit, ring)
            self._reply(SYN_ACK, self._connection)

    def _open(self, version: int, payload: int, credit: int, ring: int) -> None:
        if self._opens and version != VERSION:
            self._lose(OTHER_VERSION)
            return
        self.state = OPEN
        self.openings += 1
        self._restart(max(PAYLOAD_MIN, min(payload, self._sends)), credit, ring, self._now)

    def _restart(self, payload: int, credit: int, ring: int, now: int) -> None:
        self._since = self._heard = self._asked = now
        if self._start < self._end:  # a frame is half written: end it where it is
            self._pending[0] = 0
            self._end = 1
        self._start = 0
        self.inbound.restart(now)
        if ring:  # an acknowledgement may come between what fills it
            ring = max(ring - ACK_LINE_MAX, PAYLOAD_MIN + OVERHEAD)
            payload = max(PAYLOAD_MIN, min(payload, ring - 2 * OVERHEAD))
        self.outbound.restart(payload, credit, ring)

    def _lose(self, reason: int) -> None:
        if self.state != LOST:
            self.state = LOST
            self.reason = reason
