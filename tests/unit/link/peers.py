# SPDX-License-Identifier: Apache-2.0
"""Two sides of a handshake with real cryptography and fixed randomness, on both interpreters.

On CPython the primitives are the station's (libsodium, OpenSSL), on MicroPython the recorder's own.
"""

import sys
from hashlib import sha256

from line_model import Random

from sealproto import cose, objects
from sealproto.channel import Channel
from sealproto.handshake import DOCK
from sealproto.handshake_recorder import RecorderHandshake
from sealproto.handshake_station import StationHandshake

if sys.implementation.name == "micropython":
    from sealcam.dock.link_crypto import LinkCrypto as RealCrypto
    from sealcam.ed25519 import Key

    def make_crypto(random):
        return RealCrypto(random.bytes)

    def make_key(seed):
        key = Key(seed)
        return key.public, lambda message: key.sign(message, b"")

else:
    from sealdock.keys import SigningKey
    from sealdock.link.crypto import LinkCrypto as RealCrypto

    def make_crypto(random):
        crypto = RealCrypto()
        crypto.random = random.bytes
        return crypto

    def make_key(seed):
        key = SigningKey(seed)
        return key.public, key.sign


SUITES = make_crypto(Random(0)).suites  # a board without AES has only one


class Signer:
    """A key and its certificates."""

    def __init__(self, seed: int, certificates: tuple = ()) -> None:
        self.public, self.sign = make_key(sha256(bytes([seed])).digest())
        self.kid = sha256(self.public).digest()[:8]
        self.certificates = list(certificates)

    def certify(self, role: int, key: bytes, serial: int) -> bytes:
        values = {"role": role, "key": key, "serial": serial, "from": 0, "until": 1 << 42, "name": None}
        values["chain"] = values["genesis"] = bytes(32) if role == objects.RECORDER else None
        for name in ("board", "abilities", "predecessor"):
            values[name] = None
        return objects.make(cose.CERTIFICATE, self.kid, self.sign, **values)


ROOT = Signer(1)
STATION = Signer(2)
STATION.certificates = [ROOT.certify(objects.STATION, STATION.public, 1)]
IDENTITY = Signer(3)
IDENTITY.certificates = [STATION.certify(objects.RECORDER, IDENTITY.public, 2), STATION.certificates[0]]
STRANGER = Signer(4)
STRANGER.certificates = [STRANGER.certify(objects.STATION, STRANGER.public, 1)]


class Rules:
    """Both sides' decisions: one root. Counts what the recorder was made to touch."""

    def __init__(self, crypto, identity=IDENTITY) -> None:
        self.crypto = crypto
        self.answerer = identity
        self.touched = 0

    def station(self, mode: int, certificates: list, revocations) -> bytes:
        message, fields = objects.read(cose.CERTIFICATE, certificates[0])
        if message.kid != ROOT.kid or not self.crypto.verify(ROOT.public, message.signed, message.signature):
            raise ValueError("not of this root")
        if fields["role"] != objects.STATION or (revocations and STATION.kid in revocations):
            raise ValueError("no station, or revoked")
        return fields["key"]

    def identity(self, mode: int, salt: bytes):
        self.touched += 1
        return self.answerer

    def recorder(self, mode: int, certificates: list, key: bytes) -> None:
        message, fields = objects.read(cose.CERTIFICATE, certificates[0])
        if message.kid != STATION.kid or not self.crypto.verify(STATION.public, message.signed, message.signature):
            raise ValueError("not of this bureau")
        if fields["key"] != key:
            raise ValueError("another recorder's certificate")


def pair(seed: int = 1, station=STATION, identity=IDENTITY, mode: int = DOCK, revocations=None, suites=None) -> tuple:
    """A station and a recorder ready to shake hands, with randomness from the seed."""
    crypto = make_crypto(Random(seed))
    other = make_crypto(Random(seed + 1000))
    if suites:
        crypto.suites = suites
    return (
        StationHandshake(crypto, station, Rules(crypto), revocations, mode),
        RecorderHandshake(other, Rules(other, identity)),
    )


def shake(station, recorder) -> list:
    """All four messages of a good handshake."""
    m0 = station.hello()
    m1 = recorder.take(m0)
    m2 = station.take(m1)
    m3 = recorder.take(m2)
    station.take(m3)
    return [m0, m1, m2, m3]


def channels(station, recorder) -> tuple:
    return Channel(station.session), Channel(recorder.session)
