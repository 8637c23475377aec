# SPDX-License-Identifier: Apache-2.0
"""SHA-512 on the recorder against FIPS 180-4; test_agreement.py compares every length with CPython."""

from binascii import hexlify

from sealcam.sha512 import sha512

ABC = b"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
TWO_BLOCKS = (
    b"8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"
)
EMPTY = b"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"


def test_fips_180_4():
    text = b"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"
    assert hexlify(sha512(b"")) == EMPTY
    assert hexlify(sha512(b"abc")) == ABC
    assert hexlify(sha512(text)) == TWO_BLOCKS


def test_buffers_of_other_types():
    assert hexlify(sha512(bytearray(b"abc"))) == ABC
    assert hexlify(sha512(memoryview(b"xabcx")[1:4])) == ABC


def test_carries():
    """All ones everywhere: each 16-bit sum overflows."""
    assert hexlify(sha512(b"\xff" * 128))[:16] == b"5acaf06f5dd1d107"
