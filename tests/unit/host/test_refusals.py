# SPDX-License-Identifier: Apache-2.0
"""What chain, trust, sealing and packages refuse at the station, one branch after the other."""

import copy
from hashlib import sha256

import pytest
from tests.chainbuilder import START_UTC, Bureau, ChainBuilder
from tests.unit.verify.attacks import resign

from sealdock import chain, keys, sealing, trust
from sealdock.chain import ChainError, Position
from sealdock.errors import SealdockError
from sealdock.keys import AgreementKey, Keyring, SigningKey
from sealdock.package import canonical_zip, layout
from sealdock.trust import TrustError, TrustStore
from sealproto import cbor, cose, objects
from sealproto import records as rec


@pytest.fixture
def builder() -> ChainBuilder:
    made = ChainBuilder()
    made.boot()
    made.mark_outside()
    return made


def behind(builder: ChainBuilder, count: int) -> Position:
    at = chain.begin(builder.records[0])[1]
    for raw in builder.records[1:count]:
        at = chain.follow(at, raw)[1]
    return at


# The chain


def test_a_chain_begins_with_genesis_and_nothing_else(builder: ChainBuilder) -> None:
    genesis = builder.records[0]
    with pytest.raises(ChainError, match="does not begin with a genesis"):
        chain.begin(builder.records[1])
    for changed in ({"seq": 1}, {"prev": bytes([1] * 32)}, {"chain": bytes(32)}):
        with pytest.raises(ChainError, match="does not begin a chain"):
            chain.begin(resign(genesis, builder.identity, **changed))
    with pytest.raises(ChainError, match="not signed by the key"):
        chain.begin(resign(genesis, builder.epoch_key))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"chain": bytes(32)}, "another chain"),
        ({"seq": 5}, "came where 2 was due"),
        ({"prev": bytes(32)}, "another history"),
        ({"boot": 0}, "older than the one before"),
        ({"ms": 1}, "older than the one before"),
        ({"type": rec.GENESIS}, "second genesis"),
    ],
)
def test_a_record_that_does_not_follow_is_refused(builder: ChainBuilder, changed: dict, why: str) -> None:
    with pytest.raises(ChainError, match=why):
        chain.follow(behind(builder, 2), resign(builder.records[2], builder.epoch_key, **changed))


def test_an_epoch_that_is_left_out_is_refused(builder: ChainBuilder) -> None:
    builder.epoch += 1
    builder.rotate()
    with pytest.raises(ChainError, match="names epoch 2 after 0"):
        chain.follow(behind(builder, 3), builder.records[3])


def test_two_branches_under_one_key_both_follow_and_only_their_place_tells(builder: ChainBuilder) -> None:
    """Proof of a doubled recorder: each alone is sound, which is why the station keeps both and refuses."""
    clone = copy.copy(builder)
    clone.records = list(builder.records)
    builder.mark_outside()
    clone.advance(10)
    clone.mark_outside()
    at = behind(builder, 3)
    heads = {chain.follow(at, made.records[3])[1].head for made in (builder, clone)}
    assert len(heads) == 2


# Trust


def test_certificates_and_lists_of_a_wrong_form() -> None:
    bureau = Bureau()
    store = TrustStore(bureau.root.public)
    about = {"serial": 1, "valid_from": START_UTC, "until": START_UTC + 1}
    with pytest.raises(TrustError, match="unknown role"):
        trust.read_certificate(trust.issue(bureau.root, 9, bytes(32), **about))
    with pytest.raises(TypeError, match="colour"):
        trust.issue(bureau.root, objects.STATION, bytes(32), **about, colour=1)
    with pytest.raises(TrustError, match="names no chain"):
        store.add(trust.issue(bureau.root, objects.RECORDER, bytes(32), **about))
    with pytest.raises(TrustError, match="not a revocation list"):
        store.set_revocations(bureau.certificates[0])
    with pytest.raises(TrustError, match="not a receipt"):
        store.read(cose.RECEIPT, bureau.certificates[0])
    for entry in ([bytes(8), "x", None, 1], [bytes(8), None, "x", 1], [bytes(8), None, None, None], [8, None, None, 1]):
        with pytest.raises(TrustError, match="malformed entry"):
            store.set_revocations(trust.issue_revocations(bureau.root, 2, START_UTC, [entry]))


