# SPDX-License-Identifier: Apache-2.0
"""COBS and frames: known examples, every boundary, and what must be refused."""

import binascii

from line_model import Random

from sealproto import cobs
from sealproto.crc import crc32
from sealproto.frame import DATA, DATA_HEADER, PING, Decoder, Encoder, line_bytes
from sealproto.pace import Pace, isqrt

# from the paper: Cheshire and Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM Transactions on Networking 7 (2), 1999
KNOWN = (
    (b"", b"\x01"),
    (b"\x00", b"\x01\x01"),
    (b"\x00\x00", b"\x01\x01\x01"),
    (b"\x11\x22\x00\x33", b"\x03\x11\x22\x02\x33"),
    (b"\x11\x22\x33\x44", b"\x05\x11\x22\x33\x44"),
    (b"\x11\x00\x00\x00", b"\x02\x11\x01\x01\x01"),
    (bytes(range(1, 255)), b"\xff" + bytes(range(1, 255))),
    (bytes(range(0, 255)), b"\x01\xff" + bytes(range(1, 255))),
    (bytes(range(1, 256)), b"\xff" + bytes(range(1, 255)) + b"\x02\xff"),
    (bytes(range(2, 256)) + b"\x00", b"\xff" + bytes(range(2, 256)) + b"\x01\x01"),
)


def stuff(encode, data: bytes) -> bytes:
    target = bytearray(cobs.bound(len(data)) + 3)
    end = encode(bytearray(data), len(data), target, 3)
    assert end <= len(target)
    return bytes(target[3:end])


def unstuff(decode, data: bytes):
    buffer = bytearray(data)
    size = decode(buffer, len(buffer))
    return None if size < 0 else bytes(buffer[:size])


def test_known_examples():
    for encode, decode in ((cobs.encode, cobs.decode), (cobs.encode_portable, cobs.decode_portable)):
        for plain, stuffed in KNOWN:
            assert stuff(encode, plain) == stuffed
            assert unstuff(decode, stuffed) == plain


def test_native_and_portable_agree():
    random = Random(1)
    for n in list(range(0, 20)) + list(range(250, 260)) + list(range(505, 512)) + [4096]:
        for zeros in (0, 1, 4, 255):
            data = bytearray(random.bytes(n))
            for at in range(n):
                if zeros and random.below(256) < zeros:
                    data[at] = 0
                elif not zeros and not data[at]:
                    data[at] = 7
            stuffed = stuff(cobs.encode, data)
            assert stuffed == stuff(cobs.encode_portable, data)
            assert 0 not in stuffed
            assert unstuff(cobs.decode, stuffed) == unstuff(cobs.decode_portable, stuffed) == bytes(data)


def test_the_checksum_is_that_of_the_rfc():
    """At every length about a word, from every address, and for a whole frame."""
    assert crc32(memoryview(b"123456789")) == 0xCBF43926
    data = Random(2).bytes(5000)
    for start in range(5):
        for size in list(range(20)) + [100, 4106]:
            piece = memoryview(data)[start : start + size]
            assert crc32(piece) == binascii.crc32(piece)


def test_what_no_encoder_writes():
    for bad in (b"\x02", b"\x03\x01", b"\x00", b"\x01\x00\x01", b"\xff" + bytes(253)):
        assert unstuff(cobs.decode, bad) is None
        assert unstuff(cobs.decode_portable, bad) is None


def frame(kind: int, body: bytes) -> bytes:
    encoder = Encoder()
    encoder.raw[0] = kind
    encoder.raw[1 : 1 + len(body)] = body
    target = bytearray(5000)
    return bytes(target[: encoder.close(1 + len(body), target, 0)])


def decode(data: bytes, piece: int) -> tuple:
    got = []
    decoder = Decoder(lambda view: got.append(bytes(view)))
    for at in range(0, len(data), piece):
        decoder.feed(data[at : at + piece])
    return got, decoder.good, decoder.bad


def test_frames_in_any_pieces():
    body = Random(2).bytes(5 + 300)
    line = b"\0\0" + frame(DATA, body) + b"garbage\0" + frame(PING, b"\x01\x02") + frame(DATA, body)
    for piece in (1, 2, 7, 100, 1000):
        assert decode(line, piece) == ([bytes([DATA]) + body, bytes([PING, 1, 2]), bytes([DATA]) + body], 3, 1)


def test_largest_frame_and_nothing_larger():
    body = Random(3).bytes(5 + 4096)
    line = frame(DATA, body)
    assert len(line) <= line_bytes(4096)
    assert len(body) + 1 == DATA_HEADER + 4096
    assert decode(line, 700)[1:] == (1, 0)
    assert decode(b"\x01" * 100000 + b"\0" + line, 700)[1:] == (1, 1)


def test_no_single_change_passes():
    line = frame(DATA, b"\x05\x00\x10\x00\x00some bytes of the stream")
    for at in range(len(line)):
        for bit in range(8):
            hurt = bytearray(line)
            hurt[at] ^= 1 << bit
            assert decode(bytes(hurt) + b"\0", 1000)[1] == 0, (at, bit)
        assert decode(line[:at] + b"\0", 1000)[1] == 0 or at == len(line) - 1
        assert decode(line[:at] + line[at + 1 :] + b"\0", 1000)[1] == 0 or at == len(line) - 1


def test_square_root():
    for n in list(range(50)) + [10**6 - 1, 10**6, 2**40]:
        root = isqrt(n)
        assert root * root <= n < (root + 1) * (root + 1)


def test_pace_follows_the_loss():
    pace = Pace(4096)
    for _ in range(200):
        pace.good(4120)
    pace.settle()
    assert pace.payload == 4096
    for _ in range(3000):  # one in three lost at 44 bytes: one bit in a thousand
        pace.good(44)
        pace.good(44)
        pace.bad(44)
    pace.settle()
    assert 32 <= pace.payload <= 48
