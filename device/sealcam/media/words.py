# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""Copying into and comparing large buffers without allocating, and quicker than the C library of a small processor, which goes byte by byte
where it may not go by words.
"""

import sys

import micropython

# x86, x64, ARMv7-M to ARMv7E-M with a unit for floats, as .mpy files number them: all others, ARMv6-M and RISC-V among them, may stop at a
# word that is loaded from an odd place.
_UNALIGNED = getattr(sys.implementation, "_mpy", 0) >> 10 & 15 in (1, 2, 5, 6, 7, 8)


def _by_c(a: memoryview, b: memoryview, times: int) -> bool:
    return a == b


def _choose():
    try:
        from sealcam.media.words_thumb import same as by_words
    except (ImportError, SyntaxError):  # another processor, an interpreter without the inline assembler, or left out of this firmware
        return _by_c
    return by_words


# same(a, b, times): whether two buffers of times 16 bytes hold the same. Both begin at an address that is a multiple of 4.
same = _choose()


@micropython.viper
def copy(to: ptr32, source: ptr32, count: int, at: int, first: int):
    """Copies count bytes of source, from first on, to `at`. The caller has seen to it that both are long enough. The first three parameters
    stay in registers.
    """
    to = ptr32(int(to) + at)
    source = ptr32(int(source) + first)
    while count > 0 and int(to) & 3:
        ptr8(to)[0] = ptr8(source)[0]
        to = ptr32(int(to) + 1)
        source = ptr32(int(source) + 1)
        count -= 1
    if not int(source) & 3 or _UNALIGNED:
        while count > 31:
            to[0] = source[0]
            to[1] = source[1]
            to[2] = source[2]
            to[3] = source[3]
            to[4] = source[4]
            to[5] = source[5]
            to[6] = source[6]
            to[7] = source[7]
            to = ptr32(int(to) + 32)
            source = ptr32(int(source) + 32)
            count -= 32
    while count > 0:
        ptr8(to)[0] = ptr8(source)[0]
        to = ptr32(int(to) + 1)
        source = ptr32(int(source) + 1)
        count -= 1
