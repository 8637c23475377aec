# SPDX-License-Identifier: Apache-2.0
"""The recorder's random generator: the board's source, checked, mixed with a seed that the key store carries from boot to boot."""

from hashlib import sha256

from sealcam.chain import keystore
from sealcam.crypto import health
from sealcam.crypto.drbg import Drbg
from sealcam.crypto.health import HealthFault

_CHECKED_BYTES = 1024
_DRAW = 32
_RESEED_EVERY = 256  # calls; each also ratchets


class Randomness:
    """`random(n)` gives n bytes. A source that fails at boot or at an enrolment makes nothing: HealthFault or OSError.

    One that fails later is only missed as refreshment: the generator, seeded from a good one, goes on, and `fault` holds the error until
    the source works again, to be signed.
    """

    def __init__(self, board, store, context: bytes) -> None:
        self._entropy = board.entropy
        self._last = b""
        self.fault: Exception | None = None
        samples = self._checked()
        carried = store.get(keystore.SEED) or b""
        self._drbg = Drbg(self._fresh(48), sha256(samples).digest(), carried + context)
        self._calls = 0

    def _checked(self) -> bytes:
        samples = self._entropy(_CHECKED_BYTES)
        health.check(samples)
        return samples

    def _fresh(self, n: int) -> bytes:
        """n bytes of the source, tested as they come. HealthFault, OSError."""
        drawn = self._entropy(n)
        health.check_draw(drawn, self._last)
        self._last = sha256(drawn[:_DRAW]).digest()
        return drawn

    def renew(self) -> None:
        """Before an identity is made: the whole start-up test again, and a new seed. HealthFault, OSError."""
        samples = self._checked()
        self._drbg.reseed(self._fresh(48), sha256(samples).digest())

    def carry(self, store) -> None:
        """Puts a new seed into the key store, so that a source that fails tomorrow finds something unknown."""
        store.change({keystore.SEED: self._drbg.random(32)})

    def random(self, n: int) -> bytes:
        self._calls += 1
        if self._calls % _RESEED_EVERY == 0:
            self._refresh()
        return self._drbg.random(n)

    def _refresh(self) -> None:
        try:
            self._drbg.reseed(self._fresh(_DRAW))
            self.fault = None
        except (HealthFault, OSError) as error:
            self.fault = error
