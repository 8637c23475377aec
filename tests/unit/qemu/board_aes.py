# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""AES-256 (FIPS 197) for the simulated Cortex-M3, whose firmware has none: so that content keys are in use there too.

Run on the board before the application, it stands for the interpreter's `cryptolib`: encryption in ECB and CBC mode. Like that one it
keeps a key schedule of its own on the heap and overwrites nothing.
"""

import sys

import micropython
from micropython import const

_CBC = 2
_ROUNDS = const(14)


def _sbox():
    """Inverses modulo the field's polynomial by powers of the generator 3, then the affine map: section 5.1.1."""
    box = bytearray(256)
    power = inverse = 1
    while True:
        power ^= (power << 1 ^ (power >> 7) * 0x11B) & 0xFF
        for shift in (1, 2, 4):
            inverse ^= inverse << shift & 0xFF
        inverse ^= (inverse >> 7) * 0x09
        turned = inverse * 0x101
        box[power] = (inverse ^ turned >> 4 ^ turned >> 5 ^ turned >> 6 ^ turned >> 7 ^ 0x63) & 0xFF
        if power == 1:
            break
    box[0] = 0x63
    return bytes(box)


_BOX = _sbox()


@micropython.viper
def _expand(words: ptr8, box: ptr8):
    """The schedule of a key of 32 bytes: section 5.2."""
    constant = 1
    at = 32
    while at < 240:
        for i in range(4):
            if at & 31 == 0:
                x = box[words[at - 4 + (i + 1 & 3)]]
                if i == 0:
                    x ^= constant
            elif at & 31 == 16:
                x = box[words[at - 4 + i]]
            else:
                x = int(words[at - 4 + i])
            words[at + i] = words[at - 32 + i] ^ x
        if at & 31 == 0:
            constant <<= 1
        at += 4


@micropython.viper
def _encrypt(data: ptr8, blocks: int, words: ptr8, box: ptr8, before: ptr8, state: ptr8):
    """Encrypts blocks in place, each xored with `before` first, which then holds the result: zeros make that ECB for one block."""
    while blocks > 0:
        for i in range(16):
            data[i] = data[i] ^ before[i] ^ words[i]
        key = ptr8(int(words) + 16)
        left = _ROUNDS
        while left > 0:
            for i in range(16):
                state[i] = box[data[(i + 4 * (i & 3)) & 15]]
            left -= 1
            if left:
                i = 0
                while i < 16:
                    a = int(state[i])
                    b = int(state[i + 1])
                    c = int(state[i + 2])
                    d = int(state[i + 3])
                    every = a ^ b ^ c ^ d
                    x = a ^ b
                    state[i] = a ^ every ^ x << 1 ^ (x >> 7) * 0x1B
                    x = b ^ c
                    state[i + 1] = b ^ every ^ x << 1 ^ (x >> 7) * 0x1B
                    x = c ^ d
                    state[i + 2] = c ^ every ^ x << 1 ^ (x >> 7) * 0x1B
                    x = d ^ a
                    state[i + 3] = d ^ every ^ x << 1 ^ (x >> 7) * 0x1B
                    i += 4
            for i in range(16):
                data[i] = state[i] ^ key[i]
            key = ptr8(int(key) + 16)
        for i in range(16):
            before[i] = data[i]
        data = ptr8(int(data) + 16)
        blocks -= 1


class aes:
    def __init__(self, key, mode, iv=None):
        if len(key) != 32:
            raise ValueError("only keys of 32 bytes")
        self._words = bytearray(240)
        self._words[:32] = key
        _expand(self._words, _BOX)
        self._chained = mode == _CBC
        self._before = bytearray(iv or bytes(16))
        self._state = bytearray(16)

    def encrypt(self, data, out=None):
        """As cryptolib's; `out` may be `data`. In ECB mode one block at a time."""
        if out is None:
            out = bytearray(data)
        elif out is not data:
            out[:] = data
        if not self._chained:
            self._before[:] = bytes(16)
        _encrypt(out, len(out) // 16, self._words, _BOX, self._before, self._state)
        return bytes(out) if not self._chained or out is not data else out


class cryptolib:
    pass


cryptolib.aes = aes
sys.modules["cryptolib"] = cryptolib
