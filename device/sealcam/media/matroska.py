# SPDX-License-Identifier: Apache-2.0
"""A Matroska writer (RFC 9559) in the live layout: Segment and Clusters of unknown size, nothing patched later.

Motion JPEG and 16-bit PCM, times in milliseconds from the file's start, a new Cluster each second. Nothing is kept: bytes
go to `write` at once.
"""

import struct

VIDEO = 1
AUDIO = 2
_CLUSTER_MS = 1000
_BLOCK = 0xA3
_HEAD_BYTES = 4  # of a SimpleBlock: track, time, flags
_UNKNOWN = b"\x01\xff\xff\xff\xff\xff\xff\xff"
_APP = b"Sealdock"


def _size(n: int) -> bytes:
    """A data size (RFC 8794 section 6) of one, two or four bytes."""
    if n < 0x7F:
        return bytes((0x80 | n,))
    if n < 0x3FFF:
        return bytes((0x40 | n >> 8, n & 255))
    return struct.pack(">I", 0x10000000 | n)


def _element(ident: bytes, data: bytes) -> bytes:
    return ident + _size(len(data)) + data


def _uint(ident: bytes, n: int) -> bytes:
    raw = n.to_bytes(4, "big")
    while len(raw) > 1 and raw[0] == 0:
        raw = raw[1:]
    return _element(ident, raw)


_EBML = _element(
    b"\x1a\x45\xdf\xa3",
    _uint(b"\x42\x86", 1)
    + _uint(b"\x42\xf7", 1)
    + _uint(b"\x42\xf2", 4)
    + _uint(b"\x42\xf3", 8)
    + _element(b"\x42\x82", b"matroska")
    + _uint(b"\x42\x87", 4)
    + _uint(b"\x42\x85", 2),
)


def _info() -> bytes:
    return _element(b"\x15\x49\xa9\x66", _uint(b"\x2a\xd7\xb1", 1000000) + _element(b"\x4d\x80", _APP) + _element(b"\x57\x41", _APP))


def _video_track(width: int, height: int, frames_per_s: int) -> bytes:
    picture = _uint(b"\xb0", width) + _uint(b"\xba", height) + _uint(b"\x9a", 2)
    return _element(
        b"\xae",
        _uint(b"\xd7", VIDEO)
        + _uint(b"\x73\xc5", VIDEO)
        + _uint(b"\x83", 1)
        + _uint(b"\x9c", 0)
        + _element(b"\x86", b"V_MJPEG")
        + _uint(b"\x23\xe3\x83", 1000000000 // frames_per_s)
        + _element(b"\xe0", picture),
    )


def _audio_track(rate: int) -> bytes:
    sound = _element(b"\xb5", struct.pack(">f", rate)) + _uint(b"\x9f", 1) + _uint(b"\x62\x64", 16)
    return _element(
        b"\xae",
        _uint(b"\xd7", AUDIO)
        + _uint(b"\x73\xc5", AUDIO)
        + _uint(b"\x83", 2)
        + _uint(b"\x9c", 0)
        + _element(b"\x86", b"A_PCM/INT/LIT")
        + _element(b"\xe1", sound),
    )


class Writer:
    """One file. `write` takes bytes, which it must not keep; video is (width, height, frames a second) or None."""

    def __init__(self, write, video: tuple | None, rate: int) -> None:
        self._write = write
        self._cluster_ms = -1
        self._longest = memoryview(bytearray(8) + b"\x80")  # a SimpleBlock's head; every picture and sound stands for itself
        self._long = self._longest[2:]  # with a size of two bytes, not four, as `_size` has it
        self._short = self._longest[3:]
        tracks = (_video_track(*video) if video else b"") + _audio_track(rate)
        write(_EBML + b"\x18\x53\x80\x67" + _UNKNOWN + _info() + _element(b"\x16\x54\xae\x6b", tracks))

    def block(self, track: int, ms: int, data: memoryview) -> None:
        """A SimpleBlock at `ms` from the file's start; times may go back by less than half a minute between tracks."""
        if self._cluster_ms < 0 or ms >= self._cluster_ms + _CLUSTER_MS:
            self._cluster_ms = ms
            self._write(b"\x1f\x43\xb6\x75" + _UNKNOWN + _uint(b"\xe7", ms))
        self._write(self._head(len(data) + _HEAD_BYTES, 0x80 | track, ms - self._cluster_ms))
        self._write(data)

    def _head(self, size: int, track: int, ms: int) -> memoryview:
        """What stands before a SimpleBlock's data. Overwritten by the next one: nothing is allocated for a block."""
        head = self._longest
        head[5] = track
        head[6] = ms >> 8 & 255
        head[7] = ms & 255
        if size < 0x7F:
            head[3] = _BLOCK
            head[4] = 0x80 | size
            return self._short
        if size < 0x3FFF:
            head[2] = _BLOCK
            head[3] = 0x40 | size >> 8
            head[4] = size & 255
            return self._long
        struct.pack_into(">BI", head, 0, _BLOCK, 0x10000000 | size)
        return head
