# SPDX-License-Identifier: Apache-2.0
"""Health tests of the entropy source (NIST SP 800-90B section 4.4) on samples of one byte.

We claim 4 bits of min-entropy a byte (H = 4), half of what the boards' sources promise, and accept a false alarm once in
2**30 tests (alpha). From these follow the cutoffs:

- repetition count: 1 + ceil(30 / H) = 9 equal samples in a row;
- adaptive proportion, window of 512: 1 + CRITBINOM(512, 2**-H, 1 - alpha) = 71 samples equal to the window's first.
"""

from hashlib import sha256

STARTUP_SAMPLES = 1024  # section 4.3: what a start-up test must see
REPETITION_CUTOFF = 9
PROPORTION_CUTOFF = 71
PROPORTION_WINDOW = 512
_SEQUENCE = 16


class HealthFault(RuntimeError):
    """The entropy source is stuck or strongly biased; nothing drawn from it may be used."""


def check(samples: bytes) -> None:
    """Tests consecutive raw samples. HealthFault when a test fails; ValueError below STARTUP_SAMPLES, since less proves nothing.

    The last window may overlap the one before, so that every sample is tested.
    """
    if len(samples) < STARTUP_SAMPLES:
        raise ValueError("a health test takes at least 1024 samples")
    _repetition_count(samples)
    _sequence(samples)
    last = len(samples) - PROPORTION_WINDOW
    for start in range(0, last, PROPORTION_WINDOW):
        _adaptive_proportion(samples, start)
    _adaptive_proportion(samples, last)


def check_draw(samples: bytes, last: bytes) -> None:
    """The continuous tests of a short draw. `last`: SHA-256 of the first 32 bytes of the draw before, or nothing. HealthFault."""
    _repetition_count(samples)
    if sha256(samples[:32]).digest() == last:
        raise HealthFault("the entropy source gives the same again")


def _repetition_count(samples: bytes) -> None:
    previous, run = -1, 0
    for sample in samples:
        run = run + 1 if sample == previous else 1
        previous = sample
        if run >= REPETITION_CUTOFF:
            raise HealthFault("the entropy source repeats itself")


def _sequence(samples: bytes) -> None:
    """A source that gives the same sequence over and over passes both tests of the standard: each value comes as often as it should.

    With 4 bits a byte 16 samples come again by chance once in 2**54 start-up tests.
    """
    if bytes(samples).find(bytes(samples[:_SEQUENCE]), 1) >= 0:
        raise HealthFault("the entropy source repeats a sequence")


def _adaptive_proportion(samples: bytes, start: int) -> None:
    first = samples[start]
    count = 0
    for i in range(start, start + PROPORTION_WINDOW):
        count += samples[i] == first
    if count >= PROPORTION_CUTOFF:
        raise HealthFault("the entropy source is biased")
