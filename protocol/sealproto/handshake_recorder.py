# SPDX-License-Identifier: Apache-2.0
"""The recorder's side of the handshake. States: waiting for M0, waiting for M2, over (`session` is set, or it never will be).

To whoever has not proved to be a station of the bureau it gives two answers of constant size: an OFFER of random bytes, and a refusal.
Nothing of the recorder's own is touched, not even a counter, before the station's proof has been checked.
"""

from hashlib import sha256

from .handshake import (
    ANSWER,
    ANSWER_FIELDS,
    DOCK,
    ENROL,
    HELLO,
    HELLO_FIELDS,
    OFFER,
    OFFER_FIELDS,
    PROOF,
    PROOF_FIELDS,
    RECORDER,
    RECORDER_FIELDS,
    REFUSAL,
    STATION,
    STATION_FIELDS,
    VERSION,
    HandshakeError,
    Keys,
    Session,
    byte_strings,
    read,
    write,
)
from .limits import ANSWER_SEALED, CERTIFICATES_MAX, LISTED_MAX
from .suites import AES_CBC, TAG_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .crypto_interface import Crypto, RecorderRules


def refusal() -> bytes:
    """The same bytes whatever was wrong, and as long as a good answer. Made when needed: they would take a hundredth of a small heap."""
    return write(ANSWER_FIELDS, type=REFUSAL, sealed=bytes(ANSWER_SEALED))


class RecorderHandshake:
    """One attempt."""

    def __init__(self, crypto: "Crypto", rules: "RecorderRules") -> None:
        self.session: Session | None = None
        self.failed = False
        self._crypto = crypto
        self._rules = rules
        self._sent = b""  # all messages so far, both ways
        self._next = HELLO

    def take(self, body: bytes) -> bytes:
        """The answer to a message: M1, M3, or the refusal, after which `failed` is set."""
        expected = self._next
        self._next = 0
        try:
            if expected == HELLO:
                return self._take_hello(body)
            if expected == PROOF:
                return self._take_proof(body)
        except ValueError:  # of the message, of the rules, or of a share of small order: the peer must not learn which
            pass
        self.failed = True
        self.session = None
        return refusal()

    def _take_hello(self, body: bytes) -> bytes:
        hello = read(HELLO_FIELDS, HELLO, body)
        versions = _numbers(hello["versions"])
        suites = [suite for suite in self._crypto.suites if suite in _numbers(hello["suites"])]
        if VERSION not in versions or not suites or hello["mode"] not in (DOCK, ENROL):
            raise HandshakeError("nothing in common")
        self._mode = hello["mode"]
        self._commitment = hello["commitment"]
        self._suite = suites[0]
        self._scalar = self._crypto.random(32)
        offer = write(
            OFFER_FIELDS,
            type=OFFER,
            version=VERSION,
            suite=self._suite,
            share=self._crypto.x25519_public(self._scalar),
            nonce=self._crypto.random(32),
        )
        self._sent = body + offer
        self._next = PROOF
        return offer

    def _take_proof(self, body: bytes) -> bytes:
        proof = read(PROOF_FIELDS, PROOF, body)
        if sha256(proof["share"] + proof["nonce"]).digest() != self._commitment:
            raise HandshakeError("not what was committed to")
        clear = write(PROOF_FIELDS[:3], type=PROOF, share=proof["share"], nonce=proof["nonce"])
        keys = Keys(self._crypto, self._suite, self._crypto.x25519(self._scalar, proof["share"]), self._sent + clear)
        self._scalar = b""
        station = read(STATION_FIELDS, None, keys.handshake_seal(STATION).open(proof["sealed"]))
        certificates = byte_strings(station["certificates"], CERTIFICATES_MAX)
        public = self._rules.station(self._mode, certificates, station["revocations"])
        keys.check(STATION, public, station["signature"])
        answer = self._answer(keys, station["salt"])
        self.session = keys.session(RECORDER, self._sent + body + answer, self._mode, public)
        return answer

    def _answer(self, keys: Keys, salt: bytes) -> bytes:
        identity = self._rules.identity(self._mode, salt)
        plain = write(
            RECORDER_FIELDS,
            certificates=byte_strings(identity.certificates, CERTIFICATES_MAX),
            signature=keys.sign(RECORDER, identity),
            key=identity.public,
        )
        room = ANSWER_SEALED - TAG_BYTES - (1 if self._suite == AES_CBC else 0) - 2 - len(plain)
        if room < 0:
            raise HandshakeError("the certificates are too long")
        padded = len(plain).to_bytes(2, "little") + plain + bytes(room)
        return write(ANSWER_FIELDS, type=ANSWER, sealed=keys.handshake_seal(RECORDER).close(padded))


def _numbers(items: list) -> list:
    if len(items) > LISTED_MAX or not all(isinstance(item, int) and not isinstance(item, bool) for item in items):
        raise HandshakeError("not a short list of numbers")
    return items
