# SPDX-License-Identifier: Apache-2.0
"""The random generator and the health tests of its source."""

from hashlib import sha256
from os import urandom

from sealcam.crypto.drbg import Drbg
from sealcam.crypto.health import STARTUP_SAMPLES, HealthFault, check, check_draw
from vectors import octets, raises

# NIST CAVP, HMAC_DRBG, SHA-256, no reseed, no prediction resistance, count 0: the second of two calls for 1024 bits.
ENTROPY = "ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488"
NONCE = "659ba96c601dc69fc902940805ec0ca8"
RETURNED = (
    "e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89"
    "d54fbb978a15b5c443c9ec21036d2460b6f73ebad0dc2aba6e624abf07745bc1"
    "07694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668"
    "961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8"
)


def drbg(personalization: bytes = b"") -> Drbg:
    return Drbg(octets(ENTROPY), octets(NONCE), personalization)


def test_cavp_vector():
    generator = drbg()
    generator.random(128)
    assert generator.random(128) == octets(RETURNED)


def test_every_input_matters():
    first = drbg().random(32)
    assert first == drbg().random(32)
    assert first != drbg(b"another recorder").random(32)
    assert first != Drbg(octets(ENTROPY), bytes(16), b"").random(32)
    reseeded = drbg()
    reseeded.reseed(bytes(32))
    with_more = drbg()
    with_more.reseed(bytes(32), b"salt of the dock")
    assert len({first, reseeded.random(32), with_more.random(32)}) == 3


def test_state_after_a_call_does_not_give_the_output_again():
    generator = drbg()
    first = generator.random(32)
    assert generator.random(32) != first
    assert first not in (generator._key, generator._value)


def test_an_empty_request_ratchets_too():
    generator = drbg()
    generator.random(0)
    assert generator.random(32) != drbg().random(32)


def test_lengths():
    assert [len(drbg().random(n)) for n in (0, 1, 31, 32, 33, 1000)] == [0, 1, 31, 32, 33, 1000]
    assert raises(ValueError, drbg().random, 65537)
    assert raises(ValueError, drbg().random, -1)
    assert raises(ValueError, Drbg, bytes(31), bytes(16), b"")
    assert raises(ValueError, Drbg, bytes(32), bytes(15), b"")
    assert raises(ValueError, drbg().reseed, bytes(31))


def even() -> bytearray:
    """4096 samples without any flaw: each value 16 times, never twice in a row, no sequence twice."""
    return bytearray([i * (37 + 2 * (i >> 8)) & 255 for i in range(4096)])


def test_a_good_source_passes():
    check(bytes(even()))
    check(urandom(8192))


def test_repetition_count():
    """Cutoff 9: eight equal samples pass, nine do not, wherever they are."""
    for start in (0, 500, 508, 2000, 4096 - 9):
        samples = even()
        samples[start : start + 8] = b"\xaa" * 8
        if start:
            samples[start - 1] = 0
        samples[start + 8] = 1
        check(samples)
        samples[start + 8] = 0xAA
        assert raises(HealthFault, check, samples), start


def test_adaptive_proportion():
    """Cutoff 71 in a window of 512: 70 samples equal to the first pass, 71 do not."""
    samples = bytearray([i * (37 + 2 * (i >> 7)) & 127 | 128 for i in range(1024)])
    for i in range(70):
        samples[512 + 5 * i] = 7
    check(samples)
    samples[512 + 5 * 70] = 7
    assert raises(HealthFault, check, samples)


def test_a_sequence_that_comes_again_fails_although_each_value_comes_as_often_as_it_should():
    for period in (16, 40, 256, 1000):
        samples = bytes([(n * n * 7 + n // 5) & 255 for n in range(period)]) * (1024 // period + 1)
        assert raises(HealthFault, check, samples[:1024]), period


def test_each_draw_is_tested_as_it_comes():
    draw = bytes(range(48))
    check_draw(draw, b"")
    check_draw(draw, bytes(32))
    assert raises(HealthFault, check_draw, draw, sha256(draw[:32]).digest())
    assert raises(HealthFault, check_draw, bytes(48), b"")


def test_the_last_window_is_tested():
    samples = bytearray([i * 37 & 127 | 128 for i in range(1024 + 300)])
    for i in range(71):
        samples[len(samples) - 512 + 5 * i] = 7
    assert raises(HealthFault, check, samples)


def test_stuck_sources():
    assert raises(HealthFault, check, bytes(STARTUP_SAMPLES))
    assert raises(HealthFault, check, b"\xff" * STARTUP_SAMPLES)
    assert raises(HealthFault, check, b"\x00\xff" * STARTUP_SAMPLES)


def test_too_few_samples_prove_nothing():
    assert raises(ValueError, check, urandom(STARTUP_SAMPLES - 1))
    assert raises(ValueError, check, b"")
