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
        unpack(self._register(register), number)

    def store(self, register: int) -> bytes:
        """The canonical 32 bytes of a register, little-endian, below p."""
        number = bytearray(32)
        pack(number, bytearray(80), self._register(register))
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
        pack(number, bytearray(80), self._register(4))
        invert(number)
        unpack(self._register(6), number)
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
def unpack(words: ptr16, number: ptr8):
    """32 bytes to 20 tight limbs."""
    bits = 0
    have = 0
    carry = 0
    byte = 0
    for i in range(20):
        while have < 13 and byte < 32:
            bits |= number[byte] << have
            byte += 1
            have += 8
        if i == 19:
            bits &= 255
        limb = (bits & 8191) + carry
        bits >>= 13
        have -= 13
        carry = 0
        if limb > 4096:
            limb -= 8192
            carry = 1
        words[i] = limb + 32768


@micropython.viper
def pack(number: ptr8, digits: ptr32, words: ptr16):
    """20 tight or loose limbs to the canonical 32 bytes; digits is scratch, 80 bytes."""
    # 32 p = 2**260 - 608 makes the sum positive, and each limb as well: its limbs are 7584, then 8191.
    carry = 0
    for i in range(20):
        carry += words[i] - 16386  # 2 * 8191 - 32768
        if i == 0:
            carry -= 1214  # 2 * 607
        digits[i] = carry & 8191
        carry >>= 13
    # Bits from 255 on come back at the bottom, times 19: then the value is below 2**255 + 2**11.
    carry = ((digits[19] >> 8) + (carry << 5)) * 19
    digits[19] = digits[19] & 255
    for i in range(20):
        carry += digits[i]
        digits[i] = carry & 8191
        carry >>= 13
    # At least p: then adding 19 reaches 2**255, and dropping that bit leaves value - p.
    carry = 19
    for i in range(19):
        carry = carry + digits[i] >> 13
    carry = (carry + digits[19] >> 8) * 19
    for i in range(20):
        carry += digits[i]
        digits[i] = carry & 8191
        carry >>= 13
    digits[19] = digits[19] & 255
    bits = 0
    have = 0
    byte = 0
    for i in range(20):
        bits |= digits[i] << have
        have += 13
        digits[i] = 0
        while have >= 8 and byte < 32:
            number[byte] = bits
            byte += 1
            bits >>= 8
            have -= 8
