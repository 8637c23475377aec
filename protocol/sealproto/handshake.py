# SPDX-License-Identifier: Apache-2.0
"""The handshake: SIGMA-I over X25519 and Ed25519, the recorder as initiator, so that the station proves itself first.

    M0  station   hello: versions, suites, SHA-256(Y || nonce), mode
    M1  recorder  version, suite, X, nonce               constant size, nothing of itself
    M2  station   Y, nonce, sealed{certificates, signature, revocations, salt}
    M3  recorder  sealed{certificates, signature}        or a refusal of the same size, whatever was wrong

The commitment in M0 binds the station's half before it has seen the recorder's, so six digits are enough to compare by ear. Version and
suite are part of what both sign: nobody can talk them down. This file holds what both sides share; docs/protocol.md has the bytes and the
argument.
"""

from hashlib import sha256

from . import cose
from .cbor import CborError, decode, encode
from .shape import ShapeError, pack, unpack
from .suites import KEY_BYTES, Seal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .crypto_interface import Crypto, Identity

VERSION = 1
DOCK = 0  # a mode of M0: take recordings
ENROL = 1  # make an identity and certify it

STATION = 1  # roles
RECORDER = 2

HELLO, OFFER, PROOF, ANSWER, REFUSAL = range(1, 6)
HELLO_FIELDS = (("type", "u"), ("versions", "a"), ("suites", "a"), ("commitment", "b32"), ("mode", "u"))
OFFER_FIELDS = (("type", "u"), ("version", "u"), ("suite", "u"), ("share", "b32"), ("nonce", "b32"))
PROOF_FIELDS = (("type", "u"), ("share", "b32"), ("nonce", "b32"), ("sealed", "b"))
ANSWER_FIELDS = (("type", "u"), ("sealed", "b"))  # also of a refusal, whose bytes are zeros
STATION_FIELDS = (("certificates", "a"), ("signature", "b"), ("revocations", "b~"), ("salt", "b32"))
RECORDER_FIELDS = (("certificates", "a"), ("signature", "b"), ("key", "b32"))
SIGNED_FIELDS = (("role", "u"), ("transcript", "b32"), ("mac", "b32"))

_LABEL = b"sealdock link 1 "
_NAMES = {STATION: b"station ", RECORDER: b"recorder "}


class HandshakeError(ValueError):
    """The peer's message was refused; the attempt is over."""


def read(fields: tuple, number: int | None, body: bytes) -> dict:
    """A message's fields by name. HandshakeError when it is another message, has other fields or another encoding."""
    try:
        named, unknown = unpack(fields, decode(body))
    except (CborError, ShapeError) as error:
        raise HandshakeError(str(error))
    if unknown or (number is not None and named["type"] != number):
        raise HandshakeError("not the message expected now")
    return named


def write(fields: tuple, **values: object) -> bytes:
    """The encoded message."""
    return encode(pack(fields, **values))


def byte_strings(items: list, most: int) -> list:
    """The list itself when it holds at most so many byte strings. HandshakeError otherwise."""
    if len(items) > most or not all(isinstance(item, bytes) for item in items):
        raise HandshakeError("not a short list of byte strings")
    return items


class Keys:
    """All that follows from the shared secret and the transcript of M0, M1 and the open part of M2."""

    def __init__(self, crypto: "Crypto", suite: int, shared: bytes, opening: bytes) -> None:
        self._crypto = crypto
        self._suite = suite
        self.transcript = sha256(opening).digest()
        self._prk = crypto.extract(self.transcript, shared)

    def handshake_seal(self, role: int) -> Seal:
        """What a role's only sealed handshake message is closed and opened with."""
        return Seal(self._crypto, self._suite, self._expand(_NAMES[role] + b"handshake", KEY_BYTES))

    def _expand(self, label: bytes, n: int) -> bytes:
        return self._crypto.expand(self._prk, _LABEL + label, n)

    def _mac(self, role: int, kid: bytes) -> bytes:
        return self._crypto.hmac(self._expand(_NAMES[role] + b"mac", 32), kid)

    def sign(self, role: int, identity: "Identity") -> bytes:
        """The COSE_Sign1 with which a role proves itself."""
        payload = write(SIGNED_FIELDS, role=role, transcript=self.transcript, mac=self._mac(role, identity.kid))
        return cose.sign1(cose.HANDSHAKE, identity.kid, payload, identity.sign)

    def check(self, role: int, public: bytes, raw: bytes) -> None:
        """HandshakeError unless raw is the proof of the role by this key in this handshake."""
        try:
            message = cose.parse(raw, cose.HANDSHAKE)
        except cose.CoseError as error:
            raise HandshakeError(str(error))
        if message.kid != sha256(public).digest()[:8] or not self._crypto.verify(public, message.signed, message.signature):
            raise HandshakeError("the signature is not valid")
        signed = read(SIGNED_FIELDS, None, message.payload)
        if (signed["role"], signed["transcript"], signed["mac"]) != (role, self.transcript, self._mac(role, message.kid)):
            raise HandshakeError("signed for another handshake")

    def session(self, role: int, everything: bytes, mode: int, peer: bytes) -> "Session":
        """What the handshake ends in, for this role. everything: all four messages; peer: public key of the other side."""
        whole = sha256(everything).digest()
        traffic = self._crypto.extract(whole, self._prk)
        seals = [
            Seal(self._crypto, self._suite, self._crypto.expand(traffic, _LABEL + _NAMES[sender] + b"traffic", KEY_BYTES))
            for sender in (role, STATION + RECORDER - role)
        ]
        return Session(seals[0], seals[1], mode, peer, digits(self._crypto, self._expand(b"digits", 32), self.transcript))


class Session:
    """An authenticated link: the seals of both directions, the mode, the peer's public key, and six digits to compare."""

    def __init__(self, out: Seal, into: Seal, mode: int, peer: bytes, digits: str) -> None:
        self.out = out
        self.into = into
        self.mode = mode
        self.peer = peer
        self.digits = digits


def digits(crypto: "Crypto", key: bytes, transcript: bytes) -> str:
    """Six decimal digits, each of the million equally likely: numbers beyond the last full million are drawn again.

    They stand on M0, M1 and the open part of M2 only. Everything in there was fixed while the other half was still unknown; a
    message that its sender may choose later, M3 above all, would let somebody in between try until the digits fit.
    """
    turn = 0
    while True:
        number = int.from_bytes(crypto.hmac(key, transcript, bytes([turn]))[:4], "big")
        if number < 4294 * 1000000:
            return "{:06d}".format(number % 1000000)
        turn += 1
