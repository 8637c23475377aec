# SPDX-License-Identifier: Apache-2.0
"""The receiving half of the transport: puts the stream together and says what came.

Acknowledgements must not eat the line they protect: they are paid from a small share of what was received, or, when the line
falls quiet, from what time has earned. Each reports all frames since the fourth last acknowledgement, so that losing one costs nothing.
"""

from .frame import ACK_HEADER, CRC_BYTES
from .limits import ACK_BORROW, ACK_EARN_MS, ACK_EVERY, ACK_QUIET_MS, ACK_REPEATS, ACK_SHARE, PACKETS_MAX, PAYLOAD_MIN, WINDOW_MAX
from .outbound import NUMBER_MASK, OFFSET_MASK

_HISTORY = (1 << PACKETS_MAX) - 1
_BUDGET_MAX = 256


class Inbound:
    """Received bytes up to the application, and pieces beyond the first missing byte. `window` is a power of two."""

    def __init__(self, window: int, ring: int = 0) -> None:
        """ring: bytes that this side's port holds unread, 0: any number."""
        self._buffer = bytearray(window)
        self._often = min(ACK_EVERY, window // 4, ring // 2 or ACK_EVERY)  # bytes after which an acknowledgement waits no longer
        self._view = memoryview(self._buffer)
        self._held_max = window // PAYLOAD_MIN  # numbers in _held: pieces as small as they come, with gaps as small
        self.restart(0)

    def restart(self, now: int) -> None:
        """Forgets everything but its memory."""
        self._next = 0  # offset of the first missing byte, here and in _held counted without end
        self._ready = 0  # bytes before it that the application has not taken
        self._held: list[int] = []  # start, end, start, end ... of what came beyond _next, rising, apart
        self._newest = NUMBER_MASK  # number of the newest frame taken
        self._history = 0  # bit i: the frame of number newest - 1 - i was taken
        self._told = [NUMBER_MASK] * ACK_REPEATS  # newest frame at the last acknowledgements
        self._advertised = len(self._buffer)
        self._news = False  # an acknowledgement is owed
        self._since = 0  # bytes that came since the last one
        self._gap = False  # a frame is missing of which the peer was not told
        self.heard_at = now  # when bytes came last
        self._budget = ACK_BORROW * ACK_SHARE  # what may be spent on acknowledgements, in received bytes
        self._earned = now

    # What comes from the line

    def heard(self, size: int, now: int) -> None:
        """So many bytes came, whatever they were."""
        earned = (now - self._earned) // ACK_EARN_MS
        self._earned += earned * ACK_EARN_MS
        self._budget = min(self._budget + size + earned * ACK_SHARE, _BUDGET_MAX * ACK_SHARE)
        self.heard_at = now
        self._since += size

    def take(self, number: int, offset: int, payload: memoryview) -> bool:
        """A frame that wants to be acknowledged. False when there is no room for it: then it counts as lost."""
        if len(payload) and not self._keep(offset, payload):
            return False
        gap = (number - self._newest) & NUMBER_MASK
        if 0 < gap < 0x8000:
            self._gap = self._gap or gap > 1
            self._newest = number
            self._history = ((self._history << 1 | 1) << (gap - 1)) & _HISTORY if gap <= PACKETS_MAX else 0
        self._news = True
        return True

    def _keep(self, offset: int, payload: memoryview) -> bool:
        ahead = (offset - self._next) & OFFSET_MASK
        if ahead >= 0x800000:  # begins with bytes that are here
            skip = OFFSET_MASK + 1 - ahead
            if skip >= len(payload):
                return True
            payload = payload[skip:]
            ahead = 0
        size = len(payload)
        if self._ready + ahead + size > len(self._buffer) or (ahead and len(self._held) >= self._held_max):
            return False
        start = self._next + ahead
        self._store(start, payload)
        end = start + size
        if self._held or ahead:
            end = self._join(start, end)
        self._ready += end - self._next
        self._next = end
        return True

    def _store(self, offset: int, payload: memoryview) -> None:
        size = len(payload)
        at = offset & (len(self._buffer) - 1)
        first = min(size, len(self._buffer) - at)
        self._buffer[at : at + first] = payload[:first]
        if first < size:
            self._buffer[: size - first] = payload[first:]

    def _join(self, start: int, end: int) -> int:
        """Adds a piece to those held and returns the offset of the first missing byte now."""
        held = self._held
        low = 0
        high = len(held) // 2
        while low < high:  # the first piece that ends at or behind the new one's start
            middle = (low + high) // 2
            if held[2 * middle + 1] < start:
                low = middle + 1
            else:
                high = middle
        at = until = 2 * low
        while until < len(held) and held[until] <= end:
            start = min(start, held[until])
            end = max(end, held[until + 1])
            until += 2
        if start <= self._next:
            held[at:until] = []
            return end
        held[at:until] = [start, end]
        return self._next

    # What the application takes

    def ready(self) -> int:
        """Bytes that receive() can give."""
        return self._ready

    def receive(self, most: int) -> bytes:
        """The next bytes of the stream, at most so many."""
        count = min(most, self._ready)
        at = (self._next - self._ready) & (len(self._buffer) - 1)
        first = min(count, len(self._buffer) - at)
        data = bytes(self._view[at : at + first])
        if first < count:
            data += bytes(self._view[: count - first])
        self._ready -= count
        if self._advertised < len(self._buffer) // 4 and self._credit() >= len(self._buffer) // 2:
            self._news = True  # the peer waits for room
        return data

    def _credit(self) -> int:
        return min(len(self._buffer) - self._ready, WINDOW_MAX)

    # What goes back

    def due(self) -> int | None:
        """When an acknowledgement should go out; None when none is owed."""
        if not self._news:
            return None
        missing = self._size() * ACK_SHARE - self._budget
        if missing <= 0:  # each one costs both ends work: not one for every frame of a fast line
            return self.heard_at if self._gap or self._since >= self._often else self.heard_at + ACK_QUIET_MS
        missing -= ACK_BORROW * ACK_SHARE
        return self.heard_at + ACK_QUIET_MS + max(0, missing * ACK_EARN_MS // ACK_SHARE)

    def _bits(self) -> int:
        return min(max(((self._newest - self._told[0]) & NUMBER_MASK) - 1, 0), PACKETS_MAX)

    def _size(self) -> int:
        return ACK_HEADER + (self._bits() + 7) // 8 + CRC_BYTES + 2

    def acknowledge(self, raw: bytearray) -> int:
        """Writes an acknowledgement from its frame number on to raw[1:] and returns its whole length."""
        width = (self._bits() + 7) // 8
        self._budget -= self._size() * ACK_SHARE
        self._advertised = self._credit()
        raw[1:3] = self._newest.to_bytes(2, "little")
        raw[3:6] = (self._next & OFFSET_MASK).to_bytes(3, "little")
        raw[6:8] = self._advertised.to_bytes(2, "little")
        end = ACK_HEADER + width
        raw[ACK_HEADER:end] = (self._history & ((1 << width * 8) - 1)).to_bytes(width, "little")
        self._told = self._told[1:] + [self._newest]
        self._news = self._gap = False
        self._since = 0
        return end
