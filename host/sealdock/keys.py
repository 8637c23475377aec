# SPDX-License-Identifier: Apache-2.0
"""The station's Ed25519 and X25519: strict verification, thin key objects, private keys as files.

libsodium (through PyNaCl) does the arithmetic. It accepts a key of mixed order, so the checks of RFC 8032 that it leaves out
are made here: see check_signature(). `cryptography` gives an independent second opinion.
"""

import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl import bindings
from nacl.exceptions import BadSignatureError
from nacl.exceptions import RuntimeError as SodiumError

from sealdock import durable
from sealdock.errors import SealdockError, SignatureError
from sealdock.text import say

_L = 2**252 + 27742317777372353535851937790883648493
_NEUTRAL = b"\x01" + bytes(31)
_KEYS_REMEMBERED = 4096
_paranoid: ContextVar[bool] = ContextVar("paranoid", default=False)


def check_signature(public: bytes, message: bytes, signature: bytes) -> None:
    """Raises SignatureError unless signature (64 bytes) is a strictly valid Ed25519 signature of message by public (32 bytes).

    Strict: S < L; the key canonical, on the curve, of prime order (checked once per key); R canonical and not of small
    order; the equation without cofactor. The last comparison is one of bytes, and with a key of prime order S*B - k*A lies in
    the prime subgroup, so R can only be of small order by being the neutral element. TypeError for what is not bytes.
    """
    _check_form(public, message, signature)
    try:
        bindings.crypto_sign_open(signature + message, public)
    except BadSignatureError:
        raise SignatureError(say("signature-wrong")) from None
    if _paranoid.get():
        second_opinion(public, message, signature)


@contextmanager
def paranoid() -> Iterator[None]:
    """Inside, every signature must hold for both libraries: what one of them lets through by mistake the other refuses."""
    token = _paranoid.set(True)
    try:
        yield
    finally:
        _paranoid.reset(token)


def second_opinion(public: bytes, message: bytes, signature: bytes) -> None:
    """The same verdict as check_signature() with `cryptography` doing the arithmetic; raises SignatureError."""
    _check_form(public, message, signature)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise SignatureError(say("signature-wrong")) from None


def _check_form(public: bytes, message: bytes, signature: bytes) -> None:
    if not (isinstance(public, bytes) and isinstance(message, bytes) and isinstance(signature, bytes)):
        raise TypeError("key, message and signature are bytes")
    if len(signature) != 64:
        raise SignatureError(say("signature-length"))
    if int.from_bytes(signature[32:], "little") >= _L:
        raise SignatureError(say("signature-s"))
    if signature[:32] == _NEUTRAL:
        raise SignatureError(say("signature-r"))
    if not _good_key(public):
        raise SignatureError(say("public-key"))


@lru_cache(maxsize=_KEYS_REMEMBERED)
def _good_key(public: bytes) -> bool:
    return len(public) == 32 and bool(bindings.crypto_core_ed25519_is_valid_point(public))


def kid(public: bytes) -> bytes:
    """The key identifier of signed objects: the first 8 bytes of SHA-256(public key)."""
    return sha256(public).digest()[:8]


class SigningKey:
    """An Ed25519 private key. Equal seeds give equal signatures (RFC 8032)."""

    KIND = "ed25519"

    def __init__(self, seed: bytes) -> None:
        """seed: 32 secret bytes; ValueError for another length."""
        if len(seed) != 32:
            raise ValueError("an Ed25519 seed has 32 bytes")
        self.private = seed
        self.public, self._pair = bindings.crypto_sign_seed_keypair(seed)

    @classmethod
    def generate(cls) -> "SigningKey":
        return cls(secrets.token_bytes(32))

    @property
    def kid(self) -> bytes:
        return kid(self.public)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature, checked before it is returned."""
        signature = bindings.crypto_sign(message, self._pair)[:64]
        check_signature(self.public, message, signature)
        return signature


class AgreementKey:
    """An X25519 private key."""

    KIND = "x25519"

    def __init__(self, scalar: bytes) -> None:
        """scalar: 32 secret bytes; ValueError for another length."""
        if len(scalar) != 32:
            raise ValueError("an X25519 private key has 32 bytes")
        self.private = scalar
        self.public = bindings.crypto_scalarmult_base(scalar)

    @classmethod
    def generate(cls) -> "AgreementKey":
        return cls(secrets.token_bytes(32))

    @property
    def kid(self) -> bytes:
        return kid(self.public)

    def find(self, key_id: bytes) -> "AgreementKey | None":
        """Itself, when this is its kid."""
        return self if key_id == self.kid else None

    def agree(self, public: bytes) -> bytes:
        """The 32-byte shared secret; ValueError for a wrong length and for the all-zero secret."""
        if len(public) != 32:
            raise ValueError("an X25519 public key has 32 bytes")
        try:
            return bindings.crypto_scalarmult(self.private, public)
        except SodiumError:
            raise ValueError("the public key gives an all-zero secret") from None


class Keyring:
    """Several X25519 private keys: the present one first, then those that it replaced, which still open what was sealed for them."""

    def __init__(self, keys: Sequence[AgreementKey]) -> None:
        self.keys = list(keys)

    def find(self, key_id: bytes) -> AgreementKey | None:
        """The key with this kid."""
        return next((key for key in self.keys if key.kid == key_id), None)


Opener = AgreementKey | Keyring  # what opens content keys


def save(key: SigningKey | AgreementKey, path: Path) -> None:
    """Writes a new file of mode 0600 with one line, "KIND HEX", durably or not at all.

    SealdockError when the file exists: a private key is never overwritten. OSError.
    """
    if path.exists():
        raise SealdockError(say("private-key-exists", path=path))
    durable.write_file(path, f"{key.KIND} {key.private.hex()}\n".encode("ascii"))


def load_signing(path: Path) -> SigningKey:
    """The Ed25519 key of a file that save() wrote. SealdockError when it is missing, readable by others, or something else."""
    return SigningKey(_load(path, SigningKey.KIND))


def load_agreement(path: Path) -> AgreementKey:
    """The X25519 key of a file that save() wrote; errors as for load_signing()."""
    return AgreementKey(_load(path, AgreementKey.KIND))


def _load(path: Path, kind: str) -> bytes:
    try:
        with open(path, encoding="ascii") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise SealdockError(say("private-key-open", path=path))
            words = file.read(128).split(" ")
        if len(words) != 2 or words[0] != kind or len(words[1]) != 65:
            raise ValueError
        return bytes.fromhex(words[1])
    except OSError as error:
        raise SealdockError(say("private-key", path=path, why=error.strerror)) from error
    except ValueError:
        raise SealdockError(say("private-key-kind", path=path, kind=kind)) from None
