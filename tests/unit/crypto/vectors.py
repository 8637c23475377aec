# SPDX-License-Identifier: Apache-2.0
"""Reads test vectors under MicroPython."""

import json
from binascii import unhexlify


def load(path: str):
    with open(path) as file:
        return json.load(file)


def wycheproof(name: str) -> list:
    """(group, test) pairs of one file."""
    groups = load("tests/vectors/wycheproof/" + name)["testGroups"]
    return [(group, test) for group in groups for test in group["tests"]]


def octets(text: str) -> bytes:
    return unhexlify(text)


def raises(kind, function, *arguments) -> bool:
    try:
        function(*arguments)
    except kind:
        return True
    return False
