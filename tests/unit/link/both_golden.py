# SPDX-License-Identifier: Apache-2.0
"""protocol/vectors/link.json is what every interpreter makes; one without AES leaves out suite 1.

`python tests/unit/link/both_golden.py` writes it anew.
"""

import json
import sys

from examples import ANSWERS, REQUESTS, all_examples
from peers import SUITES

from sealproto import messages
from sealproto.suites import AES_CBC

PATH = __file__[: -len("tests/unit/link/both_golden.py")] + "protocol/vectors/link.json"


def golden() -> list:
    with open(PATH) as file:
        examples = [(item["name"], item["bytes"]) for item in json.load(file)["examples"]]
    return examples if AES_CBC in SUITES else [item for item in examples if not item[0].startswith("suite 1 ")]


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
