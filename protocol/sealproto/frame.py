# SPDX-License-Identifier: Apache-2.0
"""Frames: COBS(header | payload | CRC-32) and a zero. All numbers little-endian.

The first byte is the kind (low four bits) and the connection (high four). Behind it stand
SYN: token u32, version u8, largest payload u16, window u16, ring u16. SYN_ACK: the same, token repeated, connection set.
DATA: frame number u16, stream offset u24, payload. PING: frame number u16.
ACK: newest frame number u16, next stream offset u24, window u16, bitmap of 0 to 64 bytes. RESET: reason u8.
"""

from . import cobs
from .crc import crc32
from .limits import PAYLOAD_MAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SYN = 1
SYN_ACK = 2
DATA = 3
ACK = 4
PING = 5
RESET = 6

OPEN_BYTES = 12  # SYN, SYN_ACK
DATA_HEADER = 6
ACK_HEADER = 8
PING_BYTES = 3
RESET_BYTES = 2
CRC_BYTES = 4
ACK_LINE_MAX = ACK_HEADER + 64 + CRC_BYTES + 2  # of an acknowledgement on the line
OVERHEAD = DATA_HEADER + CRC_BYTES + 2  # bytes on the line beside a payload of up to 240 bytes

# Reasons of a RESET
CLOSED = 0
UNKNOWN_CONNECTION = 1
BROKEN = 2  # the peer broke a rule of the protocol


def line_bytes(payload: int) -> int:
    """What a DATA frame takes on the line."""
    body = DATA_HEADER + payload + CRC_BYTES
    return cobs.bound(body) + 1


class Encoder:
    """Turns frames into line bytes. Fill `raw` up to some length, then close() it into the caller's buffer."""

    def __init__(self, payload_max: int = PAYLOAD_MAX) -> None:
        self.raw = bytearray(max(DATA_HEADER + payload_max, ACK_HEADER + 64) + CRC_BYTES)
        self._view = memoryview(self.raw)

    def close(self, length: int, target: bytearray, at: int) -> int:
        """Adds the CRC to raw[:length], writes the frame to target from `at` on, and returns the offset behind its zero."""
        checksum = crc32(self._view[:length])
        self.raw[length : length + CRC_BYTES] = checksum.to_bytes(CRC_BYTES, "little")
        end = cobs.encode(self.raw, length + CRC_BYTES, target, at)
        target[end] = 0
        return end + 1


class Decoder:
    """Finds frames in line bytes. Holds one frame at most; whatever is not a frame is counted and forgotten."""

    def __init__(self, take: "Callable[[memoryview], None]", payload_max: int = PAYLOAD_MAX) -> None:
        """take(view) is called with each sound frame without its CRC; the view holds only during the call."""
        self._take = take
        self._buffer = bytearray(cobs.bound(DATA_HEADER + payload_max + CRC_BYTES))
        self._view = memoryview(self._buffer)
        self._size = 0  # bytes of the frame so far; beyond the buffer when it cannot be one
        self.good = 0
        self.bad = 0

    def feed(self, data: bytes) -> None:
        """Takes bytes as they come from the line, in any pieces."""
        start = 0
        zero = data.find(b"\0")
        while zero >= 0:
            self._gather(data, start, zero)
            self._close()
            start = zero + 1
            zero = data.find(b"\0", start)
        self._gather(data, start, len(data))

    def _gather(self, data: bytes, start: int, end: int) -> None:
        size = self._size + end - start
        if size <= len(self._buffer) and end > start:
            self._buffer[self._size : size] = memoryview(data)[start:end]
        self._size = min(size, len(self._buffer) + 1)

    def _close(self) -> None:
        size = self._size
        self._size = 0
        if not size:
            return
        length = cobs.decode(self._buffer, size) if size <= len(self._buffer) else -1
        body = length - CRC_BYTES
        if body < RESET_BYTES or crc32(self._view[:body]) != int.from_bytes(self._view[body:length], "little"):
            self.bad += 1
            return
        self.good += 1
        self._take(self._view[:body])
