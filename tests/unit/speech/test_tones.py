# SPDX-License-Identifier: Apache-2.0
"""Bursts of the hand-over in white noise and in speech as loud as themselves, with a clock that is 100 ppm off, near and far."""

import pytest
from tests.bench.tones import Ears


@pytest.fixture(scope="module")
def ears(micropython: object) -> Ears:
    return Ears(7)


@pytest.mark.parametrize("kind", ["white", "speech"])
def test_as_loud_as_the_noise(ears: Ears, kind: str) -> None:
    assert ears.heard(0, kind, 8) == 8


@pytest.mark.parametrize("gain", [1.0, 0.003])
def test_near_and_far(ears: Ears, gain: float) -> None:
    assert ears.heard(3, "white", 5, gain) == 5


def test_drowned_bursts_are_not_heard(ears: Ears) -> None:
    """The control: otherwise the noise is not where it should be."""
    assert ears.heard(-20, "white", 3) == 0


def test_speech_alone_is_no_burst(ears: Ears) -> None:
    assert ears.listen(ears.noise("speech", 300 * 16_000, 4e6)) == (0, 0)
