# SPDX-License-Identifier: Apache-2.0
"""Messages in the byte stream: a length (u32, little-endian) and a body.

Before the handshake is done a body is a handshake message. Afterwards its first byte is the kind: SEALED, a sealed request or answer;
MEDIA, one leaf of a segment as stored, which is ciphertext that its record's Merkle root checks; TAIL, one leaf of an unsealed tail with
its trailer sector.
"""

from .limits import MESSAGE_MAX, MESSAGE_MAX_BEFORE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .handshake import Session

SEALED = 0
MEDIA = 1
TAIL = 2
LENGTH_BYTES = 4
_MEDIA_HEAD = 7  # kind, segment's record u32, leaf u16
_TRAILER = 512


class ChannelError(ValueError):
    """The peer broke the rules; the link must end."""


def head(size: int) -> bytes:
    """What stands before a body of so many bytes."""
    return size.to_bytes(LENGTH_BYTES, "little")


class Splitter:
    """Cuts the stream into bodies, holding one at a time, none larger than `limit`."""

    def __init__(self, limit: int = MESSAGE_MAX_BEFORE) -> None:
        self.limit = limit
        self._gathered = bytearray()  # for all of it, once a piece of it came
        self._size = 0
        self._need = LENGTH_BYTES
        self._in_body = False

    def missing(self) -> int:
        """Bytes that the next step of feed() wants at most."""
        return self._need - self._size

    def feed(self, data: bytes) -> bytes | None:
        """Takes at most missing() bytes; the body when that completes one. ChannelError for an empty or too long one."""
        if len(data) > self.missing():
            raise ValueError("more than missing() bytes")
        whole = self._gather(data) if len(data) < self._need else data
        if whole is None:
            return None
        self._in_body = not self._in_body
        if not self._in_body:
            self._need = LENGTH_BYTES
            return whole
        self._need = int.from_bytes(whole, "little")
        if not 0 < self._need <= self.limit:
            raise ChannelError("a message of a length that is not allowed")
        return None

    def _gather(self, data: bytes) -> bytes | None:
        """The whole once it is there. In one buffer: thousands of pieces, each an object, would be many times as large."""
        if not self._size:
            self._gathered = bytearray(self._need)
        self._gathered[self._size : self._size + len(data)] = data
        self._size += len(data)
        if self._size < self._need:
            return None
        whole = bytes(self._gathered)
        self._gathered = bytearray()
        self._size = 0
        return whole


class Channel:
    """Bodies of an authenticated link."""

    def __init__(self, session: "Session") -> None:
        self.session = session

    def seal(self, plain: bytes) -> bytes:
        """The body of a request or answer."""
        body = bytes([SEALED]) + self.session.out.close(plain)
        if len(body) > MESSAGE_MAX:
            raise ChannelError("the message is too long")
        return body

    def open(self, body: bytes) -> bytes:
        """The request or answer in a SEALED body. ChannelError (or SealError, also a ValueError) otherwise."""
        if body[0] != SEALED:
            raise ChannelError("not a sealed message")
        return self.session.into.open(memoryview(body)[1:])


def media_head(kind: int, place: int, index: int) -> bytes:
    """Kind, record or slot number and leaf index, which stand before the bytes of a leaf (after a TAIL's trailer sector)."""
    return bytes([kind]) + place.to_bytes(4, "little") + index.to_bytes(2, "little")


def read_media(body: bytes) -> tuple[int, int, bytes, bytes]:
    """Record or slot number, leaf index, trailer sector (empty for MEDIA), and the leaf. ChannelError when cut short."""
    start = _MEDIA_HEAD + (_TRAILER if body[0] == TAIL else 0)
    if body[0] not in (MEDIA, TAIL) or len(body) <= start:
        raise ChannelError("not a media message")
    place = int.from_bytes(body[1:5], "little")
    return place, int.from_bytes(body[5:7], "little"), body[_MEDIA_HEAD:start], body[start:]
