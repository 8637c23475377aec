# SPDX-License-Identifier: Apache-2.0
"""The cutoffs of the entropy source's health tests, worked out from NIST SP 800-90B section 4.4 in exact fractions."""

import importlib.util
from fractions import Fraction
from math import ceil, comb
from pathlib import Path
from types import ModuleType

HEALTH = Path(__file__).parents[3] / "device" / "sealcam" / "crypto" / "health.py"
H = 4  # bits of min-entropy a sample that we claim
ALPHA_BITS = 30  # one false alarm in 2**30


def health() -> ModuleType:
    spec = importlib.util.spec_from_file_location("recorder_health", HEALTH)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def critical_binomial(n: int, p: Fraction, share: Fraction) -> int:
    """The least k for which k or fewer of n come with at least this probability."""
    total = Fraction(0)
    for k in range(n + 1):
        total += comb(n, k) * p**k * (1 - p) ** (n - k)
        if total >= share:
            return k
    raise AssertionError


def test_repetition_count() -> None:
    cutoff = 1 + ceil(Fraction(ALPHA_BITS, H))
    assert cutoff == health().REPETITION_CUTOFF


def test_adaptive_proportion() -> None:
    module = health()
    assert module.PROPORTION_WINDOW == 512  # section 4.4.2, of sources that are not binary
    cutoff = 1 + critical_binomial(512, Fraction(1, 2**H), 1 - Fraction(1, 2**ALPHA_BITS))
    assert cutoff == module.PROPORTION_CUTOFF


def test_start_up_sees_what_the_standard_asks() -> None:
    assert health().STARTUP_SAMPLES >= 1024  # section 4.3


def test_a_sequence_comes_again_by_chance_less_than_the_other_tests_alarm() -> None:
    module = health()
    assert Fraction(module.STARTUP_SAMPLES, 2 ** (H * module._SEQUENCE)) <= Fraction(1, 2**ALPHA_BITS)
