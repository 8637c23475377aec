# SPDX-License-Identifier: Apache-2.0
"""The recorder's cryptography under MicroPython gives the bytes that CPython's libraries give."""

import hashlib
import hmac
import os
import random
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from make_tricks import BASE, L, encode, text, times
from nacl.signing import SigningKey

from sealdock.keys import check_signature, second_opinion

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
DRAW = random.Random(25519)  # the same cases in every run


def ask(micropython: Path, questions: Iterable[tuple[str, tuple[bytes, ...]]]) -> list[bytes]:
    lines = "".join(" ".join([name, *[argument.hex() for argument in arguments]]) + "\n" for name, arguments in questions)
    done = subprocess.run(
        [str(micropython), "-X", "heapsize=4m", "tests/unit/crypto/answer.py"],
        cwd=ROOT,
        env={**os.environ, "MICROPYPATH": "device:.frozen"},
        input=lines,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return [bytes.fromhex(line) for line in done.stdout.splitlines()]


def messages(count: int) -> list[bytes]:
    return [DRAW.randbytes(DRAW.choice((0, 1, 31, 32, 63, 64, 111, 112, 127, 128, DRAW.randrange(700)))) for _ in range(count)]


def test_10_000_signatures_agree_with_two_libraries(micropython: Path) -> None:
    cases = [(DRAW.randbytes(32), message) for message in messages(10_000)]
    answers = ask(micropython, [("sign", case) for case in cases])
    assert len(answers) == len(cases)
    for (seed, message), answer in zip(cases, answers, strict=True):
        key = SigningKey(seed)
        assert answer == bytes(key.verify_key) + key.sign(message).signature
        assert answer[32:] == Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def test_hedged_signatures_satisfy_both_libraries(micropython: Path) -> None:
    cases = [(DRAW.randbytes(32), message, DRAW.randbytes(DRAW.randrange(16, 96))) for message in messages(50)]
    for (seed, message, noise), signature in zip(cases, ask(micropython, [("hedged", case) for case in cases]), strict=True):
        public = bytes(SigningKey(seed).verify_key)
        check_signature(public, message, signature)
        second_opinion(public, message, signature)
        assert signature[:32] == hedged_r(seed, message, noise)


def hedged_r(seed: bytes, message: bytes, noise: bytes) -> bytes:
    """R from the documented construction: a block of prefix, noise, zeros and the noise's length, then the message."""
    prefix = hashlib.sha512(seed).digest()[32:]
    block = (prefix + noise).ljust(127, b"\0") + bytes([len(noise)])
    return encode(times(int.from_bytes(hashlib.sha512(block + message).digest(), "little") % L, BASE))


def test_verdicts_on_signatures_of_libsodium(micropython: Path) -> None:
    questions, expected = [], []
    for message in messages(100):
        key = SigningKey(DRAW.randbytes(32))
        signature = bytearray(key.sign(message).signature)
        wrong = DRAW.random() < 0.5
        if wrong:
            signature[DRAW.randrange(64)] ^= 1 << DRAW.randrange(8)
        questions.append(("verify", (bytes(key.verify_key), message, bytes(signature))))
        expected.append(bytes([not wrong]))
    assert ask(micropython, questions) == expected


def test_sha512_of_every_length(micropython: Path) -> None:
    cases = [DRAW.randbytes(n) for n in [*range(300), 1000, 4095, 4096, 4097]] + [b"\xff" * n for n in range(0, 300, 7)]
    assert ask(micropython, [("sha512", (case,)) for case in cases]) == [hashlib.sha512(case).digest() for case in cases]


def test_agreement_on_x25519(micropython: Path) -> None:
    cases = [(DRAW.randbytes(32), DRAW.randbytes(32)) for _ in range(100)]
    publics = ask(micropython, [("public", (scalar,)) for scalar, _ in cases])
    secrets = ask(micropython, [("agree", case) for case in cases])
    for (scalar, u), public, secret in zip(cases, publics, secrets, strict=True):
        key = X25519PrivateKey.from_private_bytes(scalar)
        assert public == key.public_key().public_bytes_raw()
        assert secret == key.exchange(X25519PublicKey.from_public_bytes(u))


def test_hmac_and_hkdf(micropython: Path) -> None:
    cases = [(DRAW.randbytes(n), DRAW.randbytes(3 * n), DRAW.randbytes(n // 2)) for n in range(0, 140, 3)]
    tags = ask(micropython, [("hmac", case) for case in cases])
    keys = ask(micropython, [("derive", case) for case in cases])
    for (first, second, third), tag, key in zip(cases, tags, keys, strict=True):
        assert tag == hmac.digest(first, second + third, "sha256")
        assert key == HKDF(SHA256(), 77, first, third).derive(second)


def test_the_tricks_are_what_their_maker_makes() -> None:
    assert (HERE / "tricks.json").read_text(encoding="ascii") == text()


@pytest.mark.parametrize("line", ["sign 00 00", "agree " + "00" * 32 + " " + "00" * 32])
def test_errors_are_seen(micropython: Path, line: str) -> None:
    name, *arguments = line.split(" ")
    with pytest.raises(AssertionError, match="ValueError"):
        ask(micropython, [(name, tuple(bytes.fromhex(argument) for argument in arguments))])
