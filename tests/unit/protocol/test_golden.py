# SPDX-License-Identifier: Apache-2.0
"""Golden vectors: they are complete, they are what the code makes, and the CDDL allows them and nothing close to them."""

from pathlib import Path

import pycddl
import pytest
from nacl.bindings import crypto_sign_open
from tests import golden

from sealproto import cose, objects, records
from sealproto.cbor import decode, encode

CDDL = (Path(golden.PATH).parent.parent / "sealdock.cddl").read_text()
EXAMPLES = golden.examples()


def schema(rule: str) -> pycddl.Schema:
    return pycddl.Schema(f"start = {rule}\n{CDDL}")


def kind(name: str) -> str:
    return name.split()[0]


def payload_rule(name: str) -> str:
    """The rule of one payload; for records the narrowest one, since the validator is lax inside a choice of maps."""
    narrow = name.removeprefix("record ").removesuffix(" given-up")
    return ("receipt-held" if name == "record receipt" else narrow) + "-payload"


def test_vector_file_is_what_the_code_makes() -> None:
    assert golden.PATH.read_text() == golden.document()


def test_every_type_has_a_vector() -> None:
    assert set(golden.BODIES) == set(records.BODIES) == set(range(len(records.NAMES)))
    assert set(golden.OBJECTS) == set(objects.TABLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_cddl_allows_it(name: str) -> None:
    message = cose.parse(EXAMPLES[name])
    schema(kind(name) + "-header").validate_cbor(cose.protected_header(message.content_type, message.kid))
    for rule in {kind(name) + "-payload", payload_rule(name)}:
        schema(rule).validate_cbor(message.payload)
    assert crypto_sign_open(message.signature + message.signed, golden.PUBLIC) == message.signed


@pytest.mark.parametrize("name", EXAMPLES)
def test_cddl_refuses_an_unknown_key_and_a_wrong_kind(name: str) -> None:
    rule = schema(payload_rule(name))
    payload = decode(cose.parse(EXAMPLES[name]).payload)
    wrong = [{**payload, 23: 0}, {**payload, 0: "1"}]
    if kind(name) == "record":
        body = payload[8]
        wrong += [{**payload, 8: {**body, 23: 0}}, {**payload, 8: {**body, 0: False}}]
    for value in wrong:
        with pytest.raises(pycddl.ValidationError):
            rule.validate_cbor(encode(value))


@pytest.mark.parametrize("number", golden.BODIES)
def test_every_record_reads_back(number: int) -> None:
    record = records.Record(golden.record(number))
    assert record.understood
    given = golden.BODIES[number]
    assert {name: value for name, value in record.fields.items() if value is not None or name in given} == given
