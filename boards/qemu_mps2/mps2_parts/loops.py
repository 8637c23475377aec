# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
"""Loops over memory and samples, in native code."""

import micropython


@micropython.viper
def only_clears(address: uint, new: ptr8, length: int) -> bool:
    """Whether writing `new` over what lies at the address needs no bit to go from 0 to 1."""
    old = ptr8(address)
    i = 0
    while i < length:
        if new[i] & (old[i] ^ 255):
            return False
        i += 1
    return True


@micropython.viper
def tone(buf: ptr8, first: int, samples: int):
    """Samples from number `first` on of a sawtooth with a slow swell, 16 bits little-endian: no two seconds of it are alike."""
    i = 0
    while i < samples:
        number = first + i
        value = ((number * 37) & 8191) + ((number >> 6) & 4095)
        buf[2 * i] = value
        buf[2 * i + 1] = value >> 8
        i += 1
