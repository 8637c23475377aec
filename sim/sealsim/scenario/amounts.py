# SPDX-License-Identifier: Apache-2.0
"""Amounts as people write them: `20 s`, `3 min`, `3400 mV`, `12 %`, `64 MiB`."""

import re

from sealsim.scenario.tree import Node

_UNITS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_AMOUNT = re.compile(r"(-?\d+(?:\.\d+)?)\s*([A-Za-z%°]+)")


def amount(node: Node, *units: str) -> tuple[float, str]:
    """A number with one of these units."""
    found = _AMOUNT.fullmatch(str(node.value).strip())
    if not found or found[2] not in units:
        raise node.wrong(f"an amount in {' or '.join(units)} belongs here, such as 5 {units[0]}")
    return float(found[1]), found[2]


def time_ms(node: Node) -> int:
    """A length of time in ms."""
    number, unit = amount(node, *_UNITS)
    if number < 0:
        raise node.wrong("time does not go back")
    return round(number * _UNITS[unit])


def mebibytes(node: Node) -> int:
    """A size in bytes."""
    return round(amount(node, "MiB")[0] * 1024 * 1024)
