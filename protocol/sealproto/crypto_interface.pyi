# SPDX-License-Identifier: Apache-2.0
"""What the link asks of a cryptographic library; `suites` says what each method gives. Only the type checker reads this."""

from typing import Protocol

class Crypto(Protocol):
    suites: tuple[int, ...]
    def hmac(self, key: bytes, *parts: bytes) -> bytes: ...
    def extract(self, salt: bytes, ikm: bytes) -> bytes: ...
    def expand(self, prk: bytes, info: bytes, n: int) -> bytes: ...
    def encrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes: ...
    def decrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes: ...
    def x25519(self, scalar: bytes, u: bytes) -> bytes: ...
    def x25519_public(self, scalar: bytes) -> bytes: ...
    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool: ...
    def random(self, n: int) -> bytes: ...

class Identity(Protocol):
    """A side's own signing key: `certificates` are complete COSE objects, the root's not needed."""

    kid: bytes
    public: bytes
    certificates: list[bytes]
    def sign(self, message: bytes) -> bytes: ...

class RecorderRules(Protocol):
    """What the recorder's application decides during a handshake. Every method raises ValueError to refuse."""

    def station(self, mode: int, certificates: list[bytes], revocations: bytes | None) -> bytes:
        """The public key of a station that may dock."""
    def identity(self, mode: int, salt: bytes) -> Identity:
        """Called when the station has proved itself: who answers. The salt is 32 bytes for the generator."""

class StationRules(Protocol):
    """What the station decides."""

    def recorder(self, mode: int, certificates: list[bytes], key: bytes) -> None:
        """Refuses (any exception) a recorder that it does not know; `key` has signed the handshake."""
