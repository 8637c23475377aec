# SPDX-License-Identifier: Apache-2.0
"""The recorder's random generator: the board's source, checked, mixed with a seed that the key store carries from boot to boot."""

from hashlib import sha256

from sealcam import health, keystore
from sealcam.drbg import Drbg

_CHECKED_BYTES = 1024
_RESEED_EVERY = 256  # calls; each also ratchets


class Randomness:
    """`random(n)` gives n bytes. Raises HealthFault or OSError when the source is not to be trusted: fail closed."""

    def __init__(self, board, store, context: bytes) -> None:
        self._entropy = board.entropy
        samples = self._entropy(_CHECKED_BYTES)
        health.check(samples)
        carried = store.get(keystore.SEED) or b""
        self._drbg = Drbg(self._entropy(48), sha256(samples).digest(), carried + context)
        self._calls = 0

    def carry(self, store) -> None:
        """Puts a new seed into the key store, so that a source that fails tomorrow finds something unknown."""
        store.change({keystore.SEED: self._drbg.random(32)})

    def random(self, n: int) -> bytes:
        self._calls += 1
        if self._calls % _RESEED_EVERY == 0:
            self._drbg.reseed(self._entropy(32))
        return self._drbg.random(n)

    def mix(self, salt: bytes) -> None:
        """Adds what a station sent; it cannot make the generator worse."""
        self._drbg.reseed(self._entropy(32), salt)
