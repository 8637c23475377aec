# SPDX-License-Identifier: Apache-2.0
"""Enrolment on the recorder: an identity of its own, a root to trust, and a certificate; all of them or nothing.

1. The handshake in enrol mode makes an identity key in RAM. The station's certificate cannot be checked yet; the six digits stand for it.
2. enrol-begin: the genesis record is made in RAM and answered; the six digits are spoken.
3. enrol-finish, when the custodian heard the same digits: root, station, bureau and the recorder's own certificate are checked against each
   other; then the officer confirms at the recorder, so that neither end is enrolled with somebody in between.
4. Commit, in this order: files, card, key store, genesis. Until the key store holds the keys the recorder is unenrolled, whatever
   files lie there. From then on it is enrolled: a cut before the genesis record is appended is made good by the next boot.
"""

import struct

from sealcam import FIRMWARE
from sealcam.chain import durable, keystore
from sealcam.crypto.hmac_sha256 import hmac
from sealcam.dock.certificates import Certificate, Revocations, TrustError, bureau_certificate, check, kid, read
from sealcam.dock.link import Refuse
from sealcam.dock.unfinished import GENESIS
from sealcam.ed25519 import Key
from sealcam.media.segment import ENCRYPTED
from sealproto import cose, messages, objects, records
from sealproto.shape import pack

_UTC_UNCERTAINTY_MS = 1000  # of the time that enrol-begin brings: the line and a station that was just started


def abilities(board) -> dict:
    """The abilities map of genesis and certificate, from the board's facts."""
    return pack(
        objects.ABILITIES,
        rtc_backed=board.RTC_BACKED, keystore_physical_erase=board.KEYSTORE_PHYSICAL_ERASE, bootloader_locked=board.BOOTLOADER_LOCKED,
        developer_build=board.DEVELOPER_BUILD, simulated=board.SIMULATED, video=board.camera is not None,
        audio=board.microphone is not None, encrypted=ENCRYPTED,
    )  # fmt: skip


class Identity:
    """Who answers a handshake: a key with its certificates."""

    def __init__(self, key: Key, certificates: list, random) -> None:
        self._key = key
        self._random = random
        self.public = key.public
        self.kid = kid(key.public)
        self.certificates = certificates

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message, self._random(32))


def station_key(certificates: list) -> bytes:
    """The key in a station's certificate that nobody can check yet. TrustError when it is no such certificate."""
    if not certificates:
        raise TrustError("no certificate was sent")
    fields = read(cose.CERTIFICATE, certificates[0])[1]
    if fields["role"] != objects.STATION:
        raise TrustError("not a station's certificate")
    return fields["key"]


class Enrolment:
    """One attempt, from its handshake to its end."""

    def __init__(self, parts, station: bytes, salt: bytes) -> None:
        """parts: the Dock; station: the certificate that the handshake brought; salt: the station's 32 random bytes."""
        self._parts = parts
        self._station = station
        self._seed = hmac(salt, parts.random(64))
        self._key = Key(self._seed)
        self.identity = Identity(self._key, [], parts.random)
        self._genesis: bytes | None = None
        self._epoch_seed = b""

    def begin(self, digits: str, utc: int, predecessor: list | None) -> bytes:
        """Makes and returns the genesis record, and has the digits spoken. Refuse."""
        if predecessor is not None and not _names_a_head(predecessor):
            raise Refuse(messages.MALFORMED)
        parts, board = self._parts, self._parts.board
        self._utc = utc
        self._begun = parts.clock.ms()
        self._epoch_seed = parts.random(32)
        body = records.body(
            records.GENESIS,
            identity=self._key.public, epoch_key=Key(self._epoch_seed).public, board=board.NAME, abilities=abilities(board),
            nonce=parts.random(32), firmware=FIRMWARE, predecessor=predecessor,
        )  # fmt: skip
        self._genesis = parts.signer.genesis(self._key, body)
        parts.events.speak_digits(digits)
        return self._genesis

    def check(self, certificate: bytes, root: bytes, bureau: list, revocations: bytes | None) -> None:
        """Refuse unless everything that the station sent leads to one root and says what this recorder said."""
        if self._genesis is None:
            raise Refuse(messages.NOT_NOW)
        try:
            self._check(certificate, root, bureau, revocations)
        except TrustError:
            raise Refuse(messages.NOT_TRUSTED)

    def _check(self, certificate: bytes, root: bytes, bureau: list, revocations: bytes | None) -> None:
        self._root = root_key(root)
        station = Certificate(self._station, self._root)
        if Revocations(revocations, self._root).names(station.kid, None):
            raise TrustError("the station was revoked")
        if not station.valid_at(self._utc):  # the time that it is about to set
            raise TrustError("the station's certificate does not hold at the time that it sets")
        roles = [bureau_certificate(raw, self._root).role for raw in bureau]
        if roles.count(objects.RECIPIENT) + roles.count(objects.ESCROW) < 2:
            raise TrustError("content keys want at least two recipients")
        self._check_own(Certificate(certificate, station.key))
        self._files = (certificate, self._station, bureau, revocations)

    def _check_own(self, own: Certificate) -> None:
        genesis = records.Record(self._genesis)
        wanted = {"role": objects.RECORDER, "key": self._key.public, "chain": genesis.chain, "genesis": genesis.hash}
        for name in ("board", "abilities", "predecessor"):
            wanted[name] = genesis.fields[name]
        if any(own.fields[name] != wanted[name] for name in wanted):
            raise TrustError("the certificate says something else of this recorder")

    def commit(self) -> None:
        """The recorder is enrolled when this returns, and unenrolled when it raises OSError."""
        parts = self._parts
        parts.trust.put_all(*self._files)
        durable.put(parts.trust.folder + GENESIS, self._genesis)
        parts.cardstore.format(parts.random(16), records.Record(self._genesis).chain)
        parts.store.change(
            {keystore.IDENTITY: self._seed, keystore.EPOCH: struct.pack("<I", 0) + self._epoch_seed, keystore.ROOT: self._root}
        )
        parts.signer.begin(self._genesis, self._epoch_seed)
        durable.remove(parts.trust.folder + GENESIS)
        parts.trust.load()
        parts.objects.load()

    def time(self) -> tuple[int, int]:
        """(UTC in ms by the station's clock, now; its uncertainty)."""
        return self._utc + self._parts.clock.ms() - self._begun, _UTC_UNCERTAINTY_MS


def root_key(raw: bytes) -> bytes:
    """The public key of a root's certificate, which is signed by itself. TrustError."""
    message, fields = read(cose.CERTIFICATE, raw)
    check(message, fields["key"])
    if fields["role"] != objects.ROOT:
        raise TrustError("not a root's certificate")
    return fields["key"]


def _names_a_head(predecessor: list) -> bool:
    if len(predecessor) != 3:
        return False
    chain, seq, head = predecessor
    sizes = all(isinstance(item, bytes) and len(item) == 32 for item in (chain, head))
    return sizes and isinstance(seq, int) and not isinstance(seq, bool) and seq >= 0
