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
def _schedule(w: ptr32):
    """Extends the 16 message words (32 halves) to 80 (160 halves): section 6.4.2, step 1."""
    mask = uint(1)
    mask = (mask << 16 << 16) - 1
    i = 64
    while i > 0:
        p = uint(w[2])
        q = uint(w[3])
        h = uint(w[28])
        n = uint(w[29])
        x = ((q >> 1 | p << 31) ^ (q >> 8 | p << 24) ^ (q >> 7 | p << 25)) & mask
        y = ((n >> 19 | h << 13) ^ (h >> 29 | n << 3) ^ (n >> 6 | h << 26)) & mask
        a = uint(w[1])
        b = uint(w[19])
        low = (x + y + a + b) & mask
        carry = (x >> 3) + (y >> 3) + (a >> 3) + (b >> 3) - (low >> 3) + 8 >> 29
        w[33] = low
        x = (p >> 1 | q << 31) ^ (p >> 8 | q << 24) ^ p >> 7
        w[32] = ((h >> 19 | n << 13) ^ (n >> 29 | h << 3) ^ h >> 6) + x + carry + w[0] + w[18]
        w = ptr32(int(w) + 8)
        i -= 1


@micropython.viper
def _rounds(w: ptr32, k: ptr32, state: ptr32):
    """The 80 rounds and the addition to the state: section 6.4.2, steps 2 to 4. Names end in h and l: high and low half.

    Sums of low halves: each operand's eighth, added up, tells from the eighth of the sum how often it passed 2**32.
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
        x = ((el >> 14 | eh << 18) ^ (el >> 18 | eh << 14) ^ (eh >> 9 | el << 23)) & mask
        y = (fl ^ gl) & el ^ gl
        u = uint(w[1])
        v = uint(k[1])
        tl = (x + y + u + v + hl) & mask
        carry = (x >> 3) + (y >> 3) + (u >> 3) + (v >> 3) + (hl >> 3) - (tl >> 3) + 8 >> 29
        th = (eh >> 14 | el << 18) ^ (eh >> 18 | el << 14) ^ (el >> 9 | eh << 23)
        th = th + ((fh ^ gh) & eh ^ gh) + hh + w[0] + k[0] + carry
        hh = gh
        hl = gl
        gh = fh
        gl = fl
        fh = eh
        fl = el
        el = (dl + tl) & mask
        eh = dh + th
        if el < tl:
            eh += 1
        eh &= mask
        dh = ch
        dl = cl
        ch = bh
        cl = bl
        bh = ah
        bl = al
        x = ((ah >> 28 | al << 4) ^ (al >> 2 | ah << 30) ^ (al >> 7 | ah << 25)) + th
        u = ((al >> 28 | ah << 4) ^ (ah >> 2 | al << 30) ^ (ah >> 7 | al << 25)) & mask
        # Of three numbers the majority is b ^ ((a ^ b) & (b ^ c)); the next round's b ^ c is this one's a ^ b.
        y = ah ^ ch
        x += y & mh ^ ch
        mh = y
        v = al ^ cl
        y = v & ml ^ cl
        ml = v
        al = (u + y + tl) & mask
        carry = (u >> 3) + (y >> 3) + (tl >> 3) - (al >> 3) + 8 >> 29
        ah = (x + carry) & mask
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
    _schedule(schedule)
    _rounds(schedule, _K, state)


def _native(digest: bytearray, data: bytes) -> None:
    hash_into(digest, data, _K, len(data))


if thumb2.here():
    from sealcam.sha512_thumb2 import hash_into

    _hash_into = _native
else:
    _hash_into = _portable
