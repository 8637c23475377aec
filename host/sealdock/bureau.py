# SPDX-License-Identifier: Apache-2.0
"""The bureau's root and what it issues: the one folder that stays offline, and the two files that travel between it and stations.

The folder: root.key, escrow.key, profile-signer.key; certificates.cbor, everything the root ever certified; revocations.cbor, its newest
list; profile.cbor and profile.toml, the bureau's rules. `station init` makes it under the first station's home, to be moved away.

A request goes from a station to the root: a CBOR sequence of two certificates which that station signed itself, over its own key and
over its recipient key. It proves possession of the key that asks; people compare its check number by another way than the file went.

A circular goes from the root to all stations: a CBOR sequence of all certificates, the revocation list, the signed profile, and the
profile's source as a text. Each part is signed by itself, so the file may come by any way.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sealdock import durable, keys, profile, sequence, trust
from sealdock.errors import SealdockError
from sealdock.keys import AgreementKey, SigningKey
from sealdock.text import say
from sealdock.trust import Certificate, TrustError, TrustStore, fingerprint_of_digest, read_certificate
from sealproto import cbor, cose, objects

SLACK_MS = 24 * 3600 * 1000  # a recorder whose clock is a day behind still accepts the certificates
LOST, STOLEN, RETIRED = range(1, 4)  # reasons of a revocation
REASONS = {"lost": LOST, "stolen": STOLEN, "retired": RETIRED}
_ROOT, _CERTIFICATES, _REVOCATIONS = "root.key", "certificates.cbor", "revocations.cbor"
_ESCROW, _SIGNER = "escrow.key", "profile-signer.key"
_PROFILE, _SOURCE = "profile.cbor", "profile.toml"


class BureauError(SealdockError):
    """A request, a circular or the root's folder is not what it should be."""


def items(raw: bytes) -> list[bytes]:
    """The items of a CBOR sequence, each as its bytes. BureauError when it is none."""
    try:
        return sequence.items(raw)
    except cbor.CborError as error:
        raise BureauError(say("bureau-file", why=error)) from None


def check_number(raw: bytes) -> str:
    """What two people read to each other: the first 16 hex digits of a file's SHA-256, in groups of four."""
    return fingerprint_of_digest(sha256(raw).digest())[:19]


# The request of a station


def make_request(station: SigningKey, recipient: AgreementKey, name: str | None, utc: int) -> bytes:
    """Asks the root to certify these two public keys; `name` is the place's or office's."""
    times = {"valid_from": utc, "until": utc}
    pair = ((objects.STATION, station.public), (objects.RECIPIENT, recipient.public))
    return b"".join(trust.issue(station, role, key, serial=0, name=name, **times) for role, key in pair)


def read_request(raw: bytes) -> tuple[Certificate, Certificate]:
    """(station, recipient), not certified by anybody yet. BureauError when it is no request, or not signed by the key that asks."""
    try:
        station, recipient = (read_certificate(item) for item in items(raw))
        for item in (station, recipient):
            message = objects.read(cose.CERTIFICATE, item.raw)[0]
            keys.check_signature(station.key, message.signed, message.signature)
    except (TrustError, ValueError, keys.SignatureError) as error:
        raise BureauError(say("request-wrong", why=error)) from None
    if (station.role, recipient.role) != (objects.STATION, objects.RECIPIENT):
        raise BureauError(say("request-wrong", why="roles"))
    return station, recipient


# The root's folder


