# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: F821
"""SHA-512 (FIPS 180-4), which MicroPython's hashlib does not have.

Viper integers are machine words, 32 or 64 bits wide. Every 64-bit quantity is therefore a pair of 32-bit halves (high, low), and
the code is right for both widths: a half is masked before it is shifted right, and no carry depends on the width.
"""

from binascii import unhexlify

import micropython

from sealcam import thumb2

_BLOCK = 128

# FIPS 180-4 section 4.2.3, then the initial value of section 5.3.5.
_K_HEX = (
    "428a2f98d728ae227137449123ef65cdb5c0fbcfec4d3b2fe9b5dba58189dbbc"
    "3956c25bf348b53859f111f1b605d019923f82a4af194f9bab1c5ed5da6d8118"
    "d807aa98a303024212835b0145706fbe243185be4ee4b28c550c7dc3d5ffb4e2"
    "72be5d74f27b896f80deb1fe3b1696b19bdc06a725c71235c19bf174cf692694"
    "e49b69c19ef14ad2efbe4786384f25e30fc19dc68b8cd5b5240ca1cc77ac9c65"
    "2de92c6f592b02754a7484aa6ea6e4835cb0a9dcbd41fbd476f988da831153b5"
    "983e5152ee66dfaba831c66d2db43210b00327c898fb213fbf597fc7beef0ee4"
    "c6e00bf33da88fc2d5a79147930aa72506ca6351e003826f142929670a0e6e70"
    "27b70a8546d22ffc2e1b21385c26c9264d2c6dfc5ac42aed53380d139d95b3df"
    "650a73548baf63de766a0abb3c77b2a881c2c92e47edaee692722c851482353b"
    "a2bfe8a14cf10364a81a664bbc423001c24b8b70d0f89791c76c51a30654be30"
    "d192e819d6ef5218d69906245565a910f40e35855771202a106aa07032bbd1b8"
    "19a4c116b8d2d0c81e376c085141ab532748774cdf8eeb9934b0bcb5e19b48a8"
    "391c0cb3c5c95a634ed8aa4ae3418acb5b9cca4f7763e373682e6ff3d6b2b8a3"
    "748f82ee5defb2fc78a5636f43172f6084c87814a1f0ab728cc702081a6439ec"
    "90befffa23631e28a4506cebde82bde9bef9a3f7b2c67915c67178f2e372532b"
    "ca273eceea26619cd186b8c721c0c207eada7dd6cde0eb1ef57d4f7fee6ed178"
    "06f067aa72176fba0a637dc5a2c898a6113f9804bef90dae1b710b35131c471b"
    "28db77f523047d8432caab7b40c724933c9ebe0a15c9bebc431d67c49c100d4c"
    "4cc5d4becb3e42b6597f299cfc657e2a5fcb6fab3ad6faec6c44198c4a475817"
)
_H_HEX = "6a09e667f3bcc908bb67ae8584caa73b3c6ef372fe94f82ba54ff53a5f1d36f1510e527fade682d19b05688c2b3e6c1f1f83d9abfb41bd6b5be0cd19137e2179"


@micropython.viper
def _unpack(words: ptr32, data: ptr8, count: int):
    """Reads count big-endian 32-bit words."""
    while count > 0:
        words[0] = data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3]
        words = ptr32(int(words) + 4)
        data = ptr8(int(data) + 4)
        count -= 1


@micropython.viper
def _pack(out: ptr8, words: ptr32, count: int):
    """Writes count big-endian 32-bit words."""
    j = 0
    for i in range(count):
        x = words[i]
        out[j] = x >> 24
        out[j + 1] = x >> 16
        out[j + 2] = x >> 8
        out[j + 3] = x
        j += 4


@micropython.viper
def _schedule(a: uint, c: uint, w: ptr32):
    """Extends the 16 message words (32 halves) to 80 (160 halves): section 6.4.2, step 1. a, c: pass 0."""
    mask = uint(1)
    mask = (mask << 16 << 16) - 1
    i = 64
    while i > 0:
        a = uint(w[2])
        c = ((a >> 1 ^ a) >> 6 ^ a) >> 1
        a = uint(w[3])
        c = (a << 7 ^ a) << 24 ^ c
        high = c + w[0] + w[18]
        c = ((a >> 1 ^ a) >> 6 ^ a) >> 1
        a = uint(w[2])
        x = (((a << 6 ^ a) << 1 ^ a) << 24 ^ c) & mask
        a = uint(w[28])
        c = (a >> 13 ^ a) >> 6
        c = a << 3 ^ c
        a = uint(w[29])
        c = a << 13 ^ c
        high += a >> 29 ^ c
        c = (a >> 13 ^ a) >> 6
        c = a << 3 ^ c
        a = uint(w[28])
        c = (a << 13 ^ a) << 13 ^ c
        c = (a >> 29 ^ c) & mask
        a = c >> 3
        a = (x >> 3) + a
        c = x + c
        a = (uint(w[1]) >> 3) + a
        a = (uint(w[19]) >> 3) + a
        c = c + w[1] + w[19] & mask
        w[33] = c
        w[32] = (a - (c >> 3) + 8 >> 29) + high
        w = ptr32(int(w) + 8)
        i -= 1


