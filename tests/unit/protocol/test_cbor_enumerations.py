# SPDX-License-Identifier: Apache-2.0
"""The host's enumerations are encoded as the numbers that they name."""

from enum import IntEnum

import pytest

from sealproto.cbor import encode


class Named(IntEnum):
    ZERO = 0
    LONG = 2**32
    BELOW = -500


@pytest.mark.parametrize("number", list(Named))
def test_a_name_is_spelled_as_its_number(number: Named) -> None:
    assert encode(number) == encode(number.value)
