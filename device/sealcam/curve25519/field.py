# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
"""The memory of the kernel's machine, and numbers modulo p = 2**255 - 19 as bytes."""

import micropython

from sealcam.curve25519.inversion import invert
from sealcam.curve25519.kernel import REGISTER_BYTES, run
from sealcam.curve25519.script import SCALE

_ZEROS = bytes(80)


class Machine:
    """Registers for one computation. wipe() when a secret went through them."""

    def __init__(self, code: bytes, registers: int) -> None:
        self._code = code
        self._memory = bytearray(registers * REGISTER_BYTES)

    def load(self, register: int, number: bytes) -> None:
        """Puts 32 bytes, little-endian, into a register; bit 255 is ignored."""
        _unpack(0, self._register(register), number)

    def store(self, register: int) -> bytes:
        """The canonical 32 bytes of a register, little-endian, below p."""
        number = bytearray(32)
        _pack(0, self._register(register), bytearray(REGISTER_BYTES), number)
        return bytes(number)

    def copy(self, first: int, count: int) -> bytes:
        """The raw words of some registers, for paste()."""
        return bytes(self._span(first, count))

    def paste(self, first: int, words: bytes) -> None:
        """Puts back what copy() gave."""
        self._span(first, len(words) // REGISTER_BYTES)[:] = words

    def run(self, script: bytes, table: bytes = b"") -> None:
        """Runs a script (see `kernel`)."""
        run(0, 0, self._memory, self._code, script, len(script) // 2, table)

    def divide(self, routine: int) -> None:
        """Divides registers 0 and 1 by what a routine of `script`, BY_..., puts into register 4; by 0 gives 0. Overwrites what it used."""
        self.run(bytes([routine, 0]))
        number = bytearray(32)
        _pack(0, self._register(4), bytearray(REGISTER_BYTES), number)
        invert(number)
        _unpack(0, self._register(6), number)
        number[:] = _ZEROS[:32]
        self.run(bytes([SCALE, 0]))

    def wipe(self) -> None:
        """Overwrites registers 0 to 15, through which every secret goes."""
        for start in range(0, min(len(self._memory), 16 * REGISTER_BYTES), len(_ZEROS)):
            self._memory[start : start + len(_ZEROS)] = _ZEROS

    def _register(self, register: int) -> memoryview:
        return self._span(register, 1)

    def _span(self, first: int, count: int) -> memoryview:
        start = first * REGISTER_BYTES
        return memoryview(self._memory)[start : start + count * REGISTER_BYTES]


@micropython.viper
def _unpack(a: int, words: ptr16, number: ptr8):
    """32 bytes to 20 tight limbs, as `kernel` keeps them. a: pass 0; the first two locals live in registers."""
    have = 0
    i = 32
    while i > 0:
        i -= 1
        a = (number[0] << have) + a
        number = ptr8(int(number) + 1)
        have += 8
        if have > 12:
            a += 4096
            words[0] = (a & 8191) + 28672
            a >>= 13
            words = ptr16(int(words) + 2)
            have -= 13
    number = ptr8(int(number) - 1)
    words[0] = a - ((number[0] & 128) << 1) + 32768  # without bit 255


@micropython.viper
def _pack(a: int, words: ptr16, digits: ptr16, number: ptr8):
    """20 tight or loose limbs to the canonical 32 bytes. a: pass 0. digits: scratch, 40 bytes."""
    # 64 p = 2**261 - 1216 makes the sum positive: its limbs are 15168, then 16382. What is stored has 32768 too much.
    at = int(digits)
    a = -1214
    i = 20
    while i > 0:
        i -= 1
        a = words[0] - 16386 + a
        digits[0] = a & 8191
        a >>= 13
        words = ptr16(int(words) + 2)
        digits = ptr16(int(digits) + 2)
    # Bits from 255 on come back at the bottom, times 19: then the value is below 2**255 + 2**13.
    words = ptr16(at)
    a = ((words[19] >> 8) + (a << 5)) * 19
    words[19] = words[19] & 255
    i = 19
    while i > 0:
        i -= 1
        a = words[0] + a
        words[0] = a & 8191
        a >>= 13
        words = ptr16(int(words) + 2)
    words[0] = words[0] + a
    # At least p: then adding 19 reaches 2**255, and dropping that bit leaves value - p.
    words = ptr16(at)
    a = 19
    i = 19
    while i > 0:
        i -= 1
        a = words[0] + a >> 13
        words = ptr16(int(words) + 2)
    a = (words[0] + a >> 8) * 19
    words = ptr16(at)
    have = 0
    i = 32
    while i > 0:
        i -= 1
        if have < 8:
            a = (words[0] << have) + a
            words[0] = 0
            words = ptr16(int(words) + 2)
            have += 13
        number[0] = a
        a >>= 8
        have -= 8
        number = ptr8(int(number) + 1)
    number = ptr8(int(number) - 1)
    number[0] = number[0] & 127
