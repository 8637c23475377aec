# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""A short message by sound from one recorder to another, for the hand-over: docs/relay.md has the format and what was measured.

One tone of 32 at a time, 20 ms each, 1,500 to 3,437.5 Hz: 16 known tones to find the beginning, then 5 coded bits a tone.
The message is 1 byte of kind, the token, the sender's chain and a CRC-32, under a convolutional code, spread over the whole
burst so that a clap or a syllable hurts many bits a little instead of one word wholly.
"""

from binascii import crc32

import micropython

from sealcam.sound import convolution
from sealcam.sound.spectrum import sine

RATE = 16000
OFFER, ANSWER = 1, 2
TOKEN_BYTES, CHAIN_BYTES = 16, 32
MESSAGE_BYTES = 1 + TOKEN_BYTES + CHAIN_BYTES + 4

FIRST_LINE = 24  # of the spectrum: 1,500 Hz
TONES = 32
SYMBOL = 320  # samples
BITS = 5
PREAMBLE = bytes((16, 3, 27, 9, 22, 0, 30, 12, 6, 25, 18, 1, 14, 29, 8, 20))
CODED = convolution.coded_bits(MESSAGE_BYTES)
SYMBOLS = CODED // BITS
BURST_MS = (len(PREAMBLE) + SYMBOLS) * SYMBOL * 1000 // RATE
_STRIDE = 329  # near CODED / golden ratio squared, and prime to CODED: neighbours end up far apart
_LOUD = 20000  # of 32767: what small speakers play without rattling


def place(coded: int) -> int:
    """Where on the air a coded bit goes: symbol * BITS + bit."""
    return coded * _STRIDE % CODED


def message(kind: int, token: bytes, chain: bytes) -> bytes:
    """The bytes under the code."""
    body = bytes((kind,)) + token + chain
    return body + crc32(body).to_bytes(4, "big")


def parsed(raw: bytes) -> tuple | None:
    """(kind, token, chain), or None when the checksum is wrong."""
    if crc32(raw[:-4]) != int.from_bytes(raw[-4:], "big") or raw[0] not in (OFFER, ANSWER):
        return None
    return raw[0], bytes(raw[1 : 1 + TOKEN_BYTES]), bytes(raw[1 + TOKEN_BYTES : -4])


@micropython.viper
def _play(turn: ptr16, phase: int, line: int, loud: int, out: ptr8, samples: int) -> int:
    """A stretch of one tone; the phase to go on with."""
    i = 0
    while i < samples:
        # A bare parameter as the index would be doubled in place by MicroPython 1.26's Thumb code for 16-bit loads.
        value = ((int(turn[phase & 255]) - 32768) * loud) >> 14
        out[2 * i] = value & 255
        out[2 * i + 1] = (value >> 8) & 255
        phase = (phase + line) & 255
        i += 1
    return phase


class Burst:
    """The sound of one message, piece by piece."""

    def __init__(self, kind: int, token: bytes, chain: bytes) -> None:
        bits = convolution.encode(message(kind, token, chain))
        symbols = bytearray(SYMBOLS)
        for coded, bit in enumerate(bits):
            at = place(coded)
            symbols[at // BITS] |= bit << at % BITS
        self._symbols = PREAMBLE + bytes(symbols)
        self._turn = sine()
        self._phase = 0
        self._at = 0  # samples so far

    def readinto(self, buf: memoryview) -> int:
        """Fills buf with 16-bit PCM; the bytes, 0 at the end."""
        size = 0
        while size + 1 < len(buf) and self._at < SYMBOL * len(self._symbols):
            line = FIRST_LINE + self._symbols[self._at // SYMBOL]
            count = min((len(buf) - size) // 2, SYMBOL - self._at % SYMBOL)
            self._phase = _play(self._turn, self._phase, line, _LOUD, buf[size:], count)
            self._at += count
            size += 2 * count
        return size
