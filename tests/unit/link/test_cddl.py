# SPDX-License-Identifier: Apache-2.0
"""protocol/link.cddl allows every example of a message, and refuses an unknown key and a field of another kind."""

from pathlib import Path

import pycddl
import pytest
from examples import all_examples

from sealproto.cbor import decode, encode

CDDL = (Path(__file__).parents[3] / "protocol" / "link.cddl").read_text(encoding="utf-8")


def rule(name: str) -> str:
    """`request-leaves` of "request leaves"; `hello` of "suite 1 hello"."""
    return name.split(" ", 2)[2] if name.startswith("suite") else name.replace(" ", "-", 1)


MESSAGES = {
    name: raw
    for name, raw in all_examples()
    if not name.startswith(("frame", "media", "tail")) and " sealed" not in name and "digits" not in name
}


@pytest.mark.parametrize("name", MESSAGES)
def test_cddl(name: str) -> None:
    schema = pycddl.Schema(f"start = {rule(name)}\n{CDDL}")
    schema.validate_cbor(MESSAGES[name])
    value = decode(MESSAGES[name])
    assert isinstance(value, dict)
    wrong = [{**value, 23: 0}, {**value, 0: 22}, {key: item for key, item in value.items() if key != 1}]
    body = value.get(2)
    if isinstance(body, dict) and body:  # the validator takes any map for an empty one; the tables do not
        wrong += [{**value, 2: {**body, 23: 0}}]
        wrong += [{**value, 2: {**body, key: 1 if isinstance(field, str) else "x"}} for key, field in body.items()]
    for item in wrong:
        with pytest.raises(pycddl.ValidationError):
            schema.validate_cbor(encode(item))


def test_every_rule_is_used() -> None:
    rules = {line.split(" = ")[0] for line in CDDL.splitlines() if " = {" in line}
    assert rules - {rule(name) for name in MESSAGES} == {"station-proof", "recorder-proof"}
