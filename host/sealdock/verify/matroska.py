# SPDX-License-Identifier: Apache-2.0
"""Reading a segment's Matroska file (RFC 9559) as far as evidence needs it: how many pictures, and the sound.

Only the live layout of one sound track of 16-bit PCM and at most one picture track, in SimpleBlocks without lacing.
"""

from dataclasses import dataclass

from sealdock.text import pair, say

_EBML, _SEGMENT, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
_TRACKS, _TRACK, _TRACK_NUMBER, _TRACK_TYPE = 0x1654AE6B, 0xAE, 0xD7, 0x83
_SIMPLE_BLOCK = 0xA3
_INSIDE = (_SEGMENT, _CLUSTER, _TRACKS)
_PICTURE, _SOUND = 1, 2
_BLOCK_HEAD = 3  # relative time and flags, behind the track number
_LACING = 0x06


class MediaError(ValueError):
    """Not such a file. `why`: in English and Chinese."""

    def __init__(self, key: str) -> None:
        """key: of the catalogue (text_why.py)."""
        super().__init__(say(key))
        self.why = pair(key)


@dataclass(frozen=True)
class Contents:
    """What a file holds: pictures, and 16-bit little-endian PCM."""

    frames: int
    pcm: bytes

    @property
    def samples(self) -> int:
        return len(self.pcm) // 2


def read(data: bytes) -> Contents:
    """The contents of a whole file; MediaError when it is anything else or cut off."""
    kinds: dict[int, int] = {}
    frames = 0
    sound: list[bytes] = []
    at = _skip_header(data)
    while at < len(data):
        ident, size, at = _head(data, at)
        if ident in _INSIDE:
            continue
        if size is None or at + size > len(data):
            raise MediaError("matroska-cut")
        body = data[at : at + size]
        at += size
        if ident == _TRACK:
            number, kind = _track(body)
            kinds[number] = kind
        elif ident == _SIMPLE_BLOCK:
            kind, payload = _block(body, kinds)
            frames += kind == _PICTURE
            if kind == _SOUND:
                sound.append(payload)
    return Contents(frames, b"".join(sound))


def _skip_header(data: bytes) -> int:
    ident, size, at = _head(data, 0)
    if ident != _EBML or size is None:
        raise MediaError("matroska-header")
    return at + size


def _head(data: bytes, at: int) -> tuple[int, int | None, int]:
    """An element's id, its size (None: unknown) and where its data begins."""
    ident, at = _number(data, at, True)
    start = at
    size, at = _number(data, at, False)
    unknown = (1 << 7 * (at - start)) - 1
    return ident, None if size == unknown else size, at


def _number(data: bytes, at: int, marked: bool) -> tuple[int, int]:
    """A variable-length integer (RFC 8794 section 4), with or without its length marker."""
    if at >= len(data) or data[at] == 0:
        raise MediaError("matroska-element")
    length = 9 - data[at].bit_length()
    if at + length > len(data):
        raise MediaError("matroska-cut")
    value = int.from_bytes(data[at : at + length], "big")
    return value if marked else value & ((1 << 7 * length) - 1), at + length


def _track(body: bytes) -> tuple[int, int]:
    found = {}
    at = 0
    while at < len(body):
        ident, size, at = _head(body, at)
        if size is None or at + size > len(body):
            raise MediaError("matroska-track-cut")
        found[ident] = body[at : at + size]
        at += size
    if _TRACK_NUMBER not in found or _TRACK_TYPE not in found:
        raise MediaError("matroska-track")
    return int.from_bytes(found[_TRACK_NUMBER], "big"), int.from_bytes(found[_TRACK_TYPE], "big")


def _block(body: bytes, kinds: dict[int, int]) -> tuple[int, bytes]:
    track, at = _number(body, 0, False)
    if track not in kinds or len(body) < at + _BLOCK_HEAD or body[at + 2] & _LACING:
        raise MediaError("matroska-block")
    return kinds[track], body[at + _BLOCK_HEAD :]
