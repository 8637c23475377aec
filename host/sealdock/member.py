# SPDX-License-Identifier: Apache-2.0
"""A station as one of its bureau's: it asks the root for certificates, and takes what the root sends round.

New keys wait in station/next/ until a circular certifies them. Then the former recipient key stays beside the new one, since it opens
what was sealed for it; the former signing key is replaced. Each step is one rename, and `accept` may be run again after any cut.
"""

import os
from dataclasses import dataclass
from hashlib import sha256

from sealdock import durable, keys, setup
from sealdock.bureau import BureauError, Circular, check_number, make_request, read_circular
from sealdock.clock import now_ms
from sealdock.errors import SealdockError
from sealdock.home import FOLDERS, Home
from sealdock.keys import AgreementKey, SigningKey
from sealdock.log import PROFILE_SET, Log
from sealdock.station import Station, read_sequence
from sealdock.text import say
from sealdock.trust import TrustStore, find_root, kid
from sealproto import cose, objects

_STATION, _RECIPIENT = "station.key", "recipient.key"


@dataclass(frozen=True)
class Accepted:
    """What a circular changed here."""

    fresh: bool = False  # the station was set up by it
    keys: bool = False  # the waiting keys are in use now
    certificates: int = 0  # new ones
    revocations: int | None = None  # the list's number, when it is newer
    profile: bool = False


def request(home: Home, name: str | None = None) -> tuple[bytes, str]:
    """Makes this station's next keys, or takes those that wait already; (request file, its check number)."""
    durable.make_folder(home.next)
    station, recipient = _waiting(home)
    raw = make_request(station, recipient, name, now_ms())
    return raw, check_number(raw)


def _waiting(home: Home) -> tuple[SigningKey, AgreementKey]:
    paths = home.next / _STATION, home.next / _RECIPIENT
    if not paths[0].exists():
        keys.save(SigningKey.generate(), paths[0])
    if not paths[1].exists():
        keys.save(AgreementKey.generate(), paths[1])
    return keys.load_signing(paths[0]), keys.load_agreement(paths[1])


def accept(home: Home, raw: bytes, digest: bytes | None = None) -> Accepted:
    """Takes a circular. A new station needs the root's fingerprint (32 bytes) to know whose it is. SealdockError, nothing changed."""
    if not home.certificates.exists():
        return _join(home, raw, digest)
    with home.lock():
        certificates = read_sequence(home.certificates)
        root = find_root(certificates, None)
        circular = read_circular(raw, digest)
        if root is None or circular.root != root:
            raise BureauError(say("circular-root"))
        done = _update(home, circular, certificates)
        return Accepted(keys=_install(home, circular), **done)


def _join(home: Home, raw: bytes, digest: bytes | None) -> Accepted:
    if digest is None:
        raise BureauError(say("root-wanted"))
    if not (home.next / _STATION).exists():
        raise BureauError(say("no-request", path=home.path))
    circular = read_circular(raw, digest)
    _demand_certified(home, circular)
    for folder in FOLDERS:
        durable.make_folder(home.path / folder)
    with home.lock():
        setup.furnish(home, circular, keys.load_signing(home.next / _STATION).kid, now_ms())
        _install(home, circular)
    return Accepted(True, True, len(circular.certificates), circular.store.revocations_number, True)


def _demand_certified(home: Home, circular: Circular) -> None:
    station, recipient = _waiting(home)
    circular.store.find(station.kid, objects.STATION, at=now_ms())
    circular.store.find(recipient.kid, objects.RECIPIENT, at=now_ms())


def _update(home: Home, circular: Circular, known: list[bytes]) -> dict:
    """Certificates are only ever added. A list, or rules, older than those held are no reason to refuse the rest."""
    done: dict = {}
    new = [item for item in circular.certificates if item not in known]
    if new:
        durable.write_file(home.certificates, b"".join([*known, *new]))
        done["certificates"] = len(new)
    held = TrustStore(circular.root)
    held.set_revocations(home.revocations.read_bytes())
    if circular.store.revocations_number > held.revocations_number:
        durable.write_file(home.revocations, circular.revocations)
        done["revocations"] = circular.store.revocations_number
    old = objects.read(cose.PROFILE, home.profile_object.read_bytes())[1]
    if objects.read(cose.PROFILE, circular.profile)[1]["number"] > old["number"]:
        _new_profile(home, circular)
        done["profile"] = True
    return done


def _new_profile(home: Home, circular: Circular) -> None:
    """The former one stays under the first digits of its hash: sessions name it."""
    former = home.profile_object.read_bytes()
    name = sha256(former).hexdigest()[:16]
    durable.write_file(home.profile / f"{name}.cbor", former)
    durable.write_file(home.profile / f"{name}.toml", home.profile_source.read_bytes())
    durable.write_file(home.profile_source, circular.source)
    durable.write_file(home.profile_object, circular.profile)
    Log(home.log).append(PROFILE_SET, sha256(circular.profile).digest(), now_ms())


def _install(home: Home, circular: Circular) -> bool:
    """Puts the waiting keys in use when they are certified; whether there were any."""
    waiting = [path for path in (home.next / _RECIPIENT, home.next / _STATION) if path.exists()]
    if not waiting:
        return False
    for path in waiting:  # after a cut one of them may be in use already
        is_station = path.name == _STATION
        public = (keys.load_signing(path) if is_station else keys.load_agreement(path)).public
        try:
            circular.store.find(kid(public), objects.STATION if is_station else objects.RECIPIENT, at=now_ms())
        except SealdockError:
            return False
    _keep_former(home)
    for path in waiting:  # the signing key last: with it the station exists
        os.rename(path, home.station / path.name)
        durable.sync_folder(home.station)
        durable.sync_folder(home.next)
    return True


def _keep_former(home: Home) -> None:
    if home.recipient_key.exists():
        former = keys.load_agreement(home.recipient_key)
        path = home.station / f"recipient-{former.kid.hex()}.key"
        if not path.exists():
            keys.save(former, path)


def renew_prompts(station: Station) -> None:
    """Signs the prompts anew after the station's key changed: recorders take them only from a key that still counts."""
    from sealdock.promptstore import sign

    present = station.prompts
    if present is not None and objects.read(cose.PROMPTS, present[0])[0].kid != station.key.kid:
        fields = objects.read(cose.PROMPTS, present[0])[1]
        fields.pop("version")
        sign(station, fields, present[1])
