# SPDX-License-Identifier: Apache-2.0
"""Whom to believe: certificates, revocations, and the one key that all trust starts from.

The bureau's offline root certifies stations, recipients, escrow and profile signers; a station certifies recorders. A TrustStore
holds what was checked against one root; nothing enters it unchecked.

    >>> store = TrustStore(root.public)
    >>> store.add(station_certificate)
    >>> fields = store.read(cose.RECEIPT, receipt, objects.STATION)
"""

from dataclasses import dataclass
from hashlib import sha256

from sealdock.errors import SealdockError, SignatureError
from sealdock.keys import SigningKey, check_signature, kid
from sealdock.text import say
from sealproto import cose, objects

YEAR_MS = 365 * 24 * 3600 * 1000
STATION_YEARS = 5
RECORDER_YEARS = 8
ROOT_YEARS = 25

# Which role may sign a certificate of which role.
_ISSUERS = {
    objects.ROOT: objects.ROOT,
    objects.STATION: objects.ROOT,
    objects.RECIPIENT: objects.ROOT,
    objects.ESCROW: objects.ROOT,
    objects.PROFILE_SIGNER: objects.ROOT,
    objects.RECORDER: objects.STATION,
}
# Which role signs which other kind of object.
SIGNERS = {
    cose.PROFILE: objects.PROFILE_SIGNER,
    cose.PROMPTS: objects.STATION,
    cose.ASSIGNMENT: objects.STATION,
    cose.RECEIPT: objects.STATION,
    cose.CHECKPOINT: objects.STATION,
    cose.MANIFEST: objects.STATION,
}
_ROLES = ("role-root", "role-station", "role-recipient", "role-escrow", "role-profile-signer", "role-recorder")


class TrustError(SealdockError):
    """A certificate or signed object does not lead to the root, is out of date, or was revoked. `revoked` tells the last case."""

    def __init__(self, text: str, revoked: bool = False) -> None:
        super().__init__(text)
        self.revoked = revoked


@dataclass(frozen=True)
class Certificate:
    """A certificate taken apart. Times are UTC in milliseconds; `issuer` is the kid that signed it."""

    raw: bytes
    issuer: bytes
    role: int
    key: bytes
    serial: int
    valid_from: int
    until: int
    name: str | None
    chain: bytes | None
    genesis: bytes | None
    board: str | None
    abilities: dict | None
    predecessor: list | None

    @property
    def kid(self) -> bytes:
        return kid(self.key)

    @property
    def simulated(self) -> bool:
        """Whether a recorder's certificate says that it is simulated."""
        return ability(self.abilities, "simulated")


def ability(abilities: dict | None, name: str) -> bool:
    """One ability of a recorder by name; False when it says nothing."""
    names = [field for field, _ in objects.ABILITIES]
    return bool((abilities or {}).get(names.index(name)))


def read_certificate(raw: bytes) -> Certificate:
    """A certificate's fields; its signature is NOT checked. TrustError when it is none."""
    return _read(raw)[1]


def _read(raw: bytes) -> tuple[cose.Sign1, Certificate]:
    try:
        message, fields = objects.read(cose.CERTIFICATE, raw)
    except objects.ObjectError as error:
        raise TrustError(say("no-certificate", why=error)) from None
    if fields["role"] not in _ISSUERS:
        raise TrustError(say("certificate-role"))
    fields.pop("version")
    fields["valid_from"] = fields.pop("from")
    return message, Certificate(raw=raw, issuer=message.kid, **fields)


def issue(signer: SigningKey, role: int, key: bytes, *, serial: int, valid_from: int, until: int, **about: object) -> bytes:
    """A certificate over `key` signed by signer. `about`: name, chain, genesis, board, abilities, predecessor; those not given are null."""
    rest = {name: about.pop(name, None) for name in ("name", "chain", "genesis", "board", "abilities", "predecessor")}
    if about:
        raise TypeError(f"no such field: {min(about)}")
    times = {"from": valid_from, "until": until}
    return objects.make(cose.CERTIFICATE, signer.kid, signer.sign, role=role, key=key, serial=serial, **times, **rest)


