# SPDX-License-Identifier: Apache-2.0
"""Makes records: envelope, signature by the epoch key of now, durable append. And changes that key.

Rotation is safe at every cut: the next secret is stored first, then `rotate-key` is synced, then the old secret is erased. A boot that
finds both secrets asks the chain which one it named.
"""

import struct
from hashlib import sha256

from sealcam.chain import keystore
from sealcam.ed25519 import Key
from sealproto import cose, records

TYPE_CHECKING = False
if TYPE_CHECKING:  # the recorder has no `typing`
    from typing import Any

ROTATE_MS = 600_000
_NOISE_BYTES = 32
_HURRY = (records.SESSION_OPEN, records.RESUME)  # recording waits for them


def kid(public: bytes) -> bytes:
    """First 8 bytes of SHA-256(public key)."""
    return sha256(public).digest()[: cose.KID_BYTES]


class Signer:
    """`random(n)` gives the hedge of each nonce. `boot` is this boot's number."""

    def __init__(self, chain, store, clock, random) -> None:
        self._chain = chain
        self._store = store
        self._clock = clock
        self._random = random
        self.see: Any = None  # is shown every record once it is durable
        self.boot = 0
        self.epoch = -1
        self._key: Key | None = None
        self._rotated_ms = 0

    def load(self, epoch: int, public: bytes) -> None:
        """Takes the secret of the epoch that the chain names last. KeystoreError when the store does not hold it."""
        for name in (keystore.EPOCH, keystore.NEXT_EPOCH):
            raw = self._store.get(name)
            if raw and struct.unpack("<I", raw[:4])[0] == epoch:
                key = Key(raw[4:])
                if key.public == public:
                    return self._use(epoch, key)
        raise keystore.KeystoreError("no secret for the chain's last key")

    def _use(self, epoch: int, key: Key) -> None:
        self.epoch = epoch
        self._key = key
        self._rotated_ms = self._clock.ms()
        self._settle()

    def _settle(self) -> None:
        """Leaves in the store the one secret that signs: the named one takes the old one's place, one that the chain never named goes."""
        raw = self._store.get(keystore.NEXT_EPOCH)
        if raw is None:
            return
        named = struct.unpack("<I", raw[:4])[0] == self.epoch
        self._store.change({keystore.EPOCH: raw, keystore.NEXT_EPOCH: None} if named else {keystore.NEXT_EPOCH: None})

    def genesis(self, identity: Key, body: dict) -> bytes:
        """The record that a chain may begin with, signed by the identity key. Nothing is stored: an enrolment may still fail."""
        return self._record(records.chain_id(body), 0, records.ZERO_HASH, records.GENESIS, body, identity)

    def begin(self, genesis: bytes, seed: bytes) -> bytes:
        """Begins the chain with its genesis record, durable; `seed` is the first epoch's, already in the store. The chain's id."""
        record = records.Record(genesis)
        self._chain.append(genesis, 0, record.hash)
        self._chain.id = record.chain
        self.epoch = 0
        self._key = Key(seed)
        self._rotated_ms = self._clock.ms()
        if self.see:
            self.see(record)
        return record.chain

    def sign(self, record_type: int, **fields) -> int:
        """Signs and syncs one record and returns its sequence number."""
        return self._append(record_type, records.body(record_type, **fields), self._key)[0]

    def sign_raw(self, record_type: int, **fields) -> bytes:
        """The same, returning the record itself, for its copy on the card."""
        return self._append(record_type, records.body(record_type, **fields), self._key)[1]

    def _record(self, chain: bytes, seq: int, prev: bytes, record_type: int, body: dict, key: Key) -> bytes:
        payload = records.payload(chain, seq, prev, self.boot, self._clock.ms(), self._clock.utc(), record_type, body)
        return cose.sign1(cose.RECORD, kid(key.public), payload, lambda message: key.sign(message, self._random(_NOISE_BYTES)))

    def _append(self, record_type: int, body: dict, key: Key) -> tuple:
        seq = self._chain.seq + 1
        raw = self._record(self._chain.id, seq, self._chain.head, record_type, body, key)
        if len(raw) > records.MAX_RECORD_BYTES:
            raise ValueError("record is too long")
        self._chain.append(raw, seq, sha256(raw).digest(), record_type in _HURRY)
        if self.see:
            self.see(records.Record(raw))
        return seq, raw

    def seq(self) -> int:
        """Sequence number of the record signed last."""
        return self._chain.seq

    def rotate_due(self) -> bool:
        return self._clock.ms() - self._rotated_ms >= ROTATE_MS

    def rotate(self, reason: int) -> None:
        """Names a new key and erases the secret of the old one (records.ROTATE_*).

        OSError, KeystoreError, ChainError: the key that the chain names last signs on.
        """
        self._chain.demand_certain()  # else the secret that is erased may be the one that the next boot finds named
        self._settle()  # a store that failed the last time
        seed = self._random(32)
        self._store.change({keystore.NEXT_EPOCH: struct.pack("<I", self.epoch + 1) + seed})
        key = Key(seed)
        self.sign(records.ROTATE_KEY, epoch=self.epoch + 1, key=key.public, reason=reason)
        self._key.erase()
        self._use(self.epoch + 1, key)
