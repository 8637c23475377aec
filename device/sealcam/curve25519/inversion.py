# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
"""Inverses modulo p = 2**255 - 19 by division steps: Bernstein, Yang, "Fast constant-time gcd computation and modular inversion" (2019).

In the variant that starts with delta 1/2, whose 590 steps suffice for numbers below 2**256. 43 batches of 14 steps look at the lowest
14 bits only and give a matrix, which is then applied to the whole numbers. The flow is always the same and no address depends on a number.

f, g, d and e are 19 limbs of 14 bits in two's complement, the highest with sign. The two numbers in a row of the matrix are one word,
u + v * 2**16, since the steps only add, negate and double them.
"""

import micropython

_WORK_BYTES = 2 * 4 * 38


def invert(number: bytearray) -> None:
    """Puts the inverse of a number of 32 bytes, little-endian, below 2**255, in its place; 0 or p for 0. The result may be above p."""
    work = bytearray(_WORK_BYTES)
    _invert(0, 0, number, work)
    work[:] = bytes(_WORK_BYTES)


@micropython.viper
def _invert(a: int, c: int, number: ptr8, work: ptr16):
    """a, c: pass 0; the first two locals live in registers. work: zeros."""
    here = int(work)
    there = here + 152
    out = ptr16(here)
    out[0] = 16365  # f = p
    i = 17
    while i > 0:
        out = ptr16(int(out) + 2)
        out[0] = 16383
        i -= 1
    out[1] = 7
    ptr16(here + 114)[0] = 1  # e = 1, d = 0
    at = int(number)
    end = at + 32
    out = ptr16(here + 38)
    have = 0
    i = 19
    while i > 0:  # g
        while have < 14:
            if at < end:
                c |= ptr8(at)[0] << have
            at += 1
            have += 8
        out[0] = c & 16383
        c >>= 14
        have -= 14
        out = ptr16(int(out) + 2)
        i -= 1
    zeta = -1
    batch = 43
    while batch > 0:
        f = int(ptr16(here)[0])
        g = int(ptr16(here)[19])
        uv = 1
        qr = 1 << 16
        i = 14
        while i > 0:
            a = zeta >> 31
            c = -(g & 1)
            g = ((f ^ a) - a & c) + g
            qr = ((uv ^ a) - a & c) + qr
            a &= c
            zeta = (zeta ^ a) - 1
            f = (g & a) + f
            uv = (qr & a) + uv << 1
            g >>= 1
            i -= 1
        row = 0
        while row < 4:  # f, g, d, e
            a = uv
            if row & 1:
                a = qr
            s = ((a & 0xFFFF) ^ 0x8000) - 0x8000
            t = a - s >> 16
            x = ptr16(here + (row >> 1) * 76)
            y = ptr16(int(x) + 38)
            out = ptr16(there + row * 38)
            xt = (x[18] ^ 0x8000) - 0x8000
            yt = (y[18] ^ 0x8000) - 0x8000
            m = 0
            if row > 1:
                m = (s & (xt >> 31)) + (t & (yt >> 31))
            # What is taken away, m times p, makes the sum divisible, and keeps d and e between -2 p and p.
            c = s * x[0] + t * y[0]
            m -= 13797 * (c & 16383) + m & 16383
            c = c - m * 19 >> 14
            a = x[1]
            c = s * a + c
            a = y[1]
            c = t * a + c
            out[0] = c & 16383
            c >>= 14
            a = x[2]
            c = s * a + c
            a = y[2]
            c = t * a + c
            out[1] = c & 16383
            c >>= 14
            a = x[3]
            c = s * a + c
            a = y[3]
            c = t * a + c
            out[2] = c & 16383
            c >>= 14
            a = x[4]
            c = s * a + c
            a = y[4]
            c = t * a + c
            out[3] = c & 16383
            c >>= 14
            a = x[5]
            c = s * a + c
            a = y[5]
            c = t * a + c
            out[4] = c & 16383
            c >>= 14
            a = x[6]
            c = s * a + c
            a = y[6]
            c = t * a + c
            out[5] = c & 16383
            c >>= 14
            a = x[7]
            c = s * a + c
            a = y[7]
            c = t * a + c
            out[6] = c & 16383
            c >>= 14
            a = x[8]
            c = s * a + c
            a = y[8]
            c = t * a + c
            out[7] = c & 16383
            c >>= 14
            a = x[9]
            c = s * a + c
            a = y[9]
            c = t * a + c
            out[8] = c & 16383
            c >>= 14
            a = x[10]
            c = s * a + c
            a = y[10]
            c = t * a + c
            out[9] = c & 16383
            c >>= 14
            a = x[11]
            c = s * a + c
            a = y[11]
            c = t * a + c
            out[10] = c & 16383
            c >>= 14
            a = x[12]
            c = s * a + c
            a = y[12]
            c = t * a + c
            out[11] = c & 16383
            c >>= 14
            a = x[13]
            c = s * a + c
            a = y[13]
            c = t * a + c
            out[12] = c & 16383
            c >>= 14
            a = x[14]
            c = s * a + c
            a = y[14]
            c = t * a + c
            out[13] = c & 16383
            c >>= 14
            a = x[15]
            c = s * a + c
            a = y[15]
            c = t * a + c
            out[14] = c & 16383
            c >>= 14
            a = x[16]
            c = s * a + c
            a = y[16]
            c = t * a + c
            out[15] = c & 16383
            c >>= 14
            a = x[17]
            c = s * a + c
            a = y[17]
            c = t * a + c
            out[16] = c & 16383
            c >>= 14
            c = s * xt + t * yt + (m << 3) + c
            out[17] = c & 16383
            out[18] = c >> 14
            row += 1
        a = here
        here = there
        there = a
        batch -= 1
    # f is 1 or -1, or p for 0. The inverse is f * d; 2 * p more is positive.
    a = (ptr16(here)[18] ^ 0x8000) - 0x8000 >> 31
    x = ptr16(here + 76)
    t = 16346
    c = 0
    i = 18
    while i > 0:
        c = (x[0] ^ a) - a + t + c
        x[0] = c & 16383
        c >>= 14
        t = 16383
        x = ptr16(int(x) + 2)
        i -= 1
    t = ((x[0] ^ 0x8000) - 0x8000 ^ a) - a + c + 15
    row = 2
    while row > 0:  # what is above bit 254 comes back, times 19
        x = ptr16(here + 76)
        c = (t >> 3) * 19
        i = 18
        while i > 0:
            c = x[0] + c
            x[0] = c & 16383
            c >>= 14
            x = ptr16(int(x) + 2)
            i -= 1
        t = (t & 7) + c
        row -= 1
    x[0] = t
    x = ptr16(here + 76)
    c = 0
    have = 0
    at = int(number)
    while at < end:
        if have < 8:
            c |= x[0] << have
            have += 14
            x = ptr16(int(x) + 2)
        ptr8(at)[0] = c
        c >>= 8
        have -= 8
        at += 1
