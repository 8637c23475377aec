# SPDX-License-Identifier: Apache-2.0
"""Certificates and revocation lists as the recorder reads them: form, issuer and signature, every time and strictly."""

from sealcam import ed25519
from sealcam.chain.signer import kid
from sealproto import cose, objects

_BUREAU = (objects.STATION, objects.RECIPIENT, objects.ESCROW, objects.PROFILE_SIGNER)


class TrustError(ValueError):
    """It does not lead to the bureau's root, was revoked, is out of date, or signs something else."""


def check(message: cose.Sign1, public: bytes) -> None:
    """TrustError unless this key signed it."""
    if message.kid != kid(public) or not ed25519.verify(public, message.signed, message.signature):
        raise TrustError("not signed by the key that should have")


def read(content_type: str, raw: bytes) -> tuple:
    """(message, fields) of a signed object; its signature is NOT checked. TrustError when it is none of that type."""
    try:
        return objects.read(content_type, raw)
    except objects.ObjectError as error:
        raise TrustError(str(error))


class Certificate:
    """One certificate, checked against the key of its issuer."""

    def __init__(self, raw: bytes, issuer: bytes) -> None:
        message, fields = read(cose.CERTIFICATE, raw)
        check(message, issuer)
        if fields["from"] > fields["until"]:
            raise TrustError("a certificate ends before it begins")
        self.raw = bytes(raw)
        self.fields: dict | None = fields  # None where only the rest is kept
        self.since = fields["from"]
        self.until = fields["until"]
        self.role = fields["role"]
        self.key = fields["key"]
        self.kid = kid(self.key)

    def valid_at(self, utc: int | None) -> bool:
        """Whether it is in date; an untrusted clock (None) cannot tell, and must not lock the bureau out."""
        return utc is None or self.since <= utc <= self.until


def bureau_certificate(raw: bytes, root: bytes) -> Certificate:
    """One of the certificates that a recorder keeps. TrustError for any other."""
    found = Certificate(raw, root)
    if found.role not in _BUREAU:
        raise TrustError("a certificate of a role that recorders do not keep")
    return found


class Revocations:
    """A revocation list, checked against the root. None stands for the empty list that a recorder begins with."""

    def __init__(self, raw: bytes | None, root: bytes | None) -> None:
        self.raw = raw
        self.number = 0
        self._entries: list = []
        if raw is not None:
            message, fields = read(cose.REVOCATIONS, raw)
            check(message, root)
            self.number = fields["number"]
            self._entries = [_entry(item) for item in fields["entries"]]

    def names(self, key_id: bytes, chain: bytes | None) -> bool:
        """Whether a key may no longer speak to this recorder. What it signed before, up to "last good", is the verifier's business."""
        return any(item[0] == key_id and item[1] in (None, chain) for item in self._entries)


def _entry(item: object) -> list:
    if not isinstance(item, list) or len(item) != 4 or not isinstance(item[0], bytes) or not isinstance(item[1], (bytes, type(None))):
        raise TrustError("a revocation list has a malformed entry")
    return item