@micropython.viper
def _rounds(a: uint, c: uint, w: ptr32, k: ptr32, state: ptr32):
    """The 80 rounds and the addition to the state: section 6.4.2, steps 2 to 4. Names end in h and l: high and low half. a, c: pass 0.

    The first two locals live in registers: what is used often in a row is put into a, and sums grow in c. Where a sum of low halves may
    pass 2**32, each operand's eighth, added up, tells from the eighth of the sum how often it did.
    """
    mask = uint(1)
    mask = (mask << 16 << 16) - 1
    ah = uint(state[0])
    al = uint(state[1])
    bh = uint(state[2])
    bl = uint(state[3])
    ch = uint(state[4])
    cl = uint(state[5])
    dh = uint(state[6])
    dl = uint(state[7])
    eh = uint(state[8])
    el = uint(state[9])
    fh = uint(state[10])
    fl = uint(state[11])
    gh = uint(state[12])
    gl = uint(state[13])
    hh = uint(state[14])
    hl = uint(state[15])
    mh = bh ^ ch
    ml = bl ^ cl
    i = 80
    while i > 0:
        # The sum that the standard calls T1: of h, Sigma1(e), Ch(e, f, g) and what is known beforehand.
        a = eh
        c = (a >> 4 ^ a) >> 14
        c = a << 23 ^ c
        a = el
        c = (a << 4 ^ a) << 14 ^ c
        c = (a >> 9 ^ c) + hh
        a = gh
        th = ((fh ^ a) & eh ^ a) + c + w[0] + k[0]
        a = gl
        y = (fl ^ a) & el ^ a
        a = el
        c = (a >> 4 ^ a) >> 14
        c = a << 23 ^ c
        a = eh
        c = (a << 4 ^ a) << 14 ^ c
        c = (a >> 9 ^ c) & mask
        a = c >> 3
        a = (y >> 3) + a
        a = (uint(w[1]) >> 3) + a
        a = (uint(k[1]) >> 3) + a
        a = (hl >> 3) + a
        c = c + y + w[1] + k[1] + hl & mask
        tl = c
        th += a - (c >> 3) + 8 >> 29
        hh = gh
        hl = gl
        gh = fh
        gl = fl
        fh = eh
        fl = el
        a = (dl + c) & mask
        el = a
        eh = dh + th
        if a < c:
            eh += 1
        eh &= mask
        dh = ch
        dl = cl
        ch = bh
        cl = bl
        bh = ah
        bl = al
        # T2: Sigma0(a) and the majority, which of three numbers is b ^ ((a ^ b) & (b ^ c)); the next round's b ^ c is this one's a ^ b.
        a = ch
        y = ah ^ a
        th += y & mh ^ a
        mh = y
        a = cl
        x = al ^ a
        y = x & ml ^ a
        ml = x
        a = ah
        c = (a << 5 ^ a) << 25
        c = a >> 28 ^ c
        a = al
        c = (a >> 5 ^ a) >> 2 ^ c
        th += a << 4 ^ c
        c = (a << 5 ^ a) << 25
        c = a >> 28 ^ c
        a = ah
        c = (a >> 5 ^ a) >> 2 ^ c
        c = (a << 4 ^ c) & mask
        a = c >> 3
        a = (y >> 3) + a
        a = (tl >> 3) + a
        c = c + y + tl & mask
        al = c
        ah = (a - (c >> 3) + 8 >> 29) + th & mask
        w = ptr32(int(w) + 8)
        k = ptr32(int(k) + 8)
        i -= 1
    w[0] = ah
    w[1] = al
    w[2] = bh
    w[3] = bl
    w[4] = ch
    w[5] = cl
    w[6] = dh
    w[7] = dl
    w[8] = eh
    w[9] = el
    w[10] = fh
    w[11] = fl
    w[12] = gh
    w[13] = gl
    w[14] = hh
    w[15] = hl
    i = 8
    while i > 0:
        x = uint(state[1])
        low = (x + w[1]) & mask
        state[1] = low
        x = uint(low < x) + w[0] + state[0]
        state[0] = x
        w = ptr32(int(w) + 8)
        state = ptr32(int(state) + 8)
        i -= 1


def _words(text: str) -> bytearray:
    """Native 32-bit words of big-endian hexadecimal text; a bytearray, since only the heap promises alignment."""
    words = bytearray(len(text) // 2)
    _unpack(words, unhexlify(text), len(words) // 4)
    return words


_K = _words(_K_HEX + _H_HEX)
_INITIAL = memoryview(_K)[80 * 8 :]


def sha512(data: bytes) -> bytes:
    """The 64-byte digest of data (bytes-like). What the work memory held is overwritten, since it may have been a secret."""
    digest = bytearray(64)
    _hash_into(digest, data)
    return bytes(digest)


def _portable(digest: bytearray, data: bytes) -> None:
    state = bytearray(_INITIAL)
    schedule = bytearray((80 + 8) * 8)  # and what the rounds leave
    view = memoryview(data)
    whole = len(view) // _BLOCK * _BLOCK
    for start in range(0, whole, _BLOCK):
        _compress(state, schedule, view[start : start + _BLOCK])
    tail = _padded(view[whole:], len(view))
    for start in range(0, len(tail), _BLOCK):
        _compress(state, schedule, memoryview(tail)[start : start + _BLOCK])
    _pack(digest, state, 16)
    for used in (state, schedule, tail):
        used[:] = bytes(len(used))


def _padded(rest: bytes, length: int) -> bytearray:
    """The last one or two blocks: section 5.1.2."""
    tail = bytearray(_BLOCK if len(rest) < _BLOCK - 16 else 2 * _BLOCK)
    tail[: len(rest)] = rest
    tail[len(rest)] = 0x80
    tail[-8:] = (length * 8).to_bytes(8, "big")
    return tail


def _compress(state: bytearray, schedule: bytearray, block: bytes) -> None:
    _unpack(schedule, block, 32)
    _schedule(0, 0, schedule)
    _rounds(0, 0, schedule, _K, state)


def _native(digest: bytearray, data: bytes) -> None:
    hash_into(digest, data, _K, len(data))


if thumb2.here():
    from sealcam.sha512_thumb2 import hash_into

    _hash_into = _native
else:
    _hash_into = _portable