def issue_revocations(root: SigningKey, number: int, issued: int, entries: list[list]) -> bytes:
    """A revocation list. entries: [kid, chain or None, last good sequence number or None, reason]."""
    return objects.make(cose.REVOCATIONS, root.kid, root.sign, number=number, issued=issued, entries=entries)


def fingerprint(root_public: bytes) -> str:
    """The root's fingerprint as published: SHA-256 of the public key, 64 hex digits in groups of four."""
    return fingerprint_of_digest(sha256(root_public).digest())


def fingerprint_of_digest(digest: bytes) -> str:
    """The same for the 32 bytes of the fingerprint."""
    digits = digest.hex()
    return " ".join(digits[at : at + 4] for at in range(0, 64, 4))


def parse_fingerprint(text: str) -> bytes:
    """32 bytes from hex digits with or without spaces, colons or dashes. SealdockError otherwise."""
    digits = "".join(c for c in text if c not in " :-_\t\r\n")
    try:
        value = bytes.fromhex(digits)
    except ValueError:
        value = b""
    if len(value) != 32:
        raise SealdockError(say("root-digits"))
    return value


def find_root(certificates: list[bytes], digest: bytes | None) -> bytes | None:
    """The public key of the root certificate among them whose fingerprint (32 bytes) is `digest`; of the only one when digest is None."""
    keys = set()
    for raw in certificates:
        try:
            certificate = read_certificate(raw)
        except TrustError:
            continue
        if certificate.role == objects.ROOT and (digest is None or sha256(certificate.key).digest() == digest):
            keys.add(certificate.key)
    return keys.pop() if len(keys) == 1 else None


