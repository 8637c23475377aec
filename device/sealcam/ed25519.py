# SPDX-License-Identifier: Apache-2.0
"""Ed25519 (RFC 8032): keys that check what they sign, and strict verification.

Strict means: a signature of 64 bytes and a key of 32; S < L; the key canonical, on the curve and of prime order; R canonical
and not of small order; the equation without cofactor. So no key signs everything, no key has two names, and no record has
two signatures.
"""

from sealcam.ed25519_comb import multiply_base, table
from sealcam.ed25519_curve import L, add, cached, decode, encode, multiply, negate, odd_multiples, of_prime_order
from sealcam.sha512 import sha512

_BLOCK = 128
_NOISE_MIN = 16
_PREFIX_BYTES = 32
_NOISE_MAX = _BLOCK - _PREFIX_BYTES - 1
_IDENTITY = b"\x01" + bytes(31)
_KEYS_REMEMBERED = 4

_checked = []  # (public key, odd multiples of its negative), most recently used first, only keys that passed every check


class SignatureFault(RuntimeError):
    """A signature just made did not verify: the processor erred or was made to err. Nothing was released."""


class Key:
    """A signing key. The public key is derived here, once, and cannot be passed in: a wrong one would leak the secret."""

    def __init__(self, seed: bytes) -> None:
        """seed: the 32 secret bytes of RFC 8032 section 5.1.5. ValueError for another length, TypeError for no bytes."""
        if len(_bytes_like(seed)) != 32:
            raise ValueError("an Ed25519 seed has 32 bytes")
        digest = bytearray(sha512(seed))  # the clamped scalar, then the prefix
        digest[0] &= 248
        digest[31] = digest[31] & 127 | 64
        self._secret = digest
        self.public = encode(multiply_base(self._scalar(), table()))
        self._multiples = _negative_multiples(self.public)

    def _scalar(self) -> int:
        return int.from_bytes(self._secret[:32], "little")

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
        encoded_r = encode(multiply_base(r, table()))
        k = _challenge(encoded_r, self.public, message)
        signature = encoded_r + ((r + k * self._scalar()) % L).to_bytes(32, "little")
        if not _holds(self.public, self._multiples, message, signature):
            raise SignatureFault("a fresh signature did not verify")
        return signature

    def _nonce(self, message: bytes, noise: bytes) -> int:
        if noise and not _NOISE_MIN <= len(noise) <= _NOISE_MAX:
            raise ValueError("noise has 16 to 95 bytes, or none")
        start = _BLOCK if noise else _PREFIX_BYTES
        text = bytearray(start + len(message))
        text[:_PREFIX_BYTES] = memoryview(self._secret)[32:]
        if noise:
            text[_PREFIX_BYTES : _PREFIX_BYTES + len(noise)] = noise
            text[_BLOCK - 1] = len(noise)
        text[start:] = message
        r = int.from_bytes(sha512(text), "little") % L
        text[:] = bytes(len(text))
        return r

    def erase(self) -> None:
        """Overwrites the secret. Copies that big-integer arithmetic left on the heap are beyond reach."""
        for i in range(len(self._secret)):
            self._secret[i] = 0


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether signature is a strictly valid signature of message by public. TypeError for what is not bytes-like."""
    for value in (public, message, signature):
        _bytes_like(value)
    if len(public) != 32 or len(signature) != 64:
        return False
    multiples = _checked_key(bytes(public))
    return multiples is not None and _holds(public, multiples, message, signature)


def _bytes_like(value: bytes) -> bytes:
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise TypeError("bytes wanted")
    return value


def _challenge(encoded_r: bytes, public: bytes, message: bytes) -> int:
    return int.from_bytes(sha512(bytes(encoded_r) + public + message), "little") % L


def _negative_multiples(public: bytes) -> list | None:
    point = decode(public)
    return None if point is None else odd_multiples(negate(point))


def _checked_key(public: bytes) -> list | None:
    """Multiples of the negated key, or None when the key is not canonical, on the curve and of prime order."""
    for i, (known, multiples) in enumerate(_checked):
        if known == public:
            _checked.insert(0, _checked.pop(i))
            return multiples
    multiples = _negative_multiples(public)
    if multiples is None or not of_prime_order(multiples):
        return None
    _checked.insert(0, (public, multiples))
    del _checked[_KEYS_REMEMBERED:]
    return multiples


def _holds(public: bytes, multiples: list, message: bytes, signature: bytes) -> bool:
    """S < L, and S*B - k*A encodes to the very bytes of R.

    A being of prime order, so is S*B - k*A, or it is the neutral element. Equal bytes therefore mean that R is canonical,
    on the curve and of no small order, the neutral element excepted, which is refused by name.
    """
    encoded_r = bytes(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if s >= L or encoded_r == _IDENTITY:
        return False
    k = _challenge(encoded_r, public, message)
    expected = add(multiply_base(s, table()), cached(multiply(k, multiples)))
    return encode(expected) == encoded_r
