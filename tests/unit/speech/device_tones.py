# SPDX-License-Identifier: Apache-2.0
"""Bursts between two recorders: heard in any pieces, in noise as loud as themselves; nothing else is taken for one."""

import gc
from binascii import crc32

from sealcam.sound import convolution, tones
from sealcam.sound.tone_listener import Listener

TOKEN, CHAIN = bytes(range(16)), bytes(range(200, 232))


def sound(kind=tones.OFFER, piece=1000, quiet=3000):
    """A burst between two silences, as PCM."""
    burst, buf, out = tones.Burst(kind, TOKEN, CHAIN), memoryview(bytearray(piece)), bytearray(2 * quiet)
    while True:
        size = burst.readinto(buf)
        if not size:
            return out + bytearray(2 * quiet)
        out += buf[:size]


def noisy(pcm, numerator, denominator, loud, seed=5):
    """The burst made softer, and even noise of -loud to loud added."""
    for at in range(0, len(pcm), 2):
        value = (pcm[at] | pcm[at + 1] << 8) ^ 0x8000
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        value = (value - 0x8000) * numerator // denominator + (seed >> 12) % (2 * loud + 1) - loud
        value = max(-32768, min(32767, value)) & 0xFFFF
        pcm[at], pcm[at + 1] = value & 255, value >> 8
    return pcm


def heard(pcm, piece=4096):
    listener, found = Listener(), []
    for at in range(0, len(pcm), piece):
        listener.feed(memoryview(pcm)[at : at + piece])
        message = listener.take()
        if message:
            found.append(message)
    return found


def test_a_burst_is_heard_once_whatever_the_pieces():
    assert sound(piece=1000) == sound(piece=334)
    for kind, piece in ((tones.OFFER, 4096), (tones.ANSWER, 38)):
        assert heard(sound(kind), piece) == [(kind, TOKEN, CHAIN)]


def test_its_length():
    assert len(sound(quiet=0)) == tones.BURST_MS * 32
    assert tones.BURST_MS < 4000


def test_noise_as_loud_as_the_burst():
    # A tone of 20000 has the power of even noise up to 24494: 0 dB.
    assert heard(noisy(sound(), 1, 4, 24494 // 4)) == [(tones.OFFER, TOKEN, CHAIN)]


def test_far_away():
    assert heard(noisy(sound(), 1, 1000, 24)) == [(tones.OFFER, TOKEN, CHAIN)]


def test_beginning_in_the_middle_is_not_heard_and_the_next_is():
    pcm = sound(quiet=0)
    assert heard(pcm[16000:] + bytearray(8000) + sound()) == [(tones.OFFER, TOKEN, CHAIN)]


def test_a_burst_cut_short_is_not_heard():
    whole = sound(quiet=0)
    assert heard(whole[: len(whole) // 2] + bytearray(64000)) == []


def test_noise_and_silence_are_no_bursts():
    listener = Listener()
    listener.feed(memoryview(noisy(bytearray(160000), 1, 1, 9000)))
    listener.feed(memoryview(bytearray(64000)))
    assert listener.locks == 0 and listener.take() is None


def test_a_wrong_checksum_and_an_unknown_kind_are_refused():
    raw = bytearray(tones.message(tones.OFFER, TOKEN, CHAIN))
    assert tones.parsed(raw) == (tones.OFFER, TOKEN, CHAIN)
    for at in range(len(raw)):
        raw[at] ^= 4
        assert tones.parsed(raw) is None
        raw[at] ^= 4
    other = bytes((7,)) + TOKEN + CHAIN
    assert tones.parsed(other + crc32(other).to_bytes(4, "big")) is None


def test_every_coded_bit_has_its_own_place():
    assert sorted([tones.place(n) for n in range(tones.CODED)]) == list(range(tones.SYMBOLS * tones.BITS))


def test_the_code_by_its_definition():
    message = bytes((0x80, 0, 0x41))
    bits = [message[n >> 3] >> (7 - (n & 7)) & 1 for n in range(24)] + [0] * convolution.TAIL
    expected = bytearray()
    for n in range(len(bits)):
        window = [bits[n - k] if n >= k else 0 for k in range(7)]
        for taps in ((1, 1, 1, 1, 0, 0, 1), (1, 0, 1, 1, 0, 1, 1)):
            expected.append(sum([a * b for a, b in zip(window, taps)]) & 1)
    assert convolution.encode(message) == expected


def test_the_code_mends_what_is_unclear_and_what_is_wrong():
    message = bytes(range(40, 60))
    decoder = convolution.Decoder(len(message))
    soft = bytearray([255 if bit else 1 for bit in convolution.encode(message)])
    assert decoder.decode(soft) == message
    for at in range(0, len(soft), 14):
        soft[at] = 256 - soft[at]  # wrong, and sure of it
    for at in range(5, len(soft), 7):
        soft[at] = 128
    assert decoder.decode(soft) == message


def test_listening_allocates_next_to_nothing():
    listener, pcm = Listener(), memoryview(sound())
    listener.feed(pcm[:8192])
    gc.collect()
    before = gc.mem_alloc()
    gc.disable()
    listener.feed(pcm[8192:40960])
    after = gc.mem_alloc()
    gc.enable()
    assert after - before < 20_000, after - before
    gc.collect()
    assert gc.mem_alloc() - before < 200