class TrustStore:
    """Certificates that lead to one root, and its newest revocation list."""

    def __init__(self, root_public: bytes) -> None:
        self.root = root_public
        self.revocations: list[list] = []
        self.revocations_number = 0
        self._known: dict[tuple[bytes, int], list[Certificate]] = {}

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.root)

    def add(self, raw: bytes) -> Certificate:
        """Checks a certificate up to the root and remembers it. Its issuer must be known already. TrustError otherwise.

        Its validity in time is checked when it is used, since that depends on when.
        """
        message, certificate = _read(raw)
        signer_role = _ISSUERS[certificate.role]
        if certificate.valid_from > certificate.until:
            raise TrustError(say("certificate-dates"))
        if certificate.role == objects.RECORDER and (certificate.chain is None or certificate.genesis is None):
            raise TrustError(say("certificate-chain"))
        if certificate.role == objects.ROOT and certificate.key != self.root:
            raise TrustError(say("certificate-other-root"))
        self._check_certificate(message, certificate, signer_role)
        self._known.setdefault((certificate.kid, certificate.role), []).append(certificate)
        return certificate

    def _check_certificate(self, message: cose.Sign1, certificate: Certificate, signer_role: int) -> None:
        if signer_role == objects.ROOT:
            self._check_root(message)
            return
        issuer = self.find(message.kid, signer_role, at=certificate.valid_from, chain=certificate.chain, seq=0)
        _check(issuer.key, message)

    def add_all(self, raws: list[bytes]) -> list[Certificate]:
        """Adds certificates given in any order: those of the root first."""
        found = sorted((_read(raw)[1] for raw in raws), key=lambda item: item.role)
        return [self.add(item.raw) for item in found]

    def _check_root(self, message: cose.Sign1) -> None:
        if message.kid != kid(self.root):
            raise TrustError(say("not-this-root"))
        _check(self.root, message)

    def set_revocations(self, raw: bytes) -> None:
        """Takes a revocation list of the root. TrustError when it is older than the one held."""
        try:
            message, fields = objects.read(cose.REVOCATIONS, raw)
        except objects.ObjectError as error:
            raise TrustError(say("no-revocations", why=error)) from None
        self._check_root(message)
        if fields["number"] < self.revocations_number:
            raise TrustError(say("revocations-older", number=fields["number"], known=self.revocations_number))
        self.revocations = [_revocation(entry) for entry in fields["entries"]]
        self.revocations_number = fields["number"]

    def revoked(self, key_id: bytes, chain: bytes | None = None, seq: int | None = None) -> bool:
        """Whether a key is revoked for what it says of (chain, sequence number).

        An entry for this chain decides before one for all chains: up to its "last good" the key stays trusted. A number without a chain
        means nothing, since each chain counts for itself: such an entry revokes the key. Asked without a chain, a key that was revoked
        for any one chain is revoked: whoever is left in doubt does not trust.
        """
        entries = [(of_chain, last_good) for revoked_kid, of_chain, last_good, _ in self.revocations if revoked_kid == key_id]
        if chain is None:
            return bool(entries)
        about = [last_good for of_chain, last_good in entries if of_chain == chain]
        if about:
            return any(last_good is None or seq is None or seq > last_good for last_good in about)
        return any(of_chain is None for of_chain, _ in entries)

    def find(self, key_id: bytes, role: int, *, at: int | None = None, chain: bytes | None = None, seq: int | None = None) -> Certificate:
        """The certificate of a key in a role, valid at a time (UTC in ms; None: any) and not revoked. TrustError otherwise."""
        found = self._known.get((key_id, role))
        if not found:
            raise TrustError(say("none-certified", role=role_name(role), kid=key_id.hex()))
        for certificate in found:
            # A recorder speaks of its own chain, whether or not the caller asks about one.
            if self.revoked(key_id, certificate.chain or chain, seq):
                raise TrustError(say("key-revoked-why", role=role_name(role), kid=key_id.hex()), revoked=True)
        for certificate in found:
            if at is None or certificate.valid_from <= at <= certificate.until:
                return certificate
        raise TrustError(say("certificate-not-then", role=role_name(role), kid=key_id.hex()))

    def of_role(self, role: int, at: int | None = None) -> list[Certificate]:
        """All unrevoked certificates of a role that are valid at a time."""
        every = [item for (_, known), items in self._known.items() if known == role for item in items]
        return [c for c in every if not self.revoked(c.kid) and (at is None or c.valid_from <= at <= c.until)]

    def recorder(self, chain: bytes) -> Certificate | None:
        """The certificate of the recorder whose chain this is, revoked or not."""
        for (_, role), items in self._known.items():
            if role == objects.RECORDER:
                for item in items:
                    if item.chain == chain:
                        return item
        return None

    def read(self, content_type: str, raw: bytes) -> dict:
        """The fields of a signed object whose signer is certified for its kind at the time it names. TrustError otherwise."""
        try:
            message, fields = objects.read(content_type, raw)
        except objects.ObjectError as error:
            raise TrustError(say("no-such-object", kind=kind_name(content_type), why=error)) from None
        certificate = self.find(
            message.kid, SIGNERS[content_type], at=fields.get("utc"), chain=fields.get("chain"), seq=fields.get("head_seq")
        )
        _check(certificate.key, message)
        return fields


def role_name(role: int) -> str:
    """What a certificate of that role is for, to people."""
    return say(_ROLES[role])


def kind_name(content_type: str) -> str:
    """`receipt` of `application/vnd.sealdock.receipt+cbor`."""
    return content_type.rsplit(".", 1)[-1].removesuffix("+cbor")


def _revocation(entry: object) -> list:
    if not isinstance(entry, list) or len(entry) != 4 or not isinstance(entry[0], bytes):
        raise TrustError(say("revocations-malformed"))
    _, chain, last_good, reason = entry
    if not isinstance(chain, bytes | None) or not isinstance(last_good, int | None) or not isinstance(reason, int):
        raise TrustError(say("revocations-malformed"))
    return entry


def _check(public: bytes, message: cose.Sign1) -> None:
    try:
        check_signature(public, message.signed, message.signature)
    except SignatureError as error:
        raise TrustError(say("object-wrong", kind=kind_name(message.content_type), why=error)) from None
