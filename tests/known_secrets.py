# SPDX-License-Identifier: Apache-2.0
"""Every secret of a simulated recorder, as a test knows them: the station opens content keys, the key store shows each epoch's seed while
it is in use, and a record's signature tells its nonce to whoever has the seed.
"""

from collections.abc import Mapping
from hashlib import sha512

from nacl import bindings

from sealdock import chain, sealing
from sealdock.archive import media, sessions
from sealdock.archive.media import Segment
from sealdock.station import Station
from sealproto import derive
from sealproto import records as rec

ORDER = 2**252 + 27742317777372353535851937790883648493  # of the base point (RFC 8032 section 5.1)
_EPOCH, _NEXT_EPOCH = 2, 3  # entries of the key store


def epoch_seeds(store: bytes, block_bytes: int) -> dict[int, bytes]:
    """Every epoch's seed that lies anywhere in a key store (sealcam.chain.keystore), by epoch: what a thief reads from its chip."""
    found = {}
    for start in range(0, len(store), block_bytes):
        block = store[start : start + block_bytes]
        at = 8
        while block[:4] == b"SLKY" and at + 3 <= len(block) and block[at] not in (0, 0xFF):
            name, size = block[at], int.from_bytes(block[at + 1 : at + 3], "little")
            if name in (_EPOCH, _NEXT_EPOCH):
                value = block[at + 3 : at + 3 + size]
                found[int.from_bytes(value[:4], "little")] = value[4:]
            at += 3 + size
    return found


def epoch_key(number: int) -> set[str]:
    """Names of what a recorder that is switched on holds of its present key, in key store and signer."""
    return {f"epoch {number} {name}" for name in ("seed", "scalar", "prefix")}


def part_keys(number: int) -> set[str]:
    """Names of what it holds while it records a part of a session, whatever segment it is at."""
    return {f"part {number} content key", f"part {number} tag key"}


class Secrets(dict[str, bytes]):
    """Name -> the bytes of a secret."""

    def add_epoch(self, number: int, seed: bytes) -> None:
        """The seed of an epoch's key and what RFC 8032 section 5.1.5 makes of it."""
        expanded = sha512(seed).digest()
        self[f"epoch {number} seed"] = seed
        self[f"epoch {number} scalar"] = _clamped(expanded)
        self[f"epoch {number} comb"] = _comb(_clamped(expanded))
        self[f"epoch {number} prefix"] = expanded[32:]

    def add_agreement(self, name: str, scalar: bytes) -> None:
        """An X25519 private key (RFC 7748 section 5)."""
        self[name] = scalar
        self[f"{name}'s comb"] = _comb(_clamped(scalar))

    def add_last_session(self, station: Station, seeds: Mapping[int, bytes]) -> None:
        """Of the last session that the station has: its parts' keys. Of the known epochs: keys, and nonces of all records."""
        for number, seed in seeds.items():
            self.add_epoch(number, seed)
        (recorder,) = station.archive.recorders()
        self._add_nonces(list(station.archive.records(recorder.chain)), seeds)
        session = max(sessions.sessions(station.archive), key=lambda one: one.first_seq)
        segments = media.segments(station.archive, chain=recorder.chain, session=session.session)
        for part in sorted({segment.part for segment in segments}):
            self._add_part(station, [segment for segment in segments if segment.part == part])
        for record in sessions.records(station.archive, session):
            if record.type in (rec.SESSION_OPEN, rec.RESUME):
                self._add_wrap(station, record.fields or {})

    def _add_nonces(self, raws: list[bytes], seeds: Mapping[int, bytes]) -> None:
        at = chain.begin(raws[0])[1]
        for raw in raws[1:]:
            epoch = at.epoch
            record, at = chain.follow(at, raw)
            if epoch in seeds:
                nonce = _nonce(seeds[epoch], record)
                self[f"epoch {epoch} nonce of record {record.seq}"] = nonce
                self[f"epoch {epoch} comb of record {record.seq}'s nonce"] = _comb(nonce)

    def _add_part(self, station: Station, segments: list[Segment]) -> None:
        """The content key and what follows from it (sealproto.derive)."""
        name = f"part {segments[0].part}"
        content = media.content_key(station.archive, segments[0], station.recipient)
        assert content
        self[f"{name} content key"] = content
        self[f"{name} tag key"] = derive.tag_key(sealing.expand, content)
        for segment in range(max(one.number for one in segments) + 2):  # the last of them was begun and dropped
            key = sealing.segment_key(content, segment)
            self[f"{name} segment {segment} key"] = key
            for kind, value in zip(("cipher", "IV"), derive.cipher_keys(sealing.expand, key), strict=True):
                self[f"{name} segment {segment} {kind} key"] = value

    def _add_wrap(self, station: Station, fields: dict) -> None:
        """What opens the content key for a recipient of this station: the shared secret and the keys that follow from it."""
        part = fields.get("part", 0)
        ephemeral, wraps = fields["wraps"]
        recipient = next(key for kid, _ in wraps if (key := station.recipient.find(kid)))
        shared = recipient.agree(ephemeral)
        extracted = sealing.extract(b"", shared)
        self[f"part {part} shared secret"] = shared
        self[f"part {part} extracted key"] = extracted
        self[f"part {part} wrapping key"] = sealing.expand(extracted, derive.kek_info(fields["session"], part), 32)


def _nonce(seed: bytes, record: rec.Record) -> bytes:
    """The nonce of a record's signature by the key of `seed`: who has it computes the key. AssertionError when it is not that key's."""
    signature = record.sign1.signature
    public = bindings.crypto_sign_seed_keypair(seed)[0]
    scalar = int.from_bytes(_clamped(sha512(seed).digest()), "little")
    challenge = int.from_bytes(sha512(signature[:32] + public + record.sign1.signed).digest(), "little")
    nonce = ((int.from_bytes(signature[32:], "little") - challenge * scalar) % ORDER).to_bytes(32, "little")
    assert bindings.crypto_scalarmult_ed25519_base_noclamp(nonce) == signature[:32]
    return nonce


def _clamped(scalar: bytes) -> bytes:
    return bytes([scalar[0] & 248, *scalar[1:31], scalar[31] & 127 | 64])


def _comb(scalar: bytes) -> bytes:
    """The digits of a scalar as its multiplication takes them: sealcam.curve25519.scalar.signs()."""
    total = int.from_bytes(scalar, "little") + (2**256 - 1) % ORDER
    return ((total + ORDER if total & 1 else total) // 2).to_bytes(32, "little")
