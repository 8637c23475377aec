# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
"""Loops over samples and flash cells, in native code. Sound is signed 16-bit little-endian; gains are in 1/256."""

import micropython


@micropython.viper
def only_clears(old: ptr8, new: ptr8, length: int) -> bool:
    """True when writing `new` over `old` needs no bit to go from 0 to 1."""
    i = 0
    while i < length:
        if new[i] & (old[i] ^ 255):
            return False
        i += 1
    return True


@micropython.viper
def scale(buf: ptr16, samples: int, gain: int):
    """Multiplies in place."""
    i = 0
    while i < samples:
        value = buf[i]
        if value > 32767:
            value -= 65536
        value = (value * gain) >> 8
        if value > 32767:
            value = 32767
        elif value < -32768:
            value = -32768
        buf[i] = value
        i += 1


@micropython.viper
def mix(buf: ptr16, start: int, ring: ptr16, at: int, mask: int, samples: int, gain: int) -> int:
    """Adds ring[at ...] (indices & mask) times gain to buf[start ...]; returns the largest value met."""
    i = 0
    loudest = 0
    while i < samples:
        value = buf[start + i]
        if value > 32767:
            value -= 65536
        other = ring[(at + i) & mask]
        if other > 32767:
            other -= 65536
        value += (other * gain) >> 8
        if value > 32767:
            value = 32767
        elif value < -32768:
            value = -32768
        buf[start + i] = value
        if value > loudest:
            loudest = value
        i += 1
    return loudest


@micropython.viper
def hiss(buf: ptr16, start: int, samples: int, bits: int, seed: int) -> int:
    """Adds noise of `bits` bits from a linear congruential generator; returns the seed to go on with."""
    i = 0
    half = 1 << (bits - 1)
    mask = (1 << bits) - 1
    while i < samples:
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        value = buf[start + i]
        if value > 32767:
            value -= 65536
        value += ((seed >> 15) & mask) - half
        if value > 32767:
            value = 32767
        elif value < -32768:
            value = -32768
        buf[start + i] = value
        i += 1
    return seed


@micropython.viper
def put(ring: ptr16, at: int, mask: int, src: ptr16, samples: int, gain: int):
    """Copies src times gain to ring[at ...] (indices & mask)."""
    i = 0
    while i < samples:
        value = src[i]
        if value > 32767:
            value -= 65536
        ring[(at + i) & mask] = (value * gain) >> 8
        i += 1


@micropython.viper
def silence(ring: ptr16, at: int, mask: int, samples: int):
    i = 0
    while i < samples:
        ring[(at + i) & mask] = 0
        i += 1
