# SPDX-License-Identifier: Apache-2.0
"""The station's side of the handshake. States: HELLO sent, PROOF sent, done (`session` is set). Any error ends it.

shake = StationHandshake(crypto, identity, rules, revocations, DOCK)
send(shake.hello()); send(shake.take(receive())); shake.take(receive()); shake.session
"""

from hashlib import sha256

from .handshake import (
    ANSWER,
    ANSWER_FIELDS,
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
from .limits import CERTIFICATES_MAX, MESSAGE_MAX_BEFORE
from .suites import SealError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .crypto_interface import Crypto, Identity, StationRules


class Refused(HandshakeError):
    """The recorder answered with a refusal: it does not trust this station, or not now. It never says why."""


class StationHandshake:
    """One attempt."""

    def __init__(self, crypto: "Crypto", identity: "Identity", rules: "StationRules", revocations: bytes | None, mode: int) -> None:
        self.session: Session | None = None
        self._crypto = crypto
        self._identity = identity
        self._rules = rules
        self._revocations = revocations
        self._mode = mode
        self._scalar = crypto.random(32)
        self._share = crypto.x25519_public(self._scalar)
        self._nonce = crypto.random(32)
        self._salt = crypto.random(32)
        self._sent = b""  # all messages so far, both ways
        self._next = OFFER

    def hello(self) -> bytes:
        """M0."""
        commitment = sha256(self._share + self._nonce).digest()
        self._sent = write(
            HELLO_FIELDS, type=HELLO, versions=[VERSION], suites=list(self._crypto.suites), commitment=commitment, mode=self._mode
        )
        return self._sent

    def take(self, body: bytes) -> bytes | None:
        """M1 gives M2; M3 gives None and sets `session`. HandshakeError, Refused, or what the rules raise."""
        expected = self._next
        self._next = 0
        if expected == OFFER:
            return self._take_offer(body)
        if expected == ANSWER:
            self._take_answer(body)
            return None
        raise HandshakeError("the attempt is over")

    def _take_offer(self, body: bytes) -> bytes:
        self._refusal(body)
        offer = read(OFFER_FIELDS, OFFER, body)
        if offer["version"] != VERSION or offer["suite"] not in self._crypto.suites:
            raise HandshakeError("the recorder chose what was not offered")
        clear = write(PROOF_FIELDS[:3], type=PROOF, share=self._share, nonce=self._nonce)
        try:
            shared = self._crypto.x25519(self._scalar, offer["share"])
        except ValueError:
            raise HandshakeError("the recorder's share is of small order")
        self._keys = Keys(self._crypto, offer["suite"], shared, self._sent + body + clear)
        proof = write(PROOF_FIELDS, type=PROOF, share=self._share, nonce=self._nonce, sealed=self._prove())
        if len(proof) > MESSAGE_MAX_BEFORE:
            self._revocations = None  # a long list goes over afterwards
            self._keys = Keys(self._crypto, offer["suite"], shared, self._sent + body + clear)
            proof = write(PROOF_FIELDS, type=PROOF, share=self._share, nonce=self._nonce, sealed=self._prove())
        self._sent += body + proof
        self._next = ANSWER
        return proof

    def _prove(self) -> bytes:
        plain = write(
            STATION_FIELDS,
            certificates=self._identity.certificates,
            signature=self._keys.sign(STATION, self._identity),
            revocations=self._revocations,
            salt=self._salt,
        )
        return self._keys.handshake_seal(STATION).close(plain)

    def _take_answer(self, body: bytes) -> None:
        self._refusal(body)
        answer = read(ANSWER_FIELDS, ANSWER, body)
        try:
            plain = self._keys.handshake_seal(RECORDER).open(answer["sealed"])
        except SealError as error:
            raise HandshakeError(str(error))
        size = int.from_bytes(plain[:2], "little")
        proof = read(RECORDER_FIELDS, None, plain[2 : 2 + size])
        if any(plain[2 + size :]):
            raise HandshakeError("the recorder's answer is not padded with zeros")
        self._keys.check(RECORDER, proof["key"], proof["signature"])
        self._rules.recorder(self._mode, byte_strings(proof["certificates"], CERTIFICATES_MAX), proof["key"])
        self.session = self._keys.session(STATION, self._sent + body, self._mode, proof["key"])

    def _refusal(self, body: bytes) -> None:
        if body[:3] == b"\xa2\x00" + bytes([REFUSAL]):
            raise Refused("the recorder refuses this station")
