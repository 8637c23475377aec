# SPDX-License-Identifier: Apache-2.0
"""Signed nonsense: whoever holds a key may sign anything, and the verifier answers instead of falling over.

Seeds are fixed, so a failure repeats; `FUZZ_ROUNDS=100000 pytest` looks further.
"""

import os
import random
from collections.abc import Callable

import pytest
from tests.packages import Made, split
from tests.unit.verify.attacks import bent, resign, rewrite_from

from sealdock.keys import SigningKey
from sealdock.package.layout import Proofs
from sealdock.report import render
from sealdock.verify import verify_files
from sealproto import cbor, cose
from sealproto import records as rec
from sealproto.shape import fits

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "60"))
NONSENSE: tuple[object, ...] = (
    None, True, 0, 1, -1, 255, 2**63, 2**64 - 1, b"", b"x" * 16, b"x" * 32, b"x" * 64, "", "<b>", [], [[]], [None], [1, 2], [{}, {}],
    [None, None], [[0, 0, 0], [0, 0, 0]], [[1, True]], [b"x", b"y"], [["a", 1, b"x"]], [[b"", b""]], {}, {0: None}, {1: "x"}, {23: []},
)  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Made:
    return Made().everything()


def answers(files: dict[str, bytes], made: Made) -> None:
    """A verdict and a report come out, whatever they say."""
    render(verify_files(files, made.root))


@pytest.mark.parametrize("seed", range(4))
def test_records_signed_by_the_recorder(made: Made, seed: int) -> None:
    rng = random.Random(seed)
    original = made.files()
    items = split(original["records.cbor"])
    for _ in range(ROUNDS // 4):
        at = rng.randrange(1, len(items))
        record = rec.Record(items[at])
        assert record.fields
        name, kind = rng.choice(rec.BODIES[record.type])
        bare = kind.rstrip("~-")
        value = rng.choice([n for n in NONSENSE if fits(bare, n)] or [bytes(int(bare[1:] or 0))])
        utc = rng.choice([record.utc, None, [0, 0, 0], [2**63, 1, 2**63]])
        files = dict(original)
        raw = resign(items[at], made.builder.signers[record.seq], body=bent(record, **{name: value}), utc=utc)
        rewrite_from(made, files, at, raw)
        made.sign(files)
        answers(files, made)


def mutated(rng: random.Random, value: object, depth: int = 0) -> object:
    """The value with one thing inside replaced, left out or added."""
    if depth and rng.random() < 0.3:
        return rng.choice(NONSENSE)
    if isinstance(value, list) and value:
        at = rng.randrange(len(value))
        return rng.choice(
            ([*value[:at], mutated(rng, value[at], depth + 1), *value[at + 1 :]], value[:at] + value[at + 1 :], [*value, None])
        )
    if isinstance(value, dict) and value:
        key = rng.choice(sorted(value))
        return {**value, key: mutated(rng, value[key], depth + 1)}
    return rng.choice(NONSENSE)


def object_of(rng: random.Random, raw: bytes, key: SigningKey) -> bytes:
    message = cose.parse(raw)
    return cose.sign1(message.content_type, key.kid, cbor.encode(mutated(rng, cbor.decode(message.payload))), key.sign)


def _item(name: str) -> Callable[[random.Random, Made, dict[str, bytes]], None]:
    def change(rng: random.Random, made: Made, files: dict[str, bytes]) -> None:
        files[name] = cbor.encode(mutated(rng, cbor.decode(files[name])))

    return change


def _receipt(rng: random.Random, made: Made, files: dict[str, bytes]) -> None:
    proofs = Proofs.decode(files["proofs.cbor"])
    raw, hashes = proofs.receipts[0]
    proofs.receipts[0] = (object_of(rng, raw, made.bureau.station), hashes)
    files["proofs.cbor"] = proofs.encode()


def _clips(rng: random.Random, made: Made, files: dict[str, bytes]) -> None:
    prompt_set, clips = split(files["prompts.cbor"])
    files["prompts.cbor"] = rng.choice(
        (object_of(rng, prompt_set, made.bureau.station) + clips, prompt_set + cbor.encode(mutated(rng, cbor.decode(clips))))
    )


def _profile(rng: random.Random, made: Made, files: dict[str, bytes]) -> None:
    files["profile.cbor"] = object_of(rng, files["profile.cbor"], made.bureau.signer)


def _certificate(rng: random.Random, made: Made, files: dict[str, bytes]) -> None:
    items = split(files["certificates.cbor"])
    at = rng.randrange(len(items))
    signer = made.bureau.station if at == len(items) - 2 else made.bureau.root
    items[at] = object_of(rng, items[at], signer)
    files["certificates.cbor"] = b"".join(items)


@pytest.mark.parametrize("change", [_item("keys.cbor"), _item("proofs.cbor"), _receipt, _clips, _profile, _certificate])
def test_objects_signed_by_the_bureau(made: Made, change: Callable[[random.Random, Made, dict[str, bytes]], None]) -> None:
    rng = random.Random(7)
    original = made.files()
    for _ in range(ROUNDS // 5):
        files = dict(original)
        change(rng, made, files)
        made.sign(files)
        answers(files, made)


def test_manifests_signed_by_the_station(made: Made) -> None:
    rng = random.Random(9)
    original = made.files()
    for _ in range(ROUNDS // 3):
        answers({**original, "manifest.cbor": object_of(rng, original["manifest.cbor"], made.bureau.station)}, made)
