# SPDX-License-Identifier: Apache-2.0
"""Chains of certificates: what leads to the root, and everything that only looks like it."""

from types import SimpleNamespace

import pytest
from tests.chainbuilder import START_UTC, Bureau, ChainBuilder

from sealdock import trust
from sealdock.enrol import KnownRecorder
from sealdock.errors import SealdockError
from sealdock.keys import SigningKey
from sealdock.trust import TrustError, TrustStore
from sealproto import cose, objects


def store_of(bureau: Bureau) -> TrustStore:
    store = TrustStore(bureau.root.public)
    store.add_all(bureau.certificates)
    return store


def issue(signer: SigningKey, role: int, key: bytes, **changed: object) -> bytes:
    values = {"serial": 9, "valid_from": START_UTC, "until": START_UTC + 1000, **changed}
    return trust.issue(signer, role, key, **values)  # type: ignore[arg-type]


def test_a_whole_bureau_is_trusted_in_any_order() -> None:
    builder = ChainBuilder()
    store = TrustStore(builder.bureau.root.public)
    store.add_all(builder.certificates[::-1])
    found = store.recorder(builder.chain)
    assert found is not None and found.simulated
    assert {c.role for role in range(6) for c in store.of_role(role)} == set(range(6))


def test_a_certificate_of_another_root_is_refused() -> None:
    ours, theirs = Bureau(), Bureau()
    store = store_of(ours)
    for raw in theirs.certificates:
        with pytest.raises(TrustError):
            store.add(raw)


@pytest.mark.parametrize("role", [objects.STATION, objects.RECIPIENT, objects.ESCROW, objects.PROFILE_SIGNER])
def test_a_station_cannot_certify_what_only_the_root_may(role: int) -> None:
    bureau = Bureau()
    with pytest.raises(TrustError, match="not signed by this root"):
        store_of(bureau).add(issue(bureau.station, role, SigningKey.generate().public))


def test_the_root_does_not_certify_recorders_directly() -> None:
    bureau = Bureau()
    raw = issue(bureau.root, objects.RECORDER, SigningKey.generate().public, chain=bytes(32), genesis=bytes(32))
    with pytest.raises(TrustError):
        store_of(bureau).add(raw)


def test_a_signature_that_does_not_fit_is_refused() -> None:
    bureau = Bureau()
    for at in (-1, -40, 80):
        raw = bytearray(bureau.certificates[1])
        raw[at] ^= 1
        with pytest.raises(TrustError):
            TrustStore(bureau.root.public).add(bytes(raw))


def test_a_certificate_counts_only_in_its_time() -> None:
    bureau = Bureau()
    store = store_of(bureau)
    kid = bureau.station.kid
    assert store.find(kid, objects.STATION, at=START_UTC)
    for at in (bureau.since - 1, bureau.until + 1):
        with pytest.raises(TrustError, match="was not valid at that time"):
            store.find(kid, objects.STATION, at=at)


def test_a_recorder_certified_after_its_station_expired_is_refused() -> None:
    bureau = Bureau()
    raw = issue(
        bureau.station, objects.RECORDER, SigningKey.generate().public, chain=bytes(32), genesis=bytes(32),
        valid_from=bureau.until + 1, until=bureau.until + 2,
    )  # fmt: skip
    with pytest.raises(TrustError, match="not valid"):
        store_of(bureau).add(raw)


def test_a_key_has_only_the_role_it_was_certified_for() -> None:
    bureau = Bureau()
    with pytest.raises(TrustError):
        store_of(bureau).find(bureau.signer.kid, objects.STATION)
    receipt = ChainBuilder(bureau).make_receipt()
    fields = objects.read(cose.RECEIPT, receipt)[1]
    fields.pop("version")
    by_signer = objects.make(cose.RECEIPT, bureau.signer.kid, bureau.signer.sign, **fields)
    assert store_of(bureau).read(cose.RECEIPT, receipt)
    with pytest.raises(TrustError):
        store_of(bureau).read(cose.RECEIPT, by_signer)


def test_an_object_whose_signature_does_not_fit_is_refused() -> None:
    builder = ChainBuilder()
    receipt = bytearray(builder.make_receipt())
    receipt[-1] ^= 1
    with pytest.raises(TrustError):
        store_of(builder.bureau).read(cose.RECEIPT, bytes(receipt))


