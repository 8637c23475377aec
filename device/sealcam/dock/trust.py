# SPDX-License-Identifier: Apache-2.0
"""Whom the recorder believes: the pinned root, what it certified, what it took back, and the recorder's own certificate.

The root's key lies in the key store; everything else lies in files, and is checked again whenever it is loaded, so a file that was changed
is as good as none. Files: `bureau` (a CBOR array of certificates), `revocations`, `own` (a CBOR array: the recorder's certificate, then the
one of the station that issued it).
"""

from hashlib import sha256

from sealcam.chain import durable, keystore
from sealcam.dock.certificates import Certificate, Revocations, TrustError, bureau_certificate
from sealcam.ed25519 import Key
from sealproto import cbor, objects

_KEPT_MAX = 32  # certificates


class Trust:
    """Checked certificates. `utc()` gives UTC in ms, or None while the clock cannot be trusted."""

    def __init__(self, store, folder: str, utc=None) -> None:
        self._store = store
        self.folder = durable.folder(folder + "/trust")
        self._utc = utc or (lambda: None)
        self.load()

    def load(self) -> None:
        """Reads everything again, as after an enrolment. What does not lead to the root is left out."""
        self.root: bytes | None = self._store.get(keystore.ROOT)
        self.enrolled = False  # whether a station of the pinned root certified this recorder's identity
        self.chain: bytes | None = None  # as the own certificate names it, and the hash of its genesis record
        self.genesis: bytes | None = None
        self._known: dict = {}  # (role, kid): Certificate
        self._met: tuple | None = None  # what a handshake brought: (the station's certificate, revocation list)
        self.bureau_hash: bytes | None = None  # of the array of certificates held
        self.revocations = Revocations(None, None)
        seed = self._store.get(keystore.IDENTITY)
        if self.root is None or seed is None:
            return
        bureau = durable.get(self._path("bureau"))
        self.bureau_hash = sha256(bureau).digest() if bureau else None
        for raw in _items(bureau):
            self._load(raw)
        self._load_revocations()
        self._load_own(Key(seed).public)

    def _load(self, raw: bytes) -> None:
        try:
            found = Certificate(raw, self.root)
        except TrustError:
            return
        found.fields = None
        self._known[(found.role, found.kid)] = found

    def _load_revocations(self) -> None:
        try:
            self.revocations = Revocations(durable.get(self._path("revocations")), self.root)
        except TrustError:  # a damaged file: the next station sees number 0 and brings the list again
            return

    def _load_own(self, identity: bytes) -> None:
        try:
            own, issuer = self.own_certificates()
            station = Certificate(issuer, self.root)
            mine = Certificate(own, station.key)
        except (TrustError, ValueError):
            return
        if (station.role, mine.role, mine.key) == (objects.STATION, objects.RECORDER, identity):
            self.enrolled = True
            self.chain, self.genesis = mine.fields["chain"], mine.fields["genesis"]

    def own_certificates(self) -> list:
        """[the recorder's, the one of the station that issued it], as they lie on flash."""
        return _items(durable.get(self._path("own")))

    def identity(self) -> Key:
        """The key that signs handshakes; made when it is wanted, since only a docked recorder wants it."""
        return Key(self._store.get(keystore.IDENTITY))

    # Who may do what

    def station(self, certificates: list, revocations: bytes | None) -> bytes:
        """The public key of a station that may dock now, from what its handshake brought. TrustError otherwise. Stores nothing."""
        if self.root is None or not certificates:
            raise TrustError("no root is pinned, or no certificate was sent")
        newer = self._newest(revocations)
        found = Certificate(certificates[0], self.root)
        if found.role != objects.STATION or newer.names(found.kid, self.chain) or not found.valid_at(self._utc()):
            raise TrustError("not the certificate of a station that may dock now")
        self._met = found, newer
        return found.key

    def keep_met(self) -> None:
        """Stores what the handshake brought, now that the station has proved itself. OSError."""
        found, newer = self._met
        if newer is not self.revocations:
            self.put_revocations(newer.raw)
        if (found.role, found.kid) in self._known:
            return
        if len(self._known) < _KEPT_MAX:
            self.put_certificates([found.raw])
        else:  # for this docking it is known all the same
            self._known[(found.role, found.kid)] = found

    def _newest(self, raw: bytes | None) -> Revocations:
        """A station with an older list than ours is no reason to refuse it: ours counts."""
        if raw is None:
            return self.revocations
        brought = Revocations(raw, self.root)
        return brought if brought.number > self.revocations.number else self.revocations

    def find(self, role: int, key_id: bytes, dated: bool = True) -> bytes:
        """The public key of a certified, unrevoked key. TrustError otherwise.

        dated: it must be in date too. That is asked when something is put on the recorder; what it works by already does not stop
        working in the field because a certificate ran out.
        """
        found = self._known.get((role, key_id))
        if found is None or self.revocations.names(key_id, self.chain) or (dated and not found.valid_at(self._utc())):
            raise TrustError("no such key is certified and in date")
        return found.key

    def station_key(self, key_id: bytes, dated: bool = True) -> bytes:
        return self.find(objects.STATION, key_id, dated)

    def station_holds(self, key_id: bytes, utc: int) -> bool:
        """Whether the certificate of a station that this recorder knows is in date at a time."""
        found = self._known.get((objects.STATION, key_id))
        return found is not None and found.valid_at(utc)

    def profile_signer(self, key_id: bytes, dated: bool = True) -> bytes:
        return self.find(objects.PROFILE_SIGNER, key_id, dated)

    def recipients(self) -> list:
        """[(kid, X25519 public key)] that content keys are wrapped for: the bureau's recipients and escrow, certified and unrevoked."""
        fit = [item for item in self._known.values() if item.role in (objects.RECIPIENT, objects.ESCROW)]
        fit = [(item.kid, item.key) for item in fit if not self.revocations.names(item.kid, self.chain)]
        return sorted(fit)

    # What stations bring

    def put_revocations(self, raw: bytes) -> bool:
        """Takes a list of the root. False when it is older than the one held, or another of the same number. TrustError."""
        brought = Revocations(raw, self.root)
        if brought.number < self.revocations.number:
            return False
        if brought.number == self.revocations.number:
            return raw == self.revocations.raw
        durable.put(self._path("revocations"), raw)
        self.revocations = brought
        return True

    def put_certificates(self, raws: list) -> None:
        """Adds certificates of the bureau to those held, all or none. TrustError when one is not the root's."""
        kept = dict(self._known)
        for raw in raws:
            _keep(kept, bureau_certificate(raw, self.root))
        if len(kept) > _KEPT_MAX:
            raise TrustError("too many certificates")
        raw = cbor.encode([kept[name].raw for name in sorted(kept)])
        digest = sha256(raw).digest()
        if digest != self.bureau_hash:  # a station that knows less than this recorder costs no wear
            durable.put(self._path("bureau"), raw)
        self._known = kept
        self.bureau_hash = digest

    def put_all(self, own: bytes, issuer: bytes, bureau: list, revocations: bytes | None) -> None:
        """The files of an enrolment, checked already. They count once the key store holds root and identity."""
        durable.remove(self._path("revocations"))
        if revocations is not None:
            durable.put(self._path("revocations"), revocations)
        durable.put(self._path("bureau"), cbor.encode(bureau))
        durable.put(self._path("own"), cbor.encode([own, issuer]))

    def _path(self, name: str) -> str:
        return self.folder + "/" + name


def _keep(known: dict, found: Certificate) -> None:
    """Of two certificates for one key the later one counts, so that a renewal is not undone by a station that has not got it."""
    name = (found.role, found.kid)
    if name not in known or found.since >= known[name].since:
        known[name] = found


def _items(raw: bytes | None) -> list:
    """The byte strings of a CBOR array; none when the file is missing or damaged."""
    try:
        items = cbor.decode(raw) if raw is not None else []
    except cbor.CborError:
        return []
    return [item for item in items if isinstance(item, bytes)] if isinstance(items, list) else []
