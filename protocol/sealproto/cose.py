# SPDX-License-Identifier: Apache-2.0
"""COSE_Sign1 (RFC 9052 section 4.2), tag 18, in the one form that Sealdock signs and accepts.

Protected header {1: -8 (EdDSA), 3: content type, 4: kid}, unprotected header empty, no external data. The content type keeps one
kind of object from passing for another. Signing and checking of the signature itself are given in by the caller.
"""

from .cbor import TAG_SIGN1, CborError, Tag, decode, head

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

EDDSA = -8  # RFC 9053 section 2.2
KID_BYTES = 8  # first bytes of SHA-256(public key)
SIGNATURE_BYTES = 64

_PREFIX = "application/vnd.sealdock."
RECORD = _PREFIX + "record+cbor"
CERTIFICATE = _PREFIX + "certificate+cbor"
REVOCATIONS = _PREFIX + "revocations+cbor"
PROFILE = _PREFIX + "profile+cbor"
PROMPTS = _PREFIX + "prompts+cbor"
ASSIGNMENT = _PREFIX + "assignment+cbor"
RECEIPT = _PREFIX + "receipt+cbor"
CHECKPOINT = _PREFIX + "checkpoint+cbor"
HANDSHAKE = _PREFIX + "handshake+cbor"
MANIFEST = _PREFIX + "manifest+cbor"


class CoseError(ValueError):
    """Not a COSE_Sign1 in the one accepted form."""


class Sign1:
    """A parsed COSE_Sign1 whose signature has NOT been checked."""

    def __init__(self, content_type: str, kid: bytes, payload: bytes, signature: bytes, protected: bytes) -> None:
        self.content_type = content_type
        self.kid = kid
        self.payload = payload
        self.signature = signature
        self._protected = protected

    @property
    def signed(self) -> bytes:
        """The bytes that `signature` must cover; made anew each time, since they hold the whole payload once more."""
        return to_be_signed(self._protected, self.payload)


def protected_header(content_type: str, kid: bytes) -> bytes:
    """The encoded protected header: a map, not yet wrapped in a byte string."""
    name = content_type.encode()
    return b"".join((b"\xa3\x01\x27\x03", head(3, len(name)), name, b"\x04", head(2, len(kid)), kid))


def to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure of RFC 9052 section 4.4 as bytes."""
    return b"".join((b"\x84\x6aSignature1", head(2, len(protected)), protected, b"\x40", head(2, len(payload)), payload))


def sign1(content_type: str, kid: bytes, payload: bytes, sign: "Callable[[bytes], bytes]") -> bytes:
    """The complete tagged message. `sign` maps bytes to a signature of 64 bytes."""
    protected = protected_header(content_type, kid)
    signature = sign(to_be_signed(protected, payload))
    return b"".join(
        (
            b"\xd2\x84",
            head(2, len(protected)),
            protected,
            b"\xa0",
            head(2, len(payload)),
            payload,
            b"\x58\x40",
            signature,
        )
    )


def parse(data: bytes, content_type: str | None = None) -> Sign1:
    """Takes a message apart. CoseError when its form is off or its content type is not the one asked for."""
    try:
        message = decode(data)
    except CborError as error:
        raise CoseError(str(error))
    if not isinstance(message, Tag) or message.number != TAG_SIGN1:
        raise CoseError("not tag 18")
    parts = message.value
    if not isinstance(parts, list) or len(parts) != 4:
        raise CoseError("not four parts")
    protected, unprotected, payload, signature = parts
    if unprotected != {} or not isinstance(unprotected, dict):
        raise CoseError("unprotected header is not empty")
    if not isinstance(payload, bytes) or not isinstance(signature, bytes) or len(signature) != SIGNATURE_BYTES:
        raise CoseError("payload or signature missing")
    found, kid = _header(protected)
    if content_type is not None and found != content_type:
        raise CoseError("content type is " + found)
    return Sign1(found, kid, payload, signature, protected)


# The header read last and what it says: the records of an epoch have the same, and taking it apart is a tenth of taking a record apart.
_last: tuple = (b"", "", b"")


def _header(protected: object) -> tuple[str, bytes]:
    global _last
    if not isinstance(protected, bytes):
        raise CoseError("protected header missing")
    header, content_type, kid = _last
    if protected and protected == header:
        return content_type, kid
    content_type, kid = _take_apart(protected)
    _last = (protected, content_type, kid)
    return content_type, kid


def _take_apart(protected: bytes) -> tuple[str, bytes]:
    try:
        header = decode(protected)
    except CborError as error:
        raise CoseError(str(error))
    if not isinstance(header, dict) or len(header) != 3 or header.get(1) != EDDSA:
        raise CoseError("protected header is not {algorithm EdDSA, content type, kid}")
    content_type = header.get(3)
    kid = header.get(4)
    if not isinstance(content_type, str) or not isinstance(kid, bytes) or len(kid) != KID_BYTES:
        raise CoseError("content type or kid missing")
    return content_type, kid