def test_revocation_keeps_what_was_receipted_before() -> None:
    builder = ChainBuilder()
    bureau = builder.bureau
    store = store_of(bureau)
    kid = bureau.station.kid
    store.set_revocations(trust.issue_revocations(bureau.root, 2, START_UTC, [[kid, builder.chain, 5, 1]]))
    assert store.find(kid, objects.STATION, chain=builder.chain, seq=5)
    assert store.find(kid, objects.STATION, chain=bytes(32), seq=6)
    with pytest.raises(TrustError) as refused:
        store.find(kid, objects.STATION, chain=builder.chain, seq=6)
    assert refused.value.revoked
    for doubtful in ({"chain": builder.chain}, {}):
        with pytest.raises(TrustError):
            store.find(kid, objects.STATION, **doubtful)


def test_a_revoked_recorder_may_not_dock() -> None:
    """Its entry names its chain and where it was good; a handshake speaks of no chain."""
    builder = ChainBuilder()
    store = store_of(builder.bureau)
    store.add(builder.certificate)
    kid = builder.identity.kid
    assert store.find(kid, objects.RECORDER, at=START_UTC)
    store.set_revocations(trust.issue_revocations(builder.bureau.root, 2, START_UTC, [[kid, builder.chain, 5, 1]]))
    with pytest.raises(TrustError) as refused:
        store.find(kid, objects.RECORDER, at=START_UTC)
    assert refused.value.revoked


def test_a_stolen_station_key_is_good_only_for_the_chains_that_are_named() -> None:
    """Whoever stole it may not certify a recorder of his own under a chain that nobody named."""
    builder, thief = ChainBuilder(), SigningKey.generate()
    bureau = builder.bureau
    kid = bureau.station.kid
    for everywhere in ([kid, None, None, 1], [kid, None, 1000, 1]):
        store = store_of(bureau)
        store.set_revocations(trust.issue_revocations(bureau.root, 2, START_UTC, [everywhere, [kid, builder.chain, 5, 1]]))
        assert store.add(builder.certificate)
        assert store.find(kid, objects.STATION, chain=builder.chain, seq=5)
        raw = issue(
            bureau.station, objects.RECORDER, thief.public, chain=bytes(32), genesis=bytes(32), valid_from=START_UTC, until=bureau.until
        )
        with pytest.raises(TrustError) as refused:
            store.add(raw)
        assert refused.value.revoked
        with pytest.raises(TrustError):
            store.find(kid, objects.STATION, chain=bytes(32), seq=5)


def test_two_keys_with_one_kid_are_not_taken_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kid has 8 bytes: another key with the same one can be computed, so a handshake compares the whole key."""
    builder = ChainBuilder()
    store = store_of(builder.bureau)
    store.add(builder.certificate)
    other = SigningKey.generate().public
    station = SimpleNamespace(trust=store)
    monkeypatch.setattr("sealdock.enrol.now_ms", lambda: START_UTC)
    KnownRecorder(station).recorder(0, [], builder.identity.public)  # type: ignore[arg-type]
    monkeypatch.setattr(trust, "kid", lambda public: builder.identity.kid)
    with pytest.raises(TrustError):
        KnownRecorder(station).recorder(0, [], other)  # type: ignore[arg-type]


def test_a_revocation_list_only_grows_and_only_the_root_signs_it() -> None:
    bureau = Bureau()
    store = store_of(bureau)
    store.set_revocations(trust.issue_revocations(bureau.root, 3, START_UTC, []))
    with pytest.raises(TrustError, match="older"):
        store.set_revocations(trust.issue_revocations(bureau.root, 2, START_UTC, []))
    with pytest.raises(TrustError):
        store.set_revocations(trust.issue_revocations(bureau.station, 4, START_UTC, []))
    with pytest.raises(TrustError, match="malformed"):
        store.set_revocations(trust.issue_revocations(bureau.root, 4, START_UTC, [[b"short"]]))


def test_fingerprints_are_read_however_they_are_spaced() -> None:
    bureau = Bureau()
    shown = trust.fingerprint(bureau.root.public)
    for text in (shown, shown.replace(" ", ""), shown.replace(" ", ":").upper(), shown.replace(" ", "-")):
        assert trust.parse_fingerprint(text) == bureau.root_digest
    for text in ("", "abcd", shown[:-1], shown + "00", "zz" * 32):
        with pytest.raises(SealdockError):
            trust.parse_fingerprint(text)


def test_the_root_is_found_by_its_fingerprint_among_others() -> None:
    ours, theirs = Bureau(), Bureau()
    mixed = ours.certificates + theirs.certificates
    assert trust.find_root(mixed, ours.root_digest) == ours.root.public
    assert trust.find_root(mixed, None) is None
    assert trust.find_root(ours.certificates, None) == ours.root.public
    assert trust.find_root(theirs.certificates, ours.root_digest) is None
