# SPDX-License-Identifier: Apache-2.0
"""Answers on MicroPython what test_agreement.py asks: one line "NAME HEX HEX ..." in, one line of hexadecimal out."""

import sys
from binascii import hexlify, unhexlify

from sealcam.crypto.hkdf import expand, extract
from sealcam.crypto.hmac_sha256 import hmac
from sealcam.ed25519 import Key, verify
from sealcam.sha512 import sha512
from sealcam.x25519 import public, x25519


def sign(seed: bytes, message: bytes) -> bytes:
    key = Key(seed)
    return key.public + key.sign(message, b"")


def hedged(seed: bytes, message: bytes, noise: bytes) -> bytes:
    return Key(seed).sign(message, noise)


def check(key: bytes, message: bytes, signature: bytes) -> bytes:
    return b"\x01" if verify(key, message, signature) else b"\x00"


def derive(salt: bytes, ikm: bytes, info: bytes) -> bytes:
    return expand(extract(salt, ikm), info, 77)


ANSWERS = {
    "sign": sign,
    "hedged": hedged,
    "verify": check,
    "sha512": sha512,
    "public": public,
    "agree": x25519,
    "hmac": hmac,
    "derive": derive,
}

for line in sys.stdin:
    name, *arguments = line.rstrip("\n").split(" ")
    print(hexlify(ANSWERS[name](*[unhexlify(argument) for argument in arguments])).decode())
