# SPDX-License-Identifier: Apache-2.0
"""The sending half of the transport: a window of the stream, and what became of each frame.

Every frame, also a repeated one, has a number of its own. A serial line does not reorder, so the fate of a frame is certain as soon as a
later one is reported: it came, or it is lost and its bytes are sent again, in frames of whatever size suits the line now.
Offsets count modulo 2**24, frame numbers modulo 2**16; the window is far smaller than half of either.
"""

from array import array

from .frame import DATA_HEADER, line_bytes
from .limits import PACKETS_MAX, PAYLOAD_MAX, PAYLOAD_MIN, PROBE_FIRST_MS, PROBE_MAX_MS, PROBE_MIN_MS
from .pace import Pace

OFFSET_MASK = 0xFFFFFF
NUMBER_MASK = 0xFFFF
_FRESH = 0  # bytes never sent
_AGAIN = 1  # the first lost piece
_COPY = 2  # a frame whose fate is open


class Outbound:
    """Bytes of the stream that the peer has not confirmed. `window` (a power of two) is how many are kept at most."""

    def __init__(self, window: int) -> None:
        self._buffer = bytearray(window)
        self._view = memoryview(self._buffer)
        self._packets = min(PACKETS_MAX, max(64, window // PAYLOAD_MIN))
        self._slot = self._packets - 1
        self._starts = array("I", bytes(4 * self._packets))  # of frame number & _slot: offset, length and time
        self._lengths = array("H", bytes(2 * self._packets))
        self._times = array("I", bytes(4 * self._packets))
        self.restart(PAYLOAD_MAX, 0, 0)

    def restart(self, payload_max: int, credit: int, ring: int) -> None:
        """Forgets everything but its memory. credit: bytes that the peer takes now; ring: line bytes that it can hold unread."""
        self.pace = Pace(payload_max)
        self._ring = ring
        self._base = 0  # offset of the oldest byte that is not confirmed
        self._size = 0  # bytes kept
        self._fresh = 0  # of these, how many were sent at least once
        self._credit = credit  # counted from base
        self._tail = 0  # the oldest frame whose fate is not known
        self._next = 0  # number of the next frame
        self._line = 0  # bytes on the line from tail to next
        self._lost: list[int] = []  # offset, length, offset, length ... to be sent again, oldest first
        self._offset = 0  # what to send next: where, how much, and from which of the sources below
        self._length = 0
        self._source = _FRESH
        self._ping = False  # send an empty frame
        self._probe = False  # repeat the oldest frame although its fate is open
        self._since = 0  # when the present silence of the peer began
        self._silences = 0  # probes since the last news
        self._rtt = 0  # smoothed round trip and its deviation, in eighths of a ms (RFC 6298)
        self._deviation = 0

    # What the application does

    def room(self) -> int:
        """Bytes that append() takes now."""
        return len(self._buffer) - self._size

    def append(self, data: bytes | memoryview) -> int:
        """Takes bytes for the stream; the count taken."""
        count = min(len(data), self.room())
        if not count:
            return 0
        mask = len(self._buffer) - 1
        at = (self._base + self._size) & mask
        first = min(count, len(self._buffer) - at)
        view = memoryview(data)
        self._buffer[at : at + first] = view[:first]
        if first < count:
            self._buffer[: count - first] = view[first:count]
        self._size += count
        return count

    def idle(self) -> bool:
        """Whether everything given has been confirmed."""
        return not self._size

    def ping(self) -> None:
        """Ask the peer for a sign of life."""
        self._ping = True

    # What goes to the line

    def packet(self, raw: bytearray, now: int) -> int:
        """Writes the next frame from its frame number on to raw[1:] and returns its whole length; 0 when there is none to send.

        A length of 3 is a PING, anything else DATA.
        """
        span = (self._next - self._tail) & NUMBER_MASK
        if span >= self._packets:
            return 0
        if self._choose(span):
            length = min(self._length, self.pace.payload)
            if self._ring and span and self._line + line_bytes(length) > self._ring:
                return 0
            self._take(length)
        elif self._ping:
            length = 0
        else:
            return 0
        self._ping = False
        self._note(length, span, now)
        raw[1] = self._next & 255
        raw[2] = self._next >> 8
        self._next = (self._next + 1) & NUMBER_MASK
        if not length:
            return 3
        self._fill(raw, length)
        return DATA_HEADER + length

    def _choose(self, span: int) -> bool:
        """Sets offset, length and source of what to send next: a probe, a lost piece, or fresh bytes."""
        if self._probe:
            return self._choose_probe(span)
        lost = self._lost
        while lost:
            behind = (self._base - lost[0]) & OFFSET_MASK
            if 0 < behind < 0x800000:  # confirmed in the meantime, in part or whole
                if behind >= lost[1]:
                    del lost[:2]
                    continue
                lost[0] = self._base
                lost[1] -= behind
            self._offset = lost[0]
            self._length = lost[1]
            self._source = _AGAIN
            return True
        self._offset = (self._base + self._fresh) & OFFSET_MASK
        self._length = min(self._size, self._credit) - self._fresh
        self._source = _FRESH
        return self._length > 0

    def _choose_probe(self, span: int) -> bool:
        self._probe = False
        for step in range(span):
            slot = (self._tail + step) & self._slot
            if self._lengths[slot] and (self._starts[slot] - self._base) & OFFSET_MASK < self._fresh:
                self._offset = self._starts[slot]
                self._length = self._lengths[slot]
                self._source = _COPY
                return True
        self._ping = True
        return self._choose(span)

    def _take(self, length: int) -> None:
        if self._source == _FRESH:
            self._fresh += length
        elif self._source == _AGAIN:
            self._lost[0] = (self._lost[0] + length) & OFFSET_MASK
            self._lost[1] -= length
            if not self._lost[1]:
                del self._lost[:2]

    def _note(self, length: int, span: int, now: int) -> None:
        slot = self._next & self._slot
        self._starts[slot] = self._offset
        self._lengths[slot] = length
        self._times[slot] = now & 0x3FFFFFFF
        self._line += line_bytes(length)
        if not span:
            self._since = now

    def _fill(self, raw: bytearray, length: int) -> None:
        offset = self._offset
        raw[3] = offset & 255
        raw[4] = offset >> 8 & 255
        raw[5] = offset >> 16
        at = offset & (len(self._buffer) - 1)
        first = min(length, len(self._buffer) - at)
        raw[DATA_HEADER : DATA_HEADER + first] = self._view[at : at + first]
        if first < length:
            raw[DATA_HEADER + first : DATA_HEADER + length] = self._view[: length - first]

    # What comes back

    def confirmed(self, newest: int, offset: int, credit: int, bitmap: bytes | memoryview, now: int) -> bool:
        """Takes an acknowledgement. False when it speaks of what was never sent."""
        step = (offset - self._base) & OFFSET_MASK
        if step > self._fresh:
            return step >= 0x800000  # an older one
        span = (self._next - self._tail) & NUMBER_MASK
        known = (newest - self._tail + 1) & NUMBER_MASK
        if known > span:
            if known < 0x8000:
                return False
            known = 0  # nothing new about frames
        if known:
            self._resolve(newest, known, bitmap, now)
        elif step and (self._next - newest) & NUMBER_MASK <= self._packets:
            self._measure(now, newest)  # given up too early: the round trip is longer than it seemed
        self._base = offset
        self._size -= step
        self._fresh -= step
        self._credit = credit
        if step or known:
            self._since = now
            self._silences = 0
        return True

    def _resolve(self, newest: int, known: int, bitmap: bytes | memoryview, now: int) -> None:
        self._measure(now, newest)
        bits = len(bitmap) * 8
        for behind in range(known - 1, -1, -1):
            slot = (newest - behind) & self._slot
            size = line_bytes(self._lengths[slot])
            self._line -= size
            at = behind - 1
            if not behind or (at < bits and bitmap[at >> 3] >> (at & 7) & 1):
                self.pace.good(size)
            else:
                self.pace.bad(size)
                self._lose(self._starts[slot], self._lengths[slot])
        self._tail = (newest + 1) & NUMBER_MASK
        self.pace.settle()

    def _lose(self, start: int, length: int) -> None:
        lost = self._lost
        if not length:
            return
        if lost and (lost[-2] + lost[-1]) & OFFSET_MASK == start:
            lost[-1] += length
        elif len(lost) < 2 * PACKETS_MAX:
            lost.append(start)
            lost.append(length)
        else:  # too scattered to remember: all of the window again
            lost[:] = [self._base, self._fresh]

    def _measure(self, now: int, newest: int) -> None:
        sample = ((now - self._times[newest & self._slot]) & 0x3FFFFFFF) * 8 + 1
        if not self._rtt:
            self._rtt = sample
            self._deviation = sample // 2
            return
        self._deviation += (abs(sample - self._rtt) - self._deviation) // 4
        self._rtt += (sample - self._rtt) // 8

    # Silence

    def due(self) -> int | None:
        """When the peer's silence will have lasted too long; None when nothing is open."""
        if self._next == self._tail and not self._blocked():
            return None
        wait = (self._rtt + 4 * self._deviation) // 8 + PROBE_MIN_MS if self._rtt else PROBE_FIRST_MS
        return self._since + min(wait << min(self._silences, 2), PROBE_MAX_MS)

    def _blocked(self) -> bool:
        return self._size > self._fresh >= self._credit

    def silent(self, now: int) -> None:
        """The time of due() has come: first ask by repeating one frame, then take all that is open for lost."""
        self._since = now
        self._silences += 1
        span = (self._next - self._tail) & NUMBER_MASK
        if self._silences == 1 or not span:
            self._probe = True
            return
        for step in range(span):
            slot = (self._tail + step) & self._slot
            self._lose(self._starts[slot], self._lengths[slot])
        self.pace.halve()
        self._tail = self._next
        self._line = 0
