# SPDX-License-Identifier: Apache-2.0
"""Who signed: from the root whose fingerprint the reader holds to station, recorder and every object of the package.

Rules:

1. The root is the certificate among those given whose key has the fingerprint; without a fingerprint, the only root there is,
   and then the origin stays unknown. A package of another root is untrusted whatever else holds.
2. Stations, recipients and profile signers are certified by the root, the recorder by such a station; the newest revocation
   list of the root applies.
3. An object is signed by a key that is certified for objects of its kind, at the time that the object names.
4. What a revoked key said of sequence numbers up to "last good" stays trusted.
5. The recorder's certificate names its identity key, its chain and its genesis record, and was in date when a station received the
   session. Another chain of the same identity is a fork.
"""

from hashlib import sha256

from sealdock.errors import SignatureError
from sealdock.keys import check_signature, kid
from sealdock.trust import SIGNERS, Certificate, TrustError, TrustStore, find_root, fingerprint, read_certificate
from sealproto import cose, objects
from sealproto import records as rec

from ..verdict import Findings

DAY_MS = 24 * 3600 * 1000  # stations' clocks differ; certificates last for years
Item = tuple[tuple[int, int], bytes]  # place in certificates.cbor, bytes


class Trust:
    """Whom to believe, for one package."""

    def __init__(self, findings: Findings, root: bytes | None, items: list[Item], file: str, revocations: bytes | None = None) -> None:
        """root: fingerprint, 32 bytes, or None when none was given; revocations: the reader's own list."""
        self.findings = findings
        self.file = file
        self.certificates: list[Certificate] = []
        key = self._choose_root(root, [raw for _, raw in items])
        self.root = sha256(key).digest() if key else None
        self.store = TrustStore(key) if key else None
        if self.store:
            self._fill(items, revocations)

    def _choose_root(self, root: bytes | None, raws: list[bytes]) -> bytes | None:
        key = find_root(raws, root)
        if key is None and root is not None:
            key = find_root(raws, None)
            self.findings.add("root-other" if key else "root-missing")
        elif key is None:
            self.findings.add("root-missing")
        elif root is None:
            self.findings.add("root-not-given", root=fingerprint(key))
        return key

    def _fill(self, items: list[Item], own: bytes | None) -> None:
        certificates = []
        lists = 0
        for place, raw in items:
            try:
                certificates.append((read_certificate(raw), place))
            except TrustError as error:
                lists += self._try(place, error, raw)
        if own is not None:
            lists += self._take_own(own)
        if not lists:
            self.findings.add("revocations-missing")
        for certificate, place in sorted(certificates, key=lambda item: item[0].role):
            self._add(certificate, place)

    def _take_own(self, raw: bytes) -> int:
        """An older list than the package's says nothing new; one of another root is no list at all."""
        assert self.store
        try:
            if objects.read(cose.REVOCATIONS, raw)[1]["number"] >= self.store.revocations_number:
                self.store.set_revocations(raw)
        except (objects.ObjectError, TrustError) as error:
            self.findings.add("certificate-wrong", file="--revocations", why=error)
            return 0
        return 1

    def _try(self, place: tuple[int, int], no_certificate: TrustError, raw: bytes) -> int:
        """Takes what is no certificate as a revocation list."""
        assert self.store
        try:
            objects.read(cose.REVOCATIONS, raw)
        except objects.ObjectError:
            self.findings.add("certificate-wrong", file=self.file, bytes=place, why=no_certificate)
            return 0
        try:
            self.store.set_revocations(raw)
        except TrustError as error:
            self.findings.add("certificate-wrong", file=self.file, bytes=place, why=error)
        return 1

    def _add(self, certificate: Certificate, place: tuple[int, int]) -> None:
        assert self.store
        try:
            self.store.add(certificate.raw)
            self.certificates.append(certificate)
        except TrustError as error:
            if error.revoked:
                self.findings.add("signer-revoked", name="certificate", file=self.file, bytes=place)
            else:
                self.findings.add("certificate-wrong", file=self.file, bytes=place, why=error)

    def read(self, content_type: str, raw: bytes, name: str, named_by: rec.Record | None = None) -> dict | None:
        """The fields of a signed object, or None when they may not be believed; why not becomes a finding.

        named_by: the believed record that holds the object or its hash. What a key said before it was revoked, and a recorder signed
        that it took, stays trusted by rule 4: a thief of the key comes too late for it.
        """
        try:
            message, fields = objects.read(content_type, raw)
        except objects.ObjectError as error:
            self.findings.add("file-unreadable", name=name, why=error, file=name)
            return None
        certificate = self._signer(content_type, message, fields, name, named_by)
        if certificate is None:
            return None
        try:
            check_signature(certificate.key, message.signed, message.signature)
        except SignatureError:
            self.findings.add("signature-wrong", name=name, file=name)
            return None
        return fields

    def _signer(self, content_type: str, message: cose.Sign1, fields: dict, name: str, named_by: rec.Record | None) -> Certificate | None:
        if self.store is None:
            return None
        about = {"at": fields.get("utc"), "chain": fields.get("chain"), "seq": fields.get("head_seq")}
        if named_by is not None:
            about.update(chain=named_by.chain, seq=named_by.seq)
        try:
            return self.store.find(message.kid, SIGNERS[content_type], **about)
        except TrustError as error:
            code = "signer-revoked" if error.revoked else "signer-untrusted"
            self.findings.add(code, name=name, why=error, file=name)
            return None

    def revoked_station(self, record: rec.Record) -> bool:
        """Whether the station that a clock-set record names was revoked for what it says of this record."""
        station = (record.fields or {})["station"]
        return self.store is not None and self.store.revoked(station, record.chain, record.seq)

    def recorder(self, genesis: rec.Record, last_seq: int, at: int | None) -> Certificate | None:
        """The certificate of the recorder whose genesis this is, its records up to last_seq judged against revocations.

        at: UTC in ms of the receipt over the session, or None.
        """
        fields = genesis.fields
        assert fields is not None
        if self.store is None:
            return None
        certificate = self.store.recorder(genesis.chain)
        self._look_for_twins(fields["identity"], genesis.chain)
        if certificate is None and self.findings.has("signer-revoked"):
            return None  # its certificate was there, by a station that was revoked
        fault = "no certificate names its chain" if certificate is None else _disagreement(certificate, genesis)
        if fault:
            self.findings.add("recorder-untrusted", record=0, why=fault)
        elif certificate and at is not None and not certificate.valid_from - DAY_MS <= at <= certificate.until + DAY_MS:
            self.findings.add("recorder-untrusted", record=0, why="its certificate was out of date when the session was received")
        elif self.store.revoked(kid(fields["identity"]), genesis.chain, last_seq):
            self.findings.add("recorder-revoked", record=last_seq)
        return certificate

    def _look_for_twins(self, identity: bytes, chain: bytes) -> None:
        for certificate in self.certificates:
            if certificate.role == objects.RECORDER and certificate.key == identity and certificate.chain != chain:
                self.findings.add("identity-fork", record=0)


def _disagreement(certificate: Certificate, genesis: rec.Record) -> str | None:
    fields = genesis.fields
    assert fields is not None
    if certificate.key != fields["identity"]:
        return "its certificate is of another identity"
    if certificate.genesis != genesis.hash:
        return "its certificate names another genesis record"
    if certificate.abilities != fields["abilities"] or certificate.board != fields["board"]:
        return "its certificate and its genesis record describe different recorders"
    return None
