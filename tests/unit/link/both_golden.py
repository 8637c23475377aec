# SPDX-License-Identifier: Apache-2.0
"""protocol/vectors/link.json is what both interpreters make. `python tests/unit/link/both_golden.py` writes it anew."""

import json
import sys

from examples import ANSWERS, REQUESTS, all_examples

from sealproto import messages

_HERE = __file__.rsplit("/", 1)[0] if "/" in __file__ else "."
PATH = _HERE + "/../../../protocol/vectors/link.json"


def golden() -> list:
    with open(PATH) as file:
        return [(item["name"], item["bytes"]) for item in json.load(file)["examples"]]


def test_examples_are_complete():
    assert set(REQUESTS) == set(messages.REQUESTS)
    assert set(ANSWERS) == set(messages.ANSWERS)


def test_vectors_are_what_the_code_makes():
    made = [(name, raw.hex()) for name, raw in all_examples()]
    for one, other in zip(made, golden()):
        assert one == other, one[0]
    assert len(made) == len(golden())


if __name__ == "__main__" and sys.implementation.name == "cpython":
    entries = [{"name": name, "bytes": raw.hex()} for name, raw in all_examples()]
    with open(PATH, "w", encoding="utf-8") as out:
        out.write(json.dumps({"examples": entries}, indent=1) + "\n")