class Bureau:
    """The root, open on the offline machine."""

    def __init__(self, folder: Path) -> None:
        """SealdockError when the folder does not hold the root."""
        self.folder = folder
        if not (folder / _ROOT).exists():
            raise SealdockError(say("root-key-away", path=folder))
        self.root = keys.load_signing(folder / _ROOT)
        self.certificates = items(self._read(_CERTIFICATES))
        self.store = TrustStore(self.root.public)
        self.store.set_revocations(self._read(_REVOCATIONS))
        self.store.add_all(self.certificates)

    def check_keys(self) -> None:
        """SealdockError unless the folder's other private keys are there and are those that the root certified."""
        for name, role in ((_ESCROW, objects.ESCROW), (_SIGNER, objects.PROFILE_SIGNER)):
            key = (keys.load_agreement if role == objects.ESCROW else keys.load_signing)(self.folder / name)
            self.store.find(key.kid, role)

    @classmethod
    def found(cls, folder: Path, certificates: list[bytes], utc: int, signed_profile: bytes, source: bytes) -> "Bureau":
        """Lays down what a new root issued; root.key is there already."""
        durable.write_file(folder / _CERTIFICATES, b"".join(certificates))
        durable.write_file(folder / _REVOCATIONS, trust.issue_revocations(keys.load_signing(folder / _ROOT), 1, utc, []))
        durable.write_file(folder / _PROFILE, signed_profile)
        durable.write_file(folder / _SOURCE, source)
        return cls(folder)

    def _read(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise SealdockError(say("system", what=self.folder / name, why=error.strerror)) from error

    def certify(self, request: bytes, utc: int) -> list[Certificate]:
        """Certifies the keys of a request; those that are certified already stay as they are. The two certificates."""
        out = []
        for asked in read_request(request):
            known = [c for c in map(read_certificate, self.certificates) if (c.role, c.key) == (asked.role, asked.key)]
            if self.store.revoked(asked.kid):
                raise BureauError(say("key-revoked", kid=asked.kid.hex()))
            out.append(known[-1] if known else self._issue(asked, utc))
        return out

    def _issue(self, asked: Certificate, utc: int) -> Certificate:
        until = utc + trust.STATION_YEARS * trust.YEAR_MS
        serial = len(self.certificates) + 1
        raw = trust.issue(self.root, asked.role, asked.key, serial=serial, valid_from=utc - SLACK_MS, until=until, name=asked.name)
        self.store.add(raw)
        durable.write_file(self.folder / _CERTIFICATES, b"".join([*self.certificates, raw]))
        self.certificates.append(raw)
        return read_certificate(raw)

    def revoke(self, entries: list[list], utc: int) -> bytes:
        """A list with these entries more, and a higher number: [kid, chain or None, last good or None, reason]. What stands stays."""
        new = [entry for entry in entries if entry not in self.store.revocations]
        if new:
            number = self.store.revocations_number + 1
            raw = trust.issue_revocations(self.root, number, utc, [*self.store.revocations, *new])
            durable.write_file(self.folder / _REVOCATIONS, raw)
            self.store.set_revocations(raw)
        return self._read(_REVOCATIONS)

    def circular(self) -> bytes:
        """Everything that stations need to know, for all of them."""
        source = cbor.encode(self._read(_SOURCE).decode())
        return b"".join([*self.certificates, self._read(_REVOCATIONS), self._read(_PROFILE), source])


# The circular, read at a station


@dataclass(frozen=True)
class Circular:
    """A circular whose every part was checked against the root whose fingerprint the reader gave."""

    certificates: list[bytes]
    revocations: bytes
    profile: bytes
    source: bytes
    store: TrustStore

    @property
    def root(self) -> bytes:
        return self.store.root


def read_circular(raw: bytes, digest: bytes | None) -> Circular:
    """SealdockError unless all of it leads to one root; `digest` is that root's fingerprint, None: whichever it is."""
    parts: dict[str, list[bytes]] = {cose.CERTIFICATE: [], cose.REVOCATIONS: [], cose.PROFILE: []}
    source = None
    for item in items(raw):
        value = cbor.decode(item)
        if isinstance(value, str):
            source = value.encode()
            continue
        kind = next((kind for kind in parts if _is(kind, item)), None)
        if kind is None:
            raise BureauError(say("bureau-file", why="a part that does not belong there"))
        parts[kind].append(item)
    root = trust.find_root(parts[cose.CERTIFICATE], digest)
    if root is None:
        raise BureauError(say("circular-root"))
    if len(parts[cose.REVOCATIONS]) != 1 or len(parts[cose.PROFILE]) != 1 or source is None:
        raise BureauError(say("bureau-file", why="a part is missing"))
    store = TrustStore(root)
    store.set_revocations(parts[cose.REVOCATIONS][0])
    _add(store, parts[cose.CERTIFICATE])
    _check_profile(store, parts[cose.PROFILE][0], source)
    return Circular(parts[cose.CERTIFICATE], parts[cose.REVOCATIONS][0], parts[cose.PROFILE][0], source, store)


def newest_list(raw: bytes) -> bytes:
    """The revocation list in a file that holds one, or in a circular. BureauError when there is none. Its signature is NOT checked."""
    found = next((item for item in items(raw) if _is(cose.REVOCATIONS, item)), None)
    if found is None:
        raise BureauError(say("bureau-file", why="no revocation list"))
    return found


def _is(kind: str, raw: bytes) -> bool:
    try:
        objects.read(kind, raw)
    except objects.ObjectError:
        return False
    return True


def _add(store: TrustStore, certificates: list[bytes]) -> None:
    for certificate in sorted(map(read_certificate, certificates), key=lambda item: item.role):
        store.add(certificate.raw)


def _check_profile(store: TrustStore, signed: bytes, source: bytes) -> None:
    fields = store.read(cose.PROFILE, signed)
    if profile.compile(profile.loads(source.decode(), "profile.toml")) != fields["data"]:
        raise BureauError(say("bureau-file", why="the profile's source is not what was signed"))
