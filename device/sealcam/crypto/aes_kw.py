# SPDX-License-Identifier: Apache-2.0
"""AES Key Wrap (RFC 3394) on the interpreter's AES in ECB mode.

A board without `cryptolib` never calls this: it records unencrypted and its certificate says so.
"""

try:
    from cryptolib import aes
except ImportError:
    aes = None  # type: ignore[misc]

_ECB = 1
_INTEGRITY = b"\xa6" * 8  # RFC 3394 section 2.2.3.1


def wrap(kek: bytes, key: bytes) -> bytes:
    """key (16 bytes or more, a multiple of 8) wrapped under kek (16 or 32 bytes); 8 bytes longer. ValueError for other lengths."""
    _check_lengths(kek, len(key))
    cipher = aes(kek, _ECB)
    a = _INTEGRITY
    r = bytearray(key)
    t = 0
    for _ in range(6):
        for i in range(0, len(r), 8):
            t += 1
            block = cipher.encrypt(a + r[i : i + 8])
            a = _xor(block[:8], t)
            r[i : i + 8] = block[8:]
    return a + bytes(r)


def unwrap(kek: bytes, wrapped: bytes) -> bytes:
    """The key that wrap() was given. ValueError for wrong lengths and for anything that kek did not wrap."""
    _check_lengths(kek, len(wrapped) - 8)
    cipher = aes(kek, _ECB)
    a = bytes(wrapped[:8])
    r = bytearray(wrapped[8:])
    t = 6 * len(r) // 8
    for _ in range(6):
        for i in range(len(r) - 8, -1, -8):
            block = cipher.decrypt(_xor(a, t) + r[i : i + 8])
            t -= 1
            a = block[:8]
            r[i : i + 8] = block[8:]
    if a != _INTEGRITY:
        raise ValueError("the wrapped key is not intact")
    return bytes(r)


def _check_lengths(kek: bytes, key_bytes: int) -> None:
    if len(kek) not in (16, 32) or key_bytes < 16 or key_bytes % 8:
        raise ValueError("key wrap takes a key of 16, 24, 32 ... bytes under one of 16 or 32")


def _xor(a: bytes, t: int) -> bytes:
    return bytes([x ^ y for x, y in zip(a, t.to_bytes(8, "big"))])