def test_a_second_genesis_of_one_identity_certified_or_not_is_another_chain() -> None:
    bureau = Bureau()
    first = ChainBuilder(bureau)
    second = ChainBuilder(bureau, identity=first.identity)
    assert first.chain != second.chain
    store = TrustStore(bureau.root.public)
    store.add_all([*first.certificates, second.certificate])
    found = [store.recorder(made.chain) for made in (first, second)]
    assert all(found) and len({c.chain for c in found if c}) == 2 and len({c.key for c in found if c}) == 1


# Keys and media


def test_agreement_wants_a_key_of_the_right_length_and_order() -> None:
    key = AgreementKey.generate()
    for wrong in (b"", bytes(31), bytes(33), bytes(32)):
        with pytest.raises(ValueError):
            key.agree(wrong)


def test_a_keyring_finds_each_of_its_keys() -> None:
    one, other = AgreementKey.generate(), AgreementKey.generate()
    ring = Keyring([one, other])
    assert (ring.find(one.kid), ring.find(other.kid), ring.find(bytes(8))) == (one, other, None)
    assert (one.find(one.kid), one.find(other.kid)) == (one, None)


def test_wraps_that_do_not_hold() -> None:
    recipient, content, session = AgreementKey.generate(), bytes(range(32)), bytes(16)
    wraps = sealing.wrap(content, AgreementKey.generate(), [recipient.public], [recipient.kid], session, 0)
    digest = sha256(content).digest()
    assert sealing.unwrap(wraps, recipient, session, 0, digest) == content
    with pytest.raises(SealdockError, match="not the one that the record names"):
        sealing.unwrap(wraps, recipient, session, 0, bytes(32))
    with pytest.raises(SealdockError, match="cannot be opened"):
        sealing.unwrap(wraps, recipient, session, 1, digest)
    with pytest.raises(SealdockError, match="cannot be opened"):
        sealing.unwrap([bytes(32), wraps[1]], recipient, session, 0, digest)  # a share of small order
    with pytest.raises(sealing.NotForUs):
        sealing.unwrap(wraps, AgreementKey.generate(), session, 0, digest)


def test_a_segment_opens_only_as_it_was_sealed() -> None:
    key, plain = bytes(range(32)), b"m" * 20_010
    stored = sealing.encrypt(key, plain)
    assert sealing.decrypt(key, stored, len(plain)) == plain
    with pytest.raises(SealdockError, match="length"):
        sealing.decrypt(key, stored, len(plain) + 16)
    with pytest.raises(SealdockError, match="padded"):
        sealing.decrypt(key, stored, len(plain) - 3)
    with pytest.raises(SealdockError, match="padded"):
        sealing.decrypt(bytes(32), stored, len(plain))


def test_keys_of_a_wrong_length_are_none() -> None:
    for make in (SigningKey, AgreementKey):
        with pytest.raises(ValueError):
            make(bytes(31))
    with pytest.raises(TypeError):
        keys.check_signature(bytearray(32), b"", bytes(64))  # type: ignore[arg-type]


# Packages


def test_files_of_a_package_that_are_malformed() -> None:
    cases = (
        (layout.Keys, [[[0, bytes(31)]], []]),
        (layout.Proofs, [[["x", []]], [], None, []]),
        (layout.Proofs, [[[b"x", bytes(33)]], [], None, []]),
    )
    for kind, value in cases:
        with pytest.raises(layout.LayoutError):
            kind.decode(cbor.encode(value))


def test_a_package_beyond_four_gibibytes_is_no_zip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonical_zip, "MAX_BYTES", 100)
    assert b"".join(canonical_zip.pieces({"a": b""}))
    with pytest.raises(SealdockError, match="as a folder"):
        list(canonical_zip.pieces({"a": bytes(101)}))
