# SPDX-License-Identifier: Apache-2.0
"""Ed25519 (RFC 8032): keys that check what they sign, and strict verification.

Strict means: a signature of 64 bytes and a key of 32; S < L; the key canonical, on the curve and of prime order; R canonical
and not of small order; the equation without cofactor. So no key signs everything, no key has two names, and no record has
two signatures.
"""

from sealcam.curve25519.group import IDENTITY, combine, combines_to, decode, encode, multiples, multiply_base, negate, of_prime_order
from sealcam.curve25519.scalar import is_reduced, multiply_add, reduce
from sealcam.sha512 import sha512

_BLOCK = 128
_NOISE_MIN = 16
_PREFIX_BYTES = 32
_NOISE_MAX = _BLOCK - _PREFIX_BYTES - 1
_KEYS_REMEMBERED = 8

_checked = []  # (public key, multiples of the negated point), most recently used first, only keys that passed every check


class SignatureFault(RuntimeError):
    """A signature just made did not verify: the processor erred or was made to err. Nothing was released."""


class Key:
    """A signing key. The public key is derived here, once, and cannot be passed in: a wrong one would leak the secret."""

    def __init__(self, seed: bytes) -> None:
        """seed: the 32 secret bytes of RFC 8032 section 5.1.5. ValueError for another length, TypeError for no bytes."""
        if len(_bytes_like(seed)) != 32:
            raise ValueError("an Ed25519 seed has 32 bytes")
        self._secret = bytearray(sha512(seed))  # the clamped scalar, then the prefix
        self._secret[0] &= 248
        self._secret[31] = self._secret[31] & 127 | 64
        self._scalar = memoryview(self._secret)[:32]
        point = multiply_base(self._scalar)
        self.public = encode(point)
        self._negated = multiples(negate(point))

    def sign(self, message: bytes, noise: bytes) -> bytes:
        """The 64 bytes R || S over message, verified before they are returned.

        noise: 16 to 95 fresh random bytes, or b"" for RFC 8032 exactly. With noise, r = SHA-512(block || message) where
        block = prefix || noise || zeros || length of noise, 128 bytes: one block of the hash, so that noise and message cannot
        run into each other. SignatureFault when the check fails, ValueError after erase() or for noise of a wrong length.
        """
        _bytes_like(message)
        if not any(self._secret):
            raise ValueError("the key was erased")
        r = self._nonce(message, _bytes_like(noise))
        point = multiply_base(r)
        encoded_r = encode(point)
        signature = encoded_r + multiply_add(_challenge(encoded_r, self.public, message), self._scalar, r)
        r[:] = bytes(32)
        if not _holds(self.public, self._negated, message, signature, point):
            raise SignatureFault("a fresh signature did not verify")
        return signature

    def _nonce(self, message: bytes, noise: bytes) -> bytearray:
        if noise and not _NOISE_MIN <= len(noise) <= _NOISE_MAX:
            raise ValueError("noise has 16 to 95 bytes, or none")
        start = _BLOCK if noise else _PREFIX_BYTES
        text = bytearray(start + len(message))
        text[:_PREFIX_BYTES] = memoryview(self._secret)[32:]
        if noise:
            text[_PREFIX_BYTES : _PREFIX_BYTES + len(noise)] = noise
            text[_BLOCK - 1] = len(noise)
        text[start:] = message
        r = reduce(sha512(text))
        text[:] = bytes(len(text))
        return r

    def erase(self) -> None:
        """Overwrites the secret."""
        self._secret[:] = bytes(len(self._secret))


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether signature is a strictly valid signature of message by public. TypeError for what is not bytes-like."""
    for value in (public, message, signature):
        _bytes_like(value)
    if len(public) != 32 or len(signature) != 64:
        return False
    negated = _checked_key(bytes(public))
    return negated is not None and _holds(public, negated, message, signature)


def _bytes_like(value: bytes) -> bytes:
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise TypeError("bytes wanted")
    return value


def _challenge(encoded_r: bytes, public: bytes, message: bytes) -> bytearray:
    return reduce(sha512(bytes(encoded_r) + public + message))


def _checked_key(public: bytes) -> bytes | None:
    """Multiples of the negated point of a key, or None when the key is not canonical, on the curve and of prime order."""
    for i, (known, negated) in enumerate(_checked):
        if known == public:
            _checked.insert(0, _checked.pop(i))
            return negated
    point = decode(public)
    if point is None:
        return None
    negated = multiples(negate(point))
    if not of_prime_order(negated):
        return None
    _checked.insert(0, (public, negated))
    del _checked[_KEYS_REMEMBERED:]
    return negated


def _holds(public: bytes, negated: bytes, message: bytes, signature: bytes, point: bytes = b"") -> bool:
    """S < L, and S*B - k*A encodes to the very bytes of R. point: the one that R should be, which spares an inversion; it is not trusted.

    A being of prime order, so is S*B - k*A, or it is the neutral element. Equal bytes therefore mean that R is canonical,
    on the curve and of no small order, the neutral element excepted, which is refused by name.
    """
    encoded_r, s = bytes(signature[:32]), signature[32:]
    if not is_reduced(s):
        return False
    k = _challenge(encoded_r, public, message)
    if point:
        return point != IDENTITY and encode(point) == encoded_r and combines_to(point, s, k, negated)
    expected = combine(s, k, negated)
    return expected != IDENTITY and encode(expected) == encoded_r
