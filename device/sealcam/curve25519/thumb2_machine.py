# SPDX-License-Identifier: Apache-2.0
"""The machine of `field` with the same routines, in Thumb-2. Registers hold other limbs: boards/thumb2/field.s tells which."""

from sealcam.curve25519 import script as routines
from sealcam.curve25519.thumb2_code import run

_PORT_BYTES = 32  # at the start of the memory: numbers go in and out there
_REGISTER_BYTES = 40
_IMPORT, _EXPORT = 26, 27  # routines behind those of `script`

_ZEROS = bytes(96)


class Machine:
    """Registers for one computation. wipe() when a secret went through them."""

    def __init__(self, _: bytes, registers: int) -> None:
        """The first argument is the portable kernel's code, which is compiled in here."""
        self._memory = bytearray(_PORT_BYTES + registers * _REGISTER_BYTES)

    def load(self, register: int, number: bytes) -> None:
        """Puts 32 bytes, little-endian, into a register; bit 255 is ignored."""
        self._memory[:_PORT_BYTES] = number
        run(self._memory, bytes([_IMPORT, register]), 1, b"")

    def store(self, register: int) -> bytes:
        """The canonical 32 bytes of a register, little-endian, below p."""
        run(self._memory, bytes([_EXPORT, register]), 1, b"")
        return bytes(self._memory[:_PORT_BYTES])

    def copy(self, first: int, count: int) -> bytes:
        """The raw words of some registers, for paste()."""
        return bytes(self._span(first, count))

    def paste(self, first: int, words: bytes) -> None:
        """Puts back what copy() gave."""
        self._span(first, len(words) // _REGISTER_BYTES)[:] = words

    def run(self, script: bytes, table: bytes = b"") -> None:
        """Runs a script (see `kernel`)."""
        run(self._memory, script, len(script) // 2, table)

    def divide(self, routine: int) -> None:
        """Divides registers 0 and 1 by what a routine of `script`, BY_..., puts into register 4; by 0 gives 0."""
        self.run(bytes([routine, 0, routines.INVERT, 0, routines.SCALE, 0]))

    def wipe(self) -> None:
        """Overwrites registers 0 to 15, through which every secret goes, and what products left."""
        for start in range(0, min(len(self._memory), _PORT_BYTES + 16 * _REGISTER_BYTES), len(_ZEROS)):
            self._memory[start : start + len(_ZEROS)] = _ZEROS

    def _span(self, first: int, count: int) -> memoryview:
        start = _PORT_BYTES + first * _REGISTER_BYTES
        return memoryview(self._memory)[start : start + count * _REGISTER_BYTES]
